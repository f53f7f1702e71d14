"""What a person reads about the tables, made from their declarations alone.

Here belongs what turns declarations into documents, such as the entity-relationship diagram. What
does not: Dagster, any engine, any row of data. The same declarations give the same bytes.
"""
