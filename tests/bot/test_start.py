"""A start waits for what it needs, and for nothing else: the rest is loaded with the first who asks for it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot import application
from bot.assistant.parser import Parser
from bot.assistant.understanding import Memory
from bot.bootstrap import build
from bot.settings import load
from bot.standins import Place
from skills.registry import SKILLS
from storage import open_store
from tests.support.databases import SetClock
from tests.support.parsing import surroundings, understood
from tests.support.source import ROOT

# Each takes a tenth of a second or ten megabytes that an idle process has no use for.
_HEAVY = ["alembic", "holidays", "integrations.sandbox", "openai", "opentelemetry", "slack_bolt.adapter.socket_mode"]


def test_what_a_start_has_no_use_for_is_not_loaded(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'evie.db'}"
    store = open_store(url, SetClock())
    store.migrate()
    store.close()
    program = f"""
import sys
from bot.bootstrap import build
from bot.settings import load
told = dict(stripe_api_key="sk_test_1", stripe_client_id="ca_1", smtp_url="smtp://127.0.0.1:1")
app = build(load(_env_file=None, database_url={url!r}, **told))
app.store.migrate()
app.web()
print([name for name in {_HEAVY!r} if name in sys.modules])
app.close()
"""
    environment = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_the_parser_is_prepared_once_the_start_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "_READ_AHEAD_SECONDS", 0.0)
    begun = threading.enumerate()
    app = build(load(_env_file=None, database_url=f"sqlite:///{tmp_path / 'evie.db'}"), Place(folder=tmp_path))
    app.read_ahead()
    patience = time.monotonic() + 20
    while any(isinstance(thread, threading.Timer) for thread in threading.enumerate() if thread not in begun):
        assert time.monotonic() < patience
        time.sleep(0.01)
    assert "_speller" in vars(app.parser)
    app.close()


def test_whoever_comes_while_the_parser_is_prepared_waits_for_it() -> None:
    parser, said = Parser(SKILLS), []

    def parse() -> None:
        said.append(parser.parse("list invoices", Memory(), surroundings()))

    threads = [threading.Thread(target=each) for each in (parser.prepare, parse, parse)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [understood("list invoices")] * 2
    assert said[0].calls
