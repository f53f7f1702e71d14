"""The dbt project of the star schema, what dbt is told of it, and how dbt is run.

What the tables are is declared in model/marts.py; how each is made is in models/. Here belongs
nothing of Dagster: whoever has dbt can build all of it with `dbt build` in this folder.
"""
