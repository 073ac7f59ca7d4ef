"""Hearing a sentence as the parser does: among the names and numbers of the records that it speaks of."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.assistant.parser import Parser
from bot.assistant.surroundings import surroundings_of
from bot.bootstrap import dry_run
from bot.exchange import read_workspace
from bot.settings import load
from bot.speaking import only_workspace
from skills.catalogs import load as load_names
from skills.registry import SKILLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_NOW: Final = datetime(2026, 3, 11, tzinfo=UTC)  # a day is a day, whichever it is


@contextmanager
def listener(workspace: Path) -> Iterator[Callable[[str], frozenset[str]]]:
    """Give what returns the traits of a sentence that somebody says in a workspace, which is read from its export."""
    settings = load(_env_file=None, openai_api_key=None)
    application = dry_run(read_workspace(workspace.read_bytes(), _NOW), _NOW, settings)
    parser = Parser(SKILLS)
    try:
        kept = only_workspace(application.store)
        with application.store.transaction(kept.id) as tx:
            around = surroundings_of(tx, kept, "Alex", _NOW.date(), load_names(tx))
        yield lambda text: parser.traits(text, around)
    finally:
        application.close()
