"""From tables to queries: SQLGlot expressions derived from the declarations.

Here belong flattening, normalising and the audits that checks run. What does not: Dagster, a
connection, anything that runs a query. What differs between engines is in `dialects.py` alone.
"""
