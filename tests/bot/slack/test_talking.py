"""How Evie talks: words that stream while they come, one message whatever happens, titles, prompts and opinions."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from billing.invoices import InvoiceStatus
from billing.money import Money
from billing.roles import Role
from billing.workspaces import Member
from bot.assistant.reply import Reply
from skills.cards import Bar, Button, Card, Chart
from tests.support.books import a_contact
from tests.support.records import an_invoice, an_opportunity
from tests.support.slack import Fault
from tests.support.slack_office import OFFICE, Office
from tests.support.slack_sending import TEAM

Json = dict[str, Any]

LONG = "Bluebird has paid its deposit, and the final invoice is due on the first of April. " * 4
ASKED = "how is bluebird doing"
CARD = Card("Invoice INV-1001", "INV-1001 for Bluebird: A$500.00", buttons=(Button("Sync", say="sync INV-1001"),))


def key_of(post: Json) -> str | None:
    payload: Json = post.get("metadata", {}).get("event_payload", {})
    return payload.get("key")


def streams(office: Office) -> list[str]:
    return [method for method, _ in office.slack.calls if method.endswith("Stream")]


def kinds(post: Json) -> list[str]:
    return [block["type"] for block in post["blocks"]]


def test_a_models_words_stream_into_the_thread_and_the_reply_ends_that_message(office: Office) -> None:
    office.answers.speech[ASKED] = [LONG, LONG, "That is all."]
    office.answers.cards = (CARD,)
    message = office.slack.message(ASKED)
    office.hear(message)
    assert streams(office) == ["chat.startStream", "chat.appendStream", "chat.stopStream"]
    [post] = office.slack.posts
    assert post["text"] == LONG + LONG + "That is all."
    assert post["thread_ts"] == message["event"]["ts"]
    assert key_of(post) == f"reply:{TEAM}:D1:{message['event']['ts']}"
    assert kinds(post) == ["header", "actions", "context_actions"]
    assert not post["streaming"]


def test_in_a_channel_slack_is_told_for_whom_the_words_are(office: Office) -> None:
    office.answers.speech[ASKED] = [LONG]
    office.hear(office.slack.message(f"<@U0EVIE> {ASKED}", channel="C1", type="app_mention"))
    [start] = office.slack.called("chat.startStream")
    assert (start["recipient_user_id"], start["recipient_team_id"]) == ("U1", TEAM)
    office.hear(office.slack.message(ASKED))
    assert "recipient_user_id" not in office.slack.called("chat.startStream")[1]


def test_a_short_answer_is_posted_as_always_and_asks_whether_it_helped(office: Office) -> None:
    office.answers.speech[ASKED] = ["All is paid."]
    office.hear(office.slack.message(ASKED))
    assert streams(office) == []
    [post] = office.slack.posts
    assert post["text"] == "All is paid."
    assert kinds(post) == ["section", "context_actions"]


def test_what_the_rules_answer_neither_streams_nor_asks(office: Office) -> None:
    office.hear(office.slack.message("hello"))
    assert streams(office) == []
    assert kinds(office.slack.posts[0]) == ["section"]


def test_words_that_could_be_markup_stay_words(office: Office) -> None:
    office.answers.speech[ASKED] = [f"<!channel> & <@U1> {LONG}"]
    office.hear(office.slack.message(ASKED))
    assert office.slack.posts[0]["text"].startswith("&lt;!channel&gt; &amp; &lt;@U1&gt;")


MARKED = r"Paid by *x*, ~~y~~, __z__ and `w|v` \o/: [INV-1](https://evil.example)" + "\n# Sum\n> " + LONG
ESCAPED = (
    r"Paid by \*x\*, \~\~y\~\~, \_\_z\_\_ and \`w\|v\` \\o/: \[INV-1\](https://evil.example)"
    "\n\\# Sum\n\u2060&gt; " + LONG
)


@pytest.mark.parametrize("first", ["", LONG])
def test_what_would_be_markdown_stays_text_from_the_first_word_to_the_last(office: Office, first: str) -> None:
    marked = MARKED.removesuffix(LONG) if first else MARKED
    office.answers.speech[ASKED] = [first, marked]
    office.hear(office.slack.message(ASKED))
    [post] = office.slack.posts
    assert post["text"].rstrip() == (first + ESCAPED.removesuffix(LONG if first else "")).rstrip()
    assert not post["streaming"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Deal “:smile: & co” at 10:30:00", "Deal “:\u2060smile: &amp; co” at 10:30:00"),
        ("Paid :100: :+1::skin-tone-2:", "Paid :\u2060100: :\u2060+1::\u2060skin-tone-2:"),
        ("at http://pay.example:80/a:b:c", "at http://pay.example:80/a:b:c"),
        ("So:\n- one\n  + two\n10) ten\n> four\n    five", None),
        ("Sum\n===\nand\n---\n1. one", None),
    ],
)
def test_codes_of_pictures_and_what_begins_a_list_or_a_quote_stay_text(
    office: Office, said: str, shown: str | None
) -> None:
    office.answers.speech[ASKED] = [LONG + "\n", said + " ", LONG]
    office.hear(office.slack.message(ASKED))
    text = str(office.slack.posts[0]["text"]).removeprefix(LONG + "\n")
    assert text.replace("\u2060", "").replace("&gt;", ">").replace("&amp;", "&").startswith(said)
    if shown is not None:
        assert text.startswith(shown)
    assert not re.search(r"(?m)^\s*([-+=]|&gt;|\d+[.)]\s|\t| {4})", text)


@pytest.mark.parametrize(
    "begun", ["Pay at https", "Pay at https://pay.example/a", "Pay at https://pay.example/a_b~c?x=1_"]
)
def test_an_address_leads_where_it_did_wherever_the_words_are_cut(office: Office, begun: str) -> None:
    asking = "Pay at https://pay.example/a_b~c?x=1_#2_ or ask ada_l_@lantern.example. "
    before = (LONG * 2)[: 256 - len(begun)]
    office.answers.speech[ASKED] = [before, begun, asking.removeprefix(begun), LONG]
    office.hear(office.slack.message(ASKED))
    assert office.slack.posts[0]["text"].startswith(before + asking)
    assert streams(office)[0] == "chat.startStream"


@pytest.mark.parametrize("again", [1, 2])
def test_a_stream_that_slack_closed_meanwhile_gets_the_whole_reply_by_an_edit(office: Office, again: int) -> None:
    office.answers.speech[ASKED] = [LONG, office.slack.close_streams, LONG * again]
    office.answers.cards = (CARD,)
    office.hear(office.slack.message(ASKED))
    [post] = office.slack.posts
    [update] = office.slack.updates
    assert (update["channel"], update["ts"]) == (post["channel"], post["ts"])
    assert post["text"] == (LONG + LONG * again).strip()
    assert key_of(post)
    assert "context_actions" in kinds(post)


def test_a_stream_that_was_closed_before_its_end_gets_its_cards_by_an_edit(office: Office) -> None:
    office.answers.speech[ASKED] = [LONG, office.slack.close_streams]
    office.answers.cards = (CARD,)
    office.hear(office.slack.message(ASKED))
    assert len(office.slack.posts) == 1
    assert "header" in kinds(office.slack.posts[0])


@pytest.mark.parametrize("fault", [Fault("message_not_in_streaming_state"), Fault(status=500), Fault(cut=True)])
def test_a_stream_that_dies_on_the_way_becomes_one_whole_message(office: Office, fault: Fault) -> None:
    office.slack.fail("chat.appendStream", fault)
    office.answers.speech[ASKED] = [LONG, LONG, LONG]
    office.hear(office.slack.message(ASKED))
    [post] = office.slack.posts
    assert post["text"] == (LONG * 3).strip()
    assert key_of(post)


@pytest.mark.parametrize(
    "fault", [Fault("not_allowed_token_type"), Fault(status=500), Fault(retry_after=5, status=429)]
)
def test_where_slack_takes_no_stream_the_answer_is_posted(office: Office, fault: Fault) -> None:
    office.slack.fail("chat.startStream", fault)
    office.answers.speech[ASKED] = [LONG, LONG]
    office.hear(office.slack.message(ASKED))
    [post] = office.slack.posts
    assert post["text"] == (LONG * 2).strip()
    assert streams(office) == ["chat.startStream"]


def test_an_ending_whose_blocks_slack_refuses_is_the_words_alone(office: Office) -> None:
    office.answers.speech[ASKED] = [LONG, "That is all."]
    office.answers.cards = (CARD,)
    office.slack.fail("chat.stopStream", Fault("invalid_blocks"))
    office.hear(office.slack.message(ASKED))
    [post] = office.slack.posts
    assert (post["text"], post["blocks"], post["streaming"]) == (LONG + "That is all.", [], False)
    assert key_of(post)
    assert office.slack.updates == []


def test_an_ending_whose_picture_slack_cannot_fetch_keeps_its_card(office: Office) -> None:
    chart = Chart("Collected, AUD", (Bar("May", "A$1.00", 1000),), "https://evie.example/charts/gA.png")
    office.answers.speech[ASKED] = [LONG]
    office.answers.cards = (Card("Report", "Report", charts=(chart,)),)
    office.slack.fail("chat.stopStream", Fault("invalid_blocks"))
    office.hear(office.slack.message(ASKED))
    [post] = office.slack.posts
    assert kinds(post) == ["header", "rich_text", "context_actions"]


@pytest.mark.parametrize(("editing", "posts"), [([], 1), ([Fault("edit_window_closed")], 2)])
def test_a_stream_is_ended_before_its_reply_comes_in_another_way(
    office: Office, editing: list[Fault], posts: int
) -> None:
    office.answers.speech[ASKED] = [LONG, "That is all."]
    office.slack.fail("chat.stopStream", Fault("msg_too_long"))
    office.slack.fail("chat.update", *editing)
    office.hear(office.slack.message(ASKED))
    assert len(office.slack.posts) == posts
    assert not office.slack.posts[0]["streaming"]
    assert office.slack.posts[-1]["text"] == LONG + "That is all."
    assert key_of(office.slack.posts[-1])


def test_a_reply_that_was_posted_anew_is_found_where_it_stands(office: Office) -> None:
    office.answers.speech[ASKED] = [LONG, office.slack.posts.clear]
    office.slack.fail("chat.postMessage", Fault(cut=True))
    office.hear(office.slack.message(ASKED))
    office.clock.advance(seconds=600)
    office.worker.drain()
    [post] = office.slack.posts
    [row] = office.rows("outbox")
    assert row["receipt"] == {"channel": "D1", "ts": post["ts"]}


def test_a_message_that_somebody_deleted_while_it_streamed_is_posted_anew(office: Office) -> None:
    office.answers.speech[ASKED] = [LONG, office.slack.posts.clear]
    office.hear(office.slack.message(ASKED))
    [post] = office.slack.posts
    assert post["text"] == LONG.strip()


def test_what_the_model_said_on_its_way_is_replaced_where_the_reply_is_another(office: Office) -> None:
    def stumble(request: Any) -> Reply:
        return Reply(request.conversation, "I could not finish that.", route="model")

    office.answers.speech[ASKED] = [LONG]
    office.answers.script[ASKED] = stumble
    office.answers.overrules = True
    office.hear(office.slack.message(ASKED))
    [post] = office.slack.posts
    assert post["text"] == "I could not finish that."


def test_after_a_crash_while_it_spoke_the_same_message_gets_the_reply(office: Office) -> None:
    office.answers.speech[ASKED] = [LONG, _crash]
    assert office.send(office.slack.message(ASKED)) == 200
    with pytest.raises(_Crash):
        office.worker.drain()
    assert [post["text"] for post in office.slack.posts] == [LONG]
    office.clock.advance(seconds=600)
    office.answers.speech[ASKED] = [LONG, "And that is all."]
    office.worker.drain()
    [post] = office.slack.posts
    assert post["text"] == LONG + "And that is all."
    assert key_of(post)


def test_after_a_crash_between_ending_it_and_recording_that_nothing_is_posted_again(office: Office) -> None:
    office.answers.speech[ASKED] = [LONG]
    office.slack.fail("chat.stopStream", Fault(cut=True))
    office.hear(office.slack.message(ASKED))
    office.clock.advance(seconds=600)
    office.worker.drain()
    assert [row["state"] for row in office.rows("outbox")] == ["done"]
    [post] = office.slack.posts
    assert post["text"] == LONG
    assert office.slack.updates == []


def test_an_answer_for_one_person_alone_ends_the_stream_and_is_whispered(office: Office) -> None:
    office.answers.speech[ASKED] = [LONG]
    office.answers.cards = (Card("Portal", "Portal", private=True),)
    office.hear(office.slack.message(f"<@U0EVIE> {ASKED}", channel="C1", type="app_mention"))
    assert not any(post["streaming"] for post in office.slack.posts)
    assert len(office.slack.ephemerals) == 1
    assert "Portal" not in str(office.slack.posts)


# Titles.


def test_a_thread_of_the_direct_messages_is_named_by_its_first_request(office: Office) -> None:
    first = office.slack.message("please show me all of the unpaid invoices of Bluebird, thanks")
    office.hear(first)
    office.hear(office.slack.message("and the paid ones", thread_ts=first["event"]["ts"]))
    assert office.slack.called("assistant.threads.setTitle") == [
        {"channel_id": "D1", "thread_ts": first["event"]["ts"], "title": "Please show me all of the unpaid…"},
    ]


def test_threads_in_channels_have_no_titles_and_an_answer_needs_none(office: Office) -> None:
    office.hear(office.slack.message("<@U0EVIE> help", channel="C1", type="app_mention"))
    assert office.slack.called("assistant.threads.setTitle") == []
    office.slack.fail("assistant.threads.setTitle", Fault(status=500))
    office.hear(office.slack.message("help"))
    assert len(office.slack.posts) == 2


# Prompts.


def prompts(office: Office, user: str = "U1") -> list[str]:
    opened = {"type": "app_home_opened", "user": user, "channel": "D1", "tab": "messages"}
    office.hear(office.slack.event(opened))
    return [prompt["message"] for prompt in office.slack.called("assistant.threads.setSuggestedPrompts")[-1]["prompts"]]


def test_without_stripe_an_admin_is_offered_to_connect_it_and_others_are_not(office: Office) -> None:
    assert prompts(office)[0] == "Connect Stripe"
    assert "Connect Stripe" not in prompts(office, "U2")


def test_an_overdue_invoice_is_offered_to_be_reminded_of_to_those_who_may(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Eli", Role.EDITOR, "U2"))
        tx.contacts.add(a_contact(workspace_id=OFFICE))
        tx.opportunities.add(an_opportunity(workspace_id=OFFICE))
        late = an_invoice(
            workspace_id=OFFICE,
            number="INV-1001",
            status=InvoiceStatus.SENT,
            total=Money(50_000, "AUD"),
            due_on=date(2026, 3, 1),
        )
        tx.invoices.add(late)
    assert prompts(office, "U2")[0] == "Remind everyone who is overdue"
    assert prompts(office)[:2] == ["Connect Stripe", "Remind everyone who is overdue"]
    assert len(prompts(office)) == 4
    assert prompts(office, "U0NEW") == [
        "Show unpaid invoices",
        "List the payments of this month",
        "List the opportunities",
        "Help",
    ]


# Opinions.


def judge(office: Office, value: str, user: str = "U1") -> None:
    office.answers.speech[ASKED] = ["All is paid."]
    office.hear(office.slack.message(ASKED))
    click = office.slack.click("evie_feedback", value, office.slack.posts[-1], user=user)
    click["actions"][0]["type"] = "feedback_buttons"
    office.hear(click)


def test_what_people_think_of_an_answer_is_kept_and_counted(office: Office) -> None:
    judge(office, "helped")
    judge(office, "helped_not")
    judge(office, "helped_not", user="U2")
    assert office.store.endings("feedback") == {"helped": 1, "helped_not": 2}
    with office.store.transaction(OFFICE) as tx:
        entries = [one for one in tx.talk.audit_entries(limit=10) if one.skill == "feedback"]
    assert {entry.member for entry in entries} == {"Ada", "Sam"}
    assert entries[0].arguments["message"]
    assert len(office.told()) == 6


def test_guests_have_no_opinion_here(office: Office) -> None:
    judge(office, "helped", user="U0GUEST")
    assert office.store.endings("feedback") == {}


class _Crash(BaseException):
    """The process dies: nothing is put right any more."""


def _crash() -> None:
    raise _Crash
