"""The population report: aggregates of the marts, and a page on which they are looked at.

Here belongs how people are counted and shown. What a person of the marts is, and all checking of
it, is elsewhere (model/marts.py, graph/): nothing here sees a row, a name or an address.
"""
