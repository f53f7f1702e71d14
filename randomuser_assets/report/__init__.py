"""What is told of the warehouse on a page: figures, words, charts, and the server of the folder.

Here belongs what a report shows and how it looks. What does not: Dagster (graph/reports.py makes
the page an asset), and anything that writes to the warehouse.
"""
