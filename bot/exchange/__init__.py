"""A workspace as JSON, in and out: for backups, for moving house, for seeds and for dry runs."""

from bot.exchange.dumping import dump_workspace
from bot.exchange.loading import load_workspace, not_kept
from bot.exchange.refusal import DocumentRefused
from bot.exchange.source import located, parse

__all__ = ["DocumentRefused", "dump_workspace", "load_workspace", "located", "not_kept", "parse"]
