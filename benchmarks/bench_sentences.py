"""A sentence is answered while somebody waits: what it means, and what is done about it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.assistant.parser import Parser
from bot.assistant.surroundings import surroundings_of
from bot.assistant.understanding import Memory
from bot.bootstrap import dry_run
from bot.settings import load
from bot.speaking import only_workspace, speaker
from bot.studio.seed import studio
from skills.catalogs import load as load_names
from skills.registry import SKILLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.application import Application
    from bot.assistant.reply import Reply
    from bot.assistant.understanding import Understanding

_NOW = datetime(2026, 3, 11, 1, 0, tzinfo=UTC)
_SENTENCE = "create a 30% deposit invoice for Bluebird, due in two weeks, and make a payment link"


@contextmanager
def bench_parse_sentence() -> Iterator[Callable[[], Understanding]]:
    """Understand a sentence of two requests."""
    with _studio() as application:
        workspace = only_workspace(application.store)
        with application.store.transaction(workspace.id) as tx:
            surroundings = surroundings_of(tx, workspace, "Robin", _NOW.date(), load_names(tx))
        parser = Parser(SKILLS)
        yield lambda: parser.parse(_SENTENCE, Memory(), surroundings)


@contextmanager
def bench_answer_question() -> Iterator[Callable[[], Reply]]:
    """Answer “show unpaid invoices”, from the words to the reply."""
    with _studio() as application:
        robin = speaker(application.store, application.assistant, only_workspace(application.store))
        yield lambda: robin.say("bench", "show unpaid invoices")


@contextmanager
def _studio() -> Iterator[Application]:
    application = dry_run(studio(_NOW.date()), _NOW, load(openai_api_key=None))
    try:
        yield application
    finally:
        application.close()
