"""What a monitor reads."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from billing.conversations import AuditEntry
from billing.queues import OutboxKind, OutboxMessage
from bot.web.app import create_monitor
from storage import SqlStore

if TYPE_CHECKING:
    from tests.support.site import StudioSite


@pytest.fixture
def broken(studio_site: StudioSite) -> StudioSite:
    """The site of a studio whose database has lost a table."""
    store = studio_site.studio.store
    assert isinstance(store, SqlStore)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE outbox RENAME TO lost")
    return studio_site


def deliver_and_wait(studio_site: StudioSite, seconds: int) -> None:
    body = studio_site.event()
    with studio_site.client() as client:
        client.post("/stripe/webhook", content=body, headers=studio_site.signature(body))
    studio_site.studio.now += timedelta(seconds=seconds)


def test_a_process_that_answers_is_alive_whatever_its_database_does(broken: StudioSite) -> None:
    with broken.client() as client:
        assert client.get("/healthz").text == "ok"


def test_readiness_tells_how_long_the_oldest_work_has_waited(studio_site: StudioSite) -> None:
    deliver_and_wait(studio_site, 90)
    with studio_site.client() as client:
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "oldest_inbox_seconds": 90.0,
        "oldest_outbox_seconds": 0.0,
        "parked": 0,
        "held_up": 0,
    }


def hold_up(studio_site: StudioSite, count: int) -> None:
    """Let news wait for somebody to mend the channel that it goes to."""
    studio = studio_site.studio
    for number in range(count):
        message = OutboxMessage(studio.id, f"post:{number}", OutboxKind.SAY, f"channel:#{number}", {}, studio.now)
        with studio.store.transaction(studio.id) as tx:
            tx.send(message)
    while (claim := studio.store.claim_outbox(lease_seconds=60)) is not None:
        studio.store.retry(claim, error="WaitsForPerson: That channel is archived.", delay_seconds=300.0)


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 message for the chat waits for"), (2, "2 messages for the chat wait for")]
)
def test_readiness_and_the_first_page_tell_that_the_chat_takes_nothing(
    studio_site: StudioSite, count: int, told: str
) -> None:
    hold_up(studio_site, count)
    with studio_site.client() as client:
        answer, page = client.get("/readyz"), client.get("/").text
        assert (answer.status_code, answer.json()["held_up"]) == (200, count)
        assert answer.json()["reason"] == f"{told} somebody to mend it: “evie doctor” says what."
        assert told in page
        assert "Everything is running" not in page
        studio_site.studio.now += timedelta(seconds=901)
        late, page = client.get("/readyz"), client.get("/").text
    assert late.status_code == 503
    assert late.json()["reason"].startswith("The oldest message has waited for 15 minutes. ")
    assert late.json()["reason"].endswith("says what.")
    assert "The oldest message has waited for 15 minutes." in page


def test_without_a_database_nothing_is_ready(broken: StudioSite) -> None:
    with broken.client() as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "reason": "The database does not answer."}


def test_the_metrics_tell_the_age_of_the_queues(studio_site: StudioSite) -> None:
    deliver_and_wait(studio_site, 90)
    with studio_site.client() as client:
        answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    lines = answer.text.splitlines()
    for line in (
        "evie_database_up 1.0",
        "evie_inbox_oldest_seconds 90.0",
        "evie_outbox_oldest_seconds 0.0",
        'evie_parked_rows{queue="inbox"} 0.0',
        'evie_parked_rows{queue="outbox"} 0.0',
        'evie_due_rows{queue="inbox"} 1.0',
    ):
        assert line in lines


def test_the_metrics_count_what_people_say_of_answers(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    with studio.store.transaction(studio.id) as tx:
        for key, verdict in (("click:1", "helped"), ("click:2", "helped_not"), ("click:3", "helped")):
            tx.talk.audit(AuditEntry(studio.id, key, studio.now, "Admin", "slack", "feedback", {}, verdict))
    with studio_site.client() as client:
        lines = client.get("/metrics").text.splitlines()
    assert 'evie_answer_feedback_total{verdict="helped"} 2.0' in lines
    assert 'evie_answer_feedback_total{verdict="helped_not"} 1.0' in lines


def test_the_metrics_tell_that_the_database_is_gone(broken: StudioSite) -> None:
    with broken.client() as client:
        lines = client.get("/metrics").text.splitlines()
    assert "evie_database_up 0.0" in lines
    assert not any(line.startswith("evie_inbox") for line in lines)


def test_requests_are_counted_by_route_and_never_by_token(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        client.get("/pay/a-secret-token")
        client.get("/pay/another-one")
        client.get("/wp-login.php")
        client.request("BREW", "/")
        text = client.get("/metrics").text
    assert 'evie_http_requests_total{method="GET",route="/pay/{token}",status="404"} 2.0' in text
    assert 'evie_http_requests_total{method="GET",route="none",status="404"} 1.0' in text
    assert 'evie_http_requests_total{method="other",route="/",status="405"} 1.0' in text
    for private in ("secret", "another", "wp-login", "BREW"):
        assert private not in text


def test_two_applications_do_not_share_their_counts(studio_site: StudioSite) -> None:
    with studio_site.client() as one, studio_site.client() as other:
        one.get("/healthz")
        assert "/healthz" not in other.get("/metrics").text


def test_readiness_is_red_while_a_row_waits_for_too_long_and_green_again_after_it(studio_site: StudioSite) -> None:
    deliver_and_wait(studio_site, 901)
    with studio_site.client() as client:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert (answer.json()["status"], answer.json()["oldest_inbox_seconds"]) == ("late", 901.0)
        assert answer.json()["reason"] == "The oldest event has waited for 15 minutes."
        claim = studio_site.studio.store.claim_inbox(lease_seconds=60)
        assert claim is not None
        studio_site.studio.store.finish(claim)
        assert client.get("/readyz").status_code == 200


def test_a_process_without_pages_tells_a_monitor_the_same(studio_site: StudioSite) -> None:
    with TestClient(create_monitor(studio_site.site())) as client:
        assert client.get("/healthz").text == "ok"
        assert client.get("/readyz").json()["status"] == "ready"
        assert "evie_database_up 1.0" in client.get("/metrics").text
        assert client.get("/").status_code == 404
