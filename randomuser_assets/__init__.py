"""People records from the randomuser.me API, kept as a keyed, checked, historised warehouse.

Nothing is imported here: each room (model, source, query, warehouse, export, graph) is
entered by its own name, so that using one does not load the others.
"""
