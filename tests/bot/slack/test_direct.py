"""Direct messages arrive once, whichever try brings them there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing.queues import OutboxKind, OutboxMessage, RowState
from tests.support.slack import Fault
from tests.support.slack_office import OFFICE, Office

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]

LOST = [Fault(cut=True), Fault(status=503), Fault(status=429, retry_after=1)]


def news_for_ada(office: Office) -> None:
    """News that goes to a member."""
    payload = {"member": "Ada", "text": "News is waiting."}
    with office.store.transaction(OFFICE) as tx:
        tx.send(OutboxMessage(OFFICE, "waiting:1", OutboxKind.SAY, "member:Ada", payload, office.clock()))


def click_at_home(office: Office) -> None:
    """A click in App Home, which belongs to no channel."""
    click = office.slack.click("evie_say_0", "show unpaid invoices", {"channel": "C1", "ts": "5.1"})
    for name in ("channel", "message", "response_url"):
        del click[name]
    assert office.send(click | {"container": {"type": "view", "view_id": "V1"}}) == 200


def mention_in_a_channel_that_was_left(office: Office) -> None:
    """A mention whose answer the channel does not take any more."""
    said = office.slack.message("<@U0EVIE> hello", channel="C1", type="app_mention")
    office.slack.channels["C1"]["is_member"] = False
    office.slack.fail("chat.postMessage", Fault("not_in_channel"))
    assert office.send(said) == 200


def command_elsewhere(office: Office) -> None:
    """A command where Evie is no member, whose response URL has expired."""
    command = office.slack.command("hello", channel="C2")
    office.slack.expired_urls.add(command["response_url"])
    assert office.send(command) == 200


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize(
    "happens", [news_for_ada, click_at_home, mention_in_a_channel_that_was_left, command_elsewhere]
)
def test_what_goes_to_a_person_arrives_once_though_the_first_try_fails(
    office: Office, happens: Callable[[Office], None], lost: Fault
) -> None:
    happens(office)
    office.slack.fail("chat.postMessage", lost)
    for _ in range(3):
        office.worker.drain()
        office.clock.advance(seconds=900)
    assert [post["channel"] for post in office.slack.posts] == ["D1"]
    assert {row["state"] for row in office.rows("outbox")} == {RowState.DONE}


def test_an_app_that_may_not_open_direct_messages_yet_posts_there_all_the_same(office: Office) -> None:
    office.slack.fail("conversations.open", Fault("missing_scope"))
    news_for_ada(office)
    office.worker.drain()
    assert [(post["channel"], post["text"]) for post in office.slack.posts] == [("D1", "News is waiting.")]


def test_and_where_that_may_have_arrived_it_says_what_to_mend_instead_of_posting_twice(office: Office) -> None:
    office.slack.fail("conversations.open", Fault("missing_scope"), Fault("missing_scope"))
    office.slack.fail("chat.postMessage", Fault(cut=True))
    news_for_ada(office)
    office.worker.drain()
    office.clock.advance(seconds=900)
    office.worker.drain()
    assert len(office.slack.posts) == 1
    [row] = office.rows("outbox")
    assert "The Slack app lacks a permission." in row["last_error"]


def test_nobody_is_told_who_is_not_in_the_workspace_any_more(office: Office) -> None:
    del office.slack.users["U1"]
    news_for_ada(office)
    office.worker.drain()
    [row] = office.rows("outbox")
    assert (office.slack.posts, row["state"]) == ([], RowState.PARKED)
