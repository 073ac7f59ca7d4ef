"""A workspace as JSON, in and out: for backups, for moving house, for seeds and for dry runs."""
