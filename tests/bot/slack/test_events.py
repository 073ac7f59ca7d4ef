"""From an inbox row to the one answer in Slack: who may speak, what the assistant hears, where the answer goes."""

import re
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from typing import Any

import pytest
from inline_snapshot import snapshot

from billing.conversations import ProposalState
from billing.errors import ProviderUnavailable
from billing.queues import RowState
from billing.roles import Role
from billing.workspaces import StripeConnection
from bot.assistant.reply import Reply
from bot.assistant.requests import Request
from skills.cards import Button, Card, Tone
from tests.support.slack import Fault
from tests.support.slack_office import Office
from tests.support.slack_sending import BOT, TEAM

CARD = Card(
    title="Send INV-1?",
    summary="Send INV-1?",
    buttons=(Button("Send", confirm="prop_1", tone=Tone.GOOD), Button("Cancel", drop="prop_1")),
)


def asks_first(request: Request) -> Reply:
    return Reply(request.conversation, "Shall I?", cards=(CARD,))


def texts(message: dict[str, Any]) -> list[str]:
    """Return all plain texts of a message's blocks."""
    found = [block.get("text", {}).get("text") for block in message["blocks"]]
    return [text for text in found if text] + [
        element["text"] for block in message["blocks"] if block["type"] == "context" for element in block["elements"]
    ]


def test_a_direct_message_is_answered_in_its_thread(office: Office) -> None:
    message = office.slack.message("show unpaid &lt;invoices&gt;")
    office.hear(message)
    (request,) = office.answers.requests
    ts = message["event"]["ts"]
    assert (request.text, request.conversation) == ("show unpaid <invoices>", f"slack:{TEAM}:D1:{ts}")
    assert (request.actor.member, request.actor.role, request.actor.front) == ("Ada", Role.ADMIN, "slack")
    assert request.address == {"team": TEAM, "channel": "D1", "user": "U1", "thread_ts": ts}
    assert not request.confirmed
    (post,) = office.slack.posts
    assert (post["channel"], post["thread_ts"]) == ("D1", ts)
    assert post["text"] == "You said: show unpaid &lt;invoices&gt;"
    assert post["metadata"] == {
        "event_type": "evie_message",
        "event_payload": {"key": f"reply:{TEAM}:D1:{ts}"},
    }


def test_evie_is_thinking_until_she_answers(office: Office) -> None:
    office.hear(office.slack.message("hello"))
    methods = [method for method, _ in office.slack.calls]
    assert methods == ["assistant.threads.setStatus", "assistant.threads.setTitle", "chat.postMessage"]


def test_an_answer_does_not_need_the_status(office: Office) -> None:
    office.slack.fail("assistant.threads.setStatus", Fault(status=500))
    office.hear(office.slack.message("hello"))
    assert len(office.slack.posts) == 1


@pytest.mark.parametrize("authorizations", [[{"team_id": TEAM, "user_id": BOT, "is_bot": True}], []])
def test_a_mention_is_heard_without_evies_name(office: Office, authorizations: list[Any]) -> None:
    said = office.slack.message("<@U0EVIE> show INV-1", channel="C1", type="app_mention")
    office.hear(said | {"authorizations": authorizations})
    assert office.answers.requests[0].text == "show INV-1"


def test_nothing_but_her_name_asks_for_help(office: Office) -> None:
    office.hear(office.slack.message("<@U0EVIE>", channel="C1", type="app_mention"))
    office.hear(office.slack.command("  "))
    assert [request.text for request in office.answers.requests] == ["help", "help"]


def test_a_channel_that_is_named_becomes_known(office: Office) -> None:
    office.hear(office.slack.message("post to <#C3|ops> and <#C2>"))
    assert office.answers.requests[0].text == "post to #ops and #elsewhere"
    assert office.channels() == {"#billing": "C1", "#ops": "C3", "#elsewhere": "C2"}


def test_a_colleague_who_is_named_becomes_known_as_a_viewer(office: Office) -> None:
    office.hear(office.slack.message("make <@U2> an editor"))
    assert office.answers.requests[0].text == "make @Sam an editor"
    assert office.members() == {"Ada": Role.ADMIN, "Sam": Role.VIEWER}


def test_a_command_is_answered_to_the_person_alone(office: Office) -> None:
    office.hear(office.slack.command("show INV-1"))
    assert office.slack.posts == []
    (shown,) = office.slack.ephemerals
    assert (shown["channel"], shown["user"]) == ("C1", "U1")
    assert "thread_ts" not in shown
    assert office.answers.requests[0].conversation == f"slack:{TEAM}:C1:U1"


def test_where_evie_is_no_member_a_command_is_answered_at_its_response_url(office: Office) -> None:
    office.hear(office.slack.command("show INV-1", channel="C2"))
    (answer,) = office.slack.responses
    assert answer["text"] == "You said: show INV-1"
    assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", False)


def test_when_the_response_url_has_expired_the_answer_comes_as_a_direct_message(office: Office) -> None:
    command = office.slack.command("show INV-1", channel="C2")
    office.slack.expired_urls.add(command["response_url"])
    office.hear(command)
    (post,) = office.slack.posts
    assert post["channel"] == "D1"


@pytest.mark.parametrize(
    ("text", "confirmed"),
    [("send INV-1002", True), ("send 1002", True), ("send it", False), ("send Acme's deposit of 500", False)],
)
def test_only_a_command_that_names_the_invoice_confirms_itself(office: Office, text: str, *, confirmed: bool) -> None:
    office.hear(office.slack.command(text))
    office.hear(office.slack.message(text))
    assert [request.confirmed for request in office.answers.requests] == [confirmed, False]


def test_a_message_of_a_team_that_is_not_ours_is_ignored(office: Office) -> None:
    office.hear(office.slack.message("hello") | {"team_id": "T0ELSE", "authorizations": []})
    assert [row["state"] for row in office.rows("inbox")] == [RowState.IGNORED]
    assert office.slack.calls == []


def test_in_a_shared_channel_the_installed_team_counts(office: Office) -> None:
    office.hear(office.slack.message("hello") | {"team_id": "T0ELSE"})
    assert len(office.slack.posts) == 1


@pytest.mark.parametrize(
    ("user", "sentence"),
    [
        ("U0GUEST", "I do not show billing to guests. Please ask a full member of the workspace."),
        ("U0OTHER", "I work for the people of Lantern Office only. Please ask one of them."),
        ("U0BOT", "I take requests from people only."),
        ("U0NOBODY", "I cannot see who you are in this workspace, so I cannot help here."),
    ],
)
def test_who_is_not_a_member_is_turned_away_in_private_and_nothing_else_happens(
    office: Office, user: str, sentence: str
) -> None:
    office.hear(office.slack.message("<@U0EVIE> who owes us?", channel="C1", type="app_mention", user=user))
    assert office.answers.requests == []
    assert office.slack.posts == []
    (shown,) = office.slack.ephemerals
    assert (shown["user"], shown["text"]) == (user, sentence)
    assert office.members() == {"Ada": Role.ADMIN}


def test_what_is_for_one_person_only_is_whispered_where_others_listen(office: Office) -> None:
    link = Card("Connect Stripe", "Connect Stripe", private=True)
    office.answers.script["connect"] = lambda request: Reply(request.conversation, "Here is your link.", cards=(link,))
    office.hear(office.slack.message("<@U0EVIE> connect", channel="C1", type="app_mention"))
    assert office.slack.posts == []
    (shown,) = office.slack.ephemerals
    assert (shown["channel"], shown["user"], shown["text"]) == ("C1", "U1", "Here is your link.")
    statuses = [call["status"] for call in office.slack.called("assistant.threads.setStatus")]
    assert statuses == ["is thinking…", ""]
    office.hear(office.slack.message("connect"))
    assert office.slack.posts[0]["channel"] == "D1"


def test_a_guest_who_talks_with_colleagues_in_a_thread_is_left_alone(office: Office) -> None:
    office.hear(office.slack.message("<@U0EVIE> help", channel="C1", type="app_mention", ts="9.1"))
    office.hear(office.slack.message("thank you all", channel="C1", thread_ts="9.1", user="U0GUEST"))
    assert office.slack.ephemerals == []
    office.hear(office.slack.message("and you, <@U0EVIE>?", channel="C1", thread_ts="9.1", user="U0GUEST"))
    assert len(office.slack.ephemerals) == 1


def test_a_file_without_a_word_is_not_taken_for_a_request(office: Office) -> None:
    office.hear(office.slack.message("", subtype="file_share", files=[{"id": "F1"}]))
    assert office.answers.requests == []
    assert [post["text"] for post in office.slack.posts] == ["I cannot open files. Tell me in words what it is about."]


def test_a_click_on_a_suggestion_says_it(office: Office) -> None:
    card = Card("INV-1", "INV-1", buttons=(Button("Send & wait", say="send <INV-1> & wait"),))
    office.answers.script["show INV-1"] = lambda request: Reply(request.conversation, "Here.", cards=(card,))
    office.hear(office.slack.message("show INV-1"))
    (button,) = office.slack.posts[0]["blocks"][-1]["elements"]
    office.hear(office.slack.click(button["action_id"], button["value"], office.slack.posts[0]))
    request = office.answers.requests[-1]
    assert request.text == "send <INV-1> & wait"
    assert request.conversation == office.answers.requests[0].conversation
    assert not request.confirmed


def proposed(office: Office, *, channel: str = "C1") -> dict[str, Any]:
    """Let Ada ask for something that waits for a yes, and return the card that Evie posted."""
    office.answers.script["send INV-1"] = asks_first
    message = office.slack.message("<@U0EVIE> send INV-1", channel=channel, type="app_mention")
    office.propose(f"slack:{TEAM}:{channel}:{message['event']['ts']}")
    office.hear(message)
    return office.slack.posts[-1]


def test_a_confirmed_card_loses_its_buttons_says_who_and_when_and_the_answer_follows(office: Office) -> None:
    card = proposed(office)
    office.hear(office.slack.click("evie_confirm", "prop_1", card))
    (press,) = office.answers.presses
    assert (press.confirm, press.proposal, press.actor.member) == (True, "prop_1", "Ada")
    (update,) = office.slack.updates
    assert (update["channel"], update["ts"]) == (card["channel"], card["ts"])
    assert "actions" not in {block["type"] for block in update["blocks"]}
    assert texts(update)[-1] == snapshot("Confirmed by Ada, 11 March, 10:00\u202fam")
    assert office.slack.posts[-1]["text"] == "Sent."
    assert office.slack.posts[-1]["thread_ts"] == card["thread_ts"]


def test_a_dropped_card_says_so(office: Office) -> None:
    office.hear(office.slack.click("evie_drop", "prop_1", proposed(office)))
    assert texts(office.slack.updates[0])[-1] == snapshot("Cancelled by Ada, 11 March, 10:00\u202fam")
    assert office.slack.posts[-1]["text"] == "All right, cancelled."


def test_the_click_of_another_person_changes_nothing_and_is_answered_in_private(office: Office) -> None:
    card = proposed(office)
    office.hear(office.slack.click("evie_confirm", "prop_1", card, user="U2"))
    assert office.answers.presses[0].actor.role is Role.VIEWER
    assert office.slack.updates == []
    assert len(office.slack.posts) == 1
    (shown,) = office.slack.ephemerals
    assert (shown["user"], shown["thread_ts"], shown["text"]) == ("U2", card["thread_ts"], "Only Ada can decide it.")


def test_the_second_click_is_answered_in_private(office: Office) -> None:
    card = proposed(office)
    office.hear(office.slack.click("evie_confirm", "prop_1", card))
    office.hear(office.slack.click("evie_drop", "prop_1", card))
    assert len(office.slack.updates) == 1
    assert [shown["text"] for shown in office.slack.ephemerals] == ["That card is no longer open."]


def decides(office: Office, state: ProposalState) -> Callable[[Request], Reply]:
    """Return what an assistant does that decides the waiting proposal by words."""

    def answer(request: Request) -> Reply:
        with office.store.transaction(office.id) as tx:
            proposal = tx.talk.pending(request.conversation, request.actor.member)
            assert proposal is not None
            by = request.actor.member if state is ProposalState.DONE else None
            at = office.clock() if by else None
            tx.talk.save_proposal(replace(proposal, state=state, confirmed_by=by, confirmed_at=at))
        return Reply(request.conversation, "Right.")

    return answer


@pytest.mark.parametrize(
    ("said", "state", "sentence"),
    [
        ("yes", ProposalState.DONE, snapshot("Confirmed by Ada, 11 March, 10:00\u202fam")),
        ("no", ProposalState.DROPPED, snapshot("Cancelled by Ada, 11 March, 10:00\u202fam")),
    ],
)
def test_a_card_that_words_decide_loses_its_buttons_too(
    office: Office, said: str, state: ProposalState, sentence: str
) -> None:
    card = proposed(office)
    office.answers.script[said] = decides(office, state)
    office.hear(office.slack.message("something else", channel="C1", thread_ts=card["thread_ts"]))
    assert office.slack.updates == []
    office.hear(office.slack.message(said, channel="C1", thread_ts=card["thread_ts"]))
    (update,) = office.slack.updates
    assert (update["channel"], update["ts"]) == (card["channel"], card["ts"])
    assert "actions" not in {block["type"] for block in update["blocks"]}
    assert texts(update)[-1] == sentence
    assert office.slack.posts[-1]["text"] == "Right."


def test_a_card_that_a_newer_one_replaces_loses_its_buttons(office: Office) -> None:
    card = proposed(office)
    drop = decides(office, ProposalState.DROPPED)
    newer = replace(CARD, buttons=(Button("Send", confirm="prop_2"),))
    office.answers.script["send INV-2"] = lambda request: replace(drop(request), cards=(newer,))
    office.hear(office.slack.message("send INV-2", channel="C1", thread_ts=card["thread_ts"]))
    (update,) = office.slack.updates
    assert update["ts"] == card["ts"]
    assert texts(update)[-1] == "Replaced by a newer card below"


def test_the_card_of_a_command_cannot_be_changed_and_its_last_click_takes_it_away(office: Office) -> None:
    office.answers.script |= {"send it": asks_first, "yes": decides(office, ProposalState.DONE)}
    office.propose(f"slack:{TEAM}:C1:U1")
    office.hear(office.slack.command("send it"))
    office.hear(office.slack.command("yes"))
    assert office.slack.updates == []
    office.hear(office.slack.click("evie_confirm", "prop_1", office.slack.ephemerals[0]))
    (answer,) = office.slack.responses
    assert answer["replace_original"] is True
    assert texts(answer) == ["That card is no longer open."]


def test_a_click_on_an_expired_card_takes_its_buttons_away(office: Office) -> None:
    card = proposed(office)
    office.clock.advance(3601)
    office.hear(office.slack.click("evie_confirm", "prop_1", card))
    (update,) = office.slack.updates
    assert texts(update)[-1] == snapshot("Expired 11 March, 11:00\u202fam")
    assert [shown["text"] for shown in office.slack.ephemerals] == ["That card has expired."]


def test_a_click_that_is_delivered_twice_is_one(office: Office) -> None:
    click = office.slack.click("evie_confirm", "prop_1", proposed(office))
    office.hear(click)
    office.hear(click)
    assert len(office.answers.presses) == 1
    assert len(office.slack.posts) == 2


def test_a_guest_cannot_press_a_button(office: Office) -> None:
    office.hear(office.slack.click("evie_confirm", "prop_1", proposed(office), user="U0GUEST"))
    assert office.answers.presses == []
    assert len(office.slack.ephemerals) == 1


def test_the_card_of_a_command_is_replaced_by_its_answer(office: Office) -> None:
    office.answers.script["send it"] = asks_first
    office.propose(f"slack:{TEAM}:C1:U1")
    office.hear(office.slack.command("send it"))
    office.hear(office.slack.click("evie_confirm", "prop_1", office.slack.ephemerals[0]))
    (answer,) = office.slack.responses
    assert answer["replace_original"] is True
    assert texts(answer) == snapshot(["Sent.", "Confirmed by Ada, 11 March, 10:00\u202fam"])
    assert len(office.slack.ephemerals) == 1


def test_a_card_that_cannot_be_edited_any_more_does_not_keep_the_answer_back(office: Office) -> None:
    office.slack.fail("chat.update", Fault(error="edit_window_closed"))
    office.hear(office.slack.click("evie_confirm", "prop_1", proposed(office)))
    assert office.slack.posts[-1]["text"] == "Sent."


def test_opening_the_direct_message_offers_sentences_to_start_with(office: Office) -> None:
    opened = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"}
    office.hear(office.slack.event(opened))
    office.hear(office.slack.event(opened | {"tab": "home"}))
    (offered,) = office.slack.called("assistant.threads.setSuggestedPrompts")
    assert [prompt["message"] for prompt in offered["prompts"]][:2] == ["Connect Stripe", "Show unpaid invoices"]
    assert len(offered["prompts"]) == 4


def test_who_is_connected_is_not_offered_to_connect(office: Office) -> None:
    with office.store.transaction(office.id) as tx:
        tx.connections.add(
            StripeConnection(
                workspace_id=office.id,
                stripe_account_id="acct_1",
                livemode=False,
                direct=True,
                connected_at=office.clock(),
                connected_by="Ada",
            ),
        )
    office.hear(office.slack.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"}))
    (offered,) = office.slack.called("assistant.threads.setSuggestedPrompts")
    assert "Connect Stripe" not in [prompt["message"] for prompt in offered["prompts"]]


def breaks(request: Request) -> Reply:
    raise ZeroDivisionError(request.text)


def test_when_something_breaks_the_person_is_told_once_and_the_row_is_kept(
    office: Office, logged: list[MutableMapping[str, Any]]
) -> None:
    office.answers.script["divide"] = breaks
    office.hear(office.slack.message("divide"))
    for _ in range(12):
        office.clock.advance(600)
        office.worker.drain()
    (row,) = office.rows("inbox")
    assert (row["state"], row["attempts"]) == (RowState.PARKED, 10)
    assert len(office.answers.requests) == 10
    (post,) = office.slack.posts
    reference = re.search(r"reference: ([0-9a-f]{8})$", post["text"])
    assert reference is not None
    assert {line["reference"] for line in logged if line["event"] == "slack_request_failed"} == {reference[1]}
    assert "ZeroDivisionError" not in post["text"]
    assert office.slack.called("assistant.threads.setStatus")[-1]["status"] == ""


def test_what_broke_once_is_answered_at_the_next_try(office: Office) -> None:
    office.answers.script["divide"] = breaks
    office.hear(office.slack.message("divide"))
    del office.answers.script["divide"]
    office.clock.advance(60)
    office.worker.drain()
    assert [post["text"].split(",")[0] for post in office.slack.posts] == [
        snapshot("Something went wrong on my side. I will try again by myself; if you hear nothing more"),
        "You said: divide",
    ]


def test_a_service_that_is_away_for_a_moment_is_waited_for_without_a_word(office: Office) -> None:
    office.slack.fail("users.info", Fault(status=429, retry_after=20))
    office.hear(office.slack.message("hello", user="U2"))
    assert office.slack.posts == []
    office.clock.advance(21)
    office.worker.drain()
    assert [post["text"] for post in office.slack.posts] == ["You said: hello"]


def test_an_answer_that_slack_refuses_for_now_is_kept_and_sent_later(office: Office) -> None:
    office.slack.fail(
        "chat.postMessage", Fault(status=429, retry_after=30), Fault(status=503), Fault(error="fatal_error")
    )
    office.hear(office.slack.message("hello"))
    assert [row["state"] for row in office.rows("outbox")] == [RowState.WAITING]
    office.clock.advance(29)
    office.worker.drain()
    assert len(office.slack.called("chat.postMessage")) == 1
    for _ in range(3):
        office.clock.advance(60)
        office.worker.drain()
    assert [post["text"] for post in office.slack.posts] == ["You said: hello"]
    assert [row["state"] for row in office.rows("outbox")] == [RowState.DONE]


def test_an_answer_whose_receipt_got_lost_is_found_and_not_posted_again(office: Office) -> None:
    office.slack.fail("chat.postMessage", Fault(cut=True))
    office.hear(office.slack.message("hello"))
    assert len(office.slack.posts) == 1
    office.clock.advance(60)
    office.worker.drain()
    assert len(office.slack.posts) == 1
    (row,) = office.rows("outbox")
    assert (row["state"], row["receipt"]) == (RowState.DONE, {"channel": "D1", "ts": office.slack.posts[0]["ts"]})


def test_the_worker_hears_which_service_is_unavailable(office: Office) -> None:
    office.slack.fail("chat.postMessage", Fault(status=429, retry_after=30))
    office.hear(office.slack.message("hello"))
    assert ProviderUnavailable.__name__ in office.rows("outbox")[0]["last_error"]
