"""What runs queries and keeps tables.

Here belong connections, transactions and the I/O manager. What does not: what the tables are
(model), what the queries say (query), and which asset writes what (graph).
"""

from randomuser_assets.warehouse.faults import WarehouseError
from randomuser_assets.warehouse.io_manager import Beside, Staged, WarehouseIOManager
from randomuser_assets.warehouse.preview import SHOWN_TAG

__all__ = ["SHOWN_TAG", "Beside", "Staged", "WarehouseError", "WarehouseIOManager"]
