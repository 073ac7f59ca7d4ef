"""A workspace as JSON, in and out: for backups, for moving house, for seeds and for dry runs."""

from bot.exchange.dumping import dump_workspace
from bot.exchange.loading import load_workspace, not_kept, read_workspace
from bot.exchange.refusal import DocumentRefused

__all__ = ["DocumentRefused", "dump_workspace", "load_workspace", "not_kept", "read_workspace"]
