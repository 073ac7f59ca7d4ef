"""A process that is told to end, a clock that jumps, an upgrade that dies: nothing is taken back or doubled."""

from __future__ import annotations

import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from storage import open_store, schema
from storage.engine import database_engine
from tests.support import releases
from tests.support.databases import PostgresqlServer, SetClock
from tests.support.town import Town
from tests.support.walking import command, environment
from tests.support.walking_stripe import deliver

pytestmark = [pytest.mark.walk, pytest.mark.thorough, pytest.mark.timeout(300)]

HOUR = 3600
NO_ANSWER = 0
EVENTS = "/v1/events"
# Long enough for everybody to look for work more than once, and shorter than Evie waits for Slack.
POST_SECONDS = 6.0


def test_sigterm_with_requests_in_flight_ends_within_ten_seconds_and_keeps_every_word(town: Town) -> None:
    town.settle_in()
    for _ in range(3):
        town.bill_and_pay()
    events = town.events()

    def tell(event: tuple[str, bytes]) -> int:
        try:
            status = deliver(town.evie.url, event[1])
        except httpx2.TransportError:
            return NO_ANSWER
        if status == 200:
            town.evie.taken.append(event[0])
        return status

    with ThreadPoolExecutor(16) as stripe:
        telling = [stripe.submit(tell, event) for event in 10 * events]
        town.evie.until(lambda: len(town.evie.taken) > 10, "some of them to be taken")
        began = time.monotonic()
        town.evie.stop_by(signal.SIGTERM)
        assert time.monotonic() - began < 10
        statuses = {told.result() for told in telling}
    assert statuses <= {200, NO_ANSWER}
    assert town.evie.lost() == []

    town.evie.be_there()
    for event_id, body in events:
        town.evie.stripe_tells(body, event_id)
    town.evie.until_over()
    assert town.problems() == []


def test_sigterm_while_stripe_keeps_a_look_waiting_ends_within_ten_seconds(town: Town) -> None:
    town.stripe.held.add(EVENTS)
    town.evie.be_there()
    town.evie.until(lambda: EVENTS in town.stripe.asked, "a look at Stripe's events to be under way")
    town.evie.until(town.evie.has_started, "every process to have started")
    began = time.monotonic()
    town.evie.stop_by(signal.SIGTERM)
    assert time.monotonic() - began < 10
    town.stripe.held.clear()


def test_a_clock_that_is_wrong_by_an_hour_refuses_what_it_cannot_believe_and_doubles_nothing(town: Town) -> None:
    town.settle_in()
    town.bill_and_pay()
    town.evie.until_over()
    (_, first), *_ = town.peek()
    for wrong in (HOUR, -HOUR):
        town.evie.set_clock(wrong)
        assert deliver(town.evie.url, first) == 400
        # What people ask for is done by a wrong clock too.
        town.answer(town.ask("create a $500 invoice for OPP-1 and make a payment link"))
        town.evie.until_over()
    town.evie.set_clock(0)
    assert town.evie.rows("inbox", source="stripe") == []

    # Stripe delivers again what was refused.
    town.hear_of_everything()
    assert town.problems() == []
    assert len(town.evie.rows("payments", status="succeeded")) == 1


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["ahead", "back"])
def test_a_clock_that_jumps_while_a_post_is_under_way_does_not_hand_it_to_somebody_else(town: Town, jump: int) -> None:
    town.settle_in()
    town.bill_and_pay()
    town.evie.until_over()
    town.slack.begun.clear()
    town.slack.delays["chat.postMessage"] = POST_SECONDS
    for event_id, body in town.events():
        town.evie.stripe_tells(body, event_id)
    town.evie.until(lambda: "chat.postMessage" in town.slack.begun, "a post to be under way")
    town.evie.set_clock(jump)
    time.sleep(POST_SECONDS)
    town.slack.delays.clear()
    town.evie.until_over()
    town.evie.set_clock(0)
    town.evie.until_over()
    assert [key for key, times in town.posts().items() if times > 1] == []
    assert town.problems() == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_migration_that_is_killed_leaves_the_database_as_it_was(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: PostgresqlServer | None = request.getfixturevalue("postgresql_server") if kind == "postgresql" else None
    url = server.create() if server else f"sqlite:///{tmp_path / 'evie.db'}"
    engine = database_engine(url, busy_seconds=10)
    shape = releases.bring_to(engine, "0001")
    with engine.begin() as connection:
        releases.fill(connection, shape, 1)
    settings = environment(tmp_path, DATABASE_URL=url, EVIE_FAULTS=str(tmp_path))

    def migrate() -> int:
        ended = subprocess.run(command("migrate"), cwd=tmp_path, env=settings, check=False, timeout=60)
        return ended.returncode

    for step in (1, 17, 34):
        (tmp_path / "steps-left").write_text(str(step))
        assert migrate() == -signal.SIGKILL
        assert releases.shape_of(engine).tables.keys() == shape.tables.keys()
    assert migrate() == 0
    schema.require_current(engine)
    store = open_store(url, SetClock())
    assert [workspace.id for workspace in store.directory.workspaces()] == ["ws_1"]
    store.close()
    engine.dispose()
    if server:
        server.drop(url)


def test_a_file_that_is_damaged_or_of_a_newer_evie_stops_the_start_with_one_sentence(town_on_sqlite: Town) -> None:
    evie = town_on_sqlite.evie
    (evie.folder / "damaged.db").write_bytes(b"SQLite format 3\0" + 4000 * b"\xff")
    for statement, words in (("UPDATE evie_schema SET version_num = '9999'", "newer"), ("", "damaged")):
        url = evie.database_url if statement else f"sqlite:///{evie.folder / 'damaged.db'}"
        if statement:
            engine = database_engine(url, busy_seconds=10)
            with engine.begin() as connection:
                connection.exec_driver_sql(statement)
            engine.dispose()
        started = evie.run("serve", "--port", str(evie.port), DATABASE_URL=url)
        assert started.returncode == 1
        (sentence,) = [line for line in started.stderr.splitlines() if not line.startswith("{")]
        assert words in sentence
