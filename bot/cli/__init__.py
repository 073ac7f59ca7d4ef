"""The command line: `evie`, also `python -m bot`."""

from bot.cli.program import main

__all__ = ["main"]
