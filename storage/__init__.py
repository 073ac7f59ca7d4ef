"""The database: every fact that Evie keeps, behind the ports of the domain."""

from storage.store import SqlStore, memory_store, open_store

__all__ = ["SqlStore", "memory_store", "open_store"]
