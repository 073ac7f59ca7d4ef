"""What waits until somebody mends something is kept and leaves in order afterwards, and the business is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from billing.business import Business
from billing.queues import OutboxKind, OutboxMessage
from storage import tables
from tests.support.slack import TOKEN, Fault
from tests.support.slack_office import OFFICE, Office

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _address(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.business.save(Business(OFFICE, email="office@lantern.example"))


def news(office: Office, *keys: str) -> None:
    for key in keys:
        payload = {"channel": "#billing", "text": key}
        with office.store.transaction(OFFICE) as tx:
            tx.send(OutboxMessage(OFFICE, key, OutboxKind.SAY, "channel:#billing", payload, office.clock()))


def mails(office: Office) -> list[Json]:
    return [row["receipt"] for row in office.rows("outbox") if row["kind"] == OutboxKind.ALERT]


def pass_minutes(office: Office, minutes: int) -> None:
    for _ in range(minutes // 6):
        office.clock.now += timedelta(minutes=6)
        office.worker.drain()


def test_without_a_token_the_business_gets_one_mail_and_the_news_follows_once_it_is_mended(office: Office) -> None:
    office.slack.tokens.clear()
    news(office, "first", "second")
    office.worker.drain()
    pass_minutes(office, 60)
    (told,) = mails(office)
    assert told["to"] == "office@lantern.example"
    assert "Install the Slack app again." in told["text"]
    assert "Nothing is lost" in told["text"]
    assert office.slack.posts == []

    office.slack.tokens.add(TOKEN)
    pass_minutes(office, 12)
    assert [post["text"] for post in office.slack.posts] == ["first", "second"]
    assert len(mails(office)) == 1


@pytest.mark.parametrize("reason", ["account_inactive", "token_revoked", "token_expired", "not_authed"])
def test_whatever_slack_calls_it_nobody_is_written_to_in_slack(office: Office, reason: str) -> None:
    office.slack.fail("chat.postMessage", Fault(reason))
    news(office, "first")
    office.worker.drain()
    assert len(mails(office)) == 1
    assert [row["kind"] for row in office.rows("outbox")] == [OutboxKind.SAY, OutboxKind.ALERT]


def test_where_every_channel_is_archived_the_admins_are_told_in_slack_and_not_by_mail(office: Office) -> None:
    for channel in office.slack.channels.values():
        channel["is_archived"] = True
    news(office, "first")
    office.worker.drain()
    assert [post["channel"] for post in office.slack.posts] == ["D1"]
    assert mails(office) == []


@pytest.mark.parametrize(
    "reason",
    ["ekm_access_denied", "no_permission", "team_access_not_granted", "missing_scope", "brand_new"],
)
def test_whatever_slack_says_no_with_news_waits_and_the_admin_is_told_once(office: Office, reason: str) -> None:
    for _ in range(2):
        office.slack.fail("chat.postMessage", Fault(reason))
        news(office, "first")
        pass_minutes(office, 6)
    pass_minutes(office, 12)
    told, posted = office.slack.posts
    assert told["channel"] == "D1"
    assert told["text"].startswith("News for #billing is waiting. ")
    assert told["text"].endswith("Nothing is lost: it follows by itself once that is mended.")
    assert (posted["channel"], posted["text"]) == ("C1", "first")
    assert [mail["text"].partition(". ")[2] for mail in mails(office)] == [told["text"]]


def test_news_that_no_admin_can_mend_is_set_aside_and_does_not_hold_up_what_follows(office: Office) -> None:
    office.slack.fail("chat.postMessage", Fault("msg_too_long"))
    news(office, "first", "second")
    office.worker.drain()
    told = {post["channel"]: post["text"] for post in office.slack.posts}
    assert told == {
        "C1": "second",
        "D1": "News for #billing could not be posted. Slack refused it (msg_too_long). It is set aside: “evie retry” "
        "lists it and has it tried again.",
    }
    assert [row["last_error"] for row in office.rows("outbox") if row["key"] == "first"] == [
        "SlackRefused: Slack refused it (msg_too_long)."
    ]


def test_where_slack_knows_no_admin_a_closed_channel_is_told_of_by_mail(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        for member in tx.people.members():
            tx.people.save_member(replace(member, slack_user_id=None))
    office.slack.channels["C1"]["is_archived"] = True
    news(office, "first")
    office.worker.drain()
    pass_minutes(office, 30)
    (told,) = mails(office)
    assert "News for #billing is waiting. That channel is archived." in told["text"]


def test_whoever_mends_it_may_take_weeks(office: Office) -> None:
    office.slack.channels["C1"]["is_archived"] = True
    news(office, "first")
    with office.store.engine.begin() as connection:
        connection.execute(update(tables.outbox).values(attempts=8000))
    office.worker.drain()
    office.slack.channels["C1"]["is_archived"] = False
    pass_minutes(office, 12)
    assert [post["text"] for post in office.slack.posts if post["channel"] == "C1"] == ["first"]
