"""How long the things take that happen on every request: run with `make bench`."""
