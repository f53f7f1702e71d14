"""The Dagster side: assets, checks, partitions, jobs and schedules.

Here belongs how the parts become a graph. What does not: SQL, HTTP, files, and what the tables
are; those are in query, source, export and model.
"""
