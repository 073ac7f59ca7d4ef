"""The database: every fact that Evie keeps, behind the ports of the domain."""
