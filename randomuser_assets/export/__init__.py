"""Files for others: CSV.

Here belong the formats and how a file is written whole. Which asset writes which file, and when,
is said in graph.
"""
