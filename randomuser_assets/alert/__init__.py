"""Alerts: what is wrong, what of it is news, the words for it, and how they reach an address.

Here belongs all that can be said of an alert without knowing where problems are found. What does
not: Dagster; reading runs, checks and freshness is the business of graph.
"""
