"""A list is turned like pages where it stands, as it is by then and as the person who clicks may see it."""

from __future__ import annotations

from typing import Any

import pytest

from billing.contacts import Contact
from bot.assistant.reply import Reply
from skills.cards import Card, Listed, Row
from tests.support.slack import Fault
from tests.support.slack_office import OFFICE, Office

Json = dict[str, Any]


def listed(office: Office, clients: int, *beside: Card, by_model: bool = False, ask: Json | None = None) -> Json:
    """Let Ada ask for a list of that many clients, and return the message that shows it."""
    with office.store.transaction(OFFICE) as tx:
        for number in range(1, clients + 1):
            tx.contacts.add(Contact(OFFICE, f"CON-{number}", f"Client {number}", office.clock()))
    rows = tuple(Row(f"CON-{number}") for number in range(1, clients + 1))
    card = Card("Clients", f"Clients: {clients}", rows=rows, listed=Listed("find_contacts", {}))
    office.answers.script["clients"] = lambda request: Reply(
        request.conversation, "Here.", cards=(card, *beside), route="model" if by_model else "rules"
    )
    office.hear(ask or office.slack.message("clients"))
    return (office.slack.posts or office.slack.ephemerals)[0]


def turned(office: Office, message: Json, label: str, **changes: str) -> Json:
    """Click on a button of a list; return the click."""
    buttons = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
    button = next(one for one in buttons if one["text"]["text"] == label)
    value = button["value"]
    for was, now in changes.items():
        value = value.replace(f'"start":{was.removeprefix("at_")}', f'"start":{now}')
    click = office.slack.click(button["action_id"], value, message)
    office.hear(click)
    return click


def numbers(message: Json) -> list[int]:
    words = str(message["blocks"])
    return [number for number in range(1, 60) if f"CON-{number} ·" in words or f"• CON-{number}'" in words]


def labels(message: Json) -> list[str]:
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


def test_a_click_turns_the_page_where_the_list_stands_and_back_again(office: Office) -> None:
    message = listed(office, 35)
    turned(office, message, "Show more")
    page = office.slack.updates[0]
    assert ((page["channel"], page["ts"]), page["text"]) == ((message["channel"], message["ts"]), "Here.")
    assert (numbers(page), labels(page)) == (list(range(16, 31)), ["Back", "Show more"])
    assert "16–30 of 35" in str(page["blocks"])
    turned(office, message | page, "Show more")
    last = office.slack.updates[1]
    assert (numbers(last), labels(last)) == (list(range(31, 36)), ["Back"])
    turned(office, message | last, "Back")
    assert numbers(office.slack.updates[2]) == list(range(16, 31))
    assert office.slack.posts == [message]


def test_what_one_person_sees_alone_is_turned_for_that_person_alone(office: Office) -> None:
    message = listed(office, 20, ask=office.slack.command("clients"))
    turned(office, message, "Show more")
    [page] = office.slack.responses
    assert (page["replace_original"], numbers(page)) == (True, list(range(16, 21)))
    assert office.slack.posts == []


def test_a_list_that_became_shorter_shows_its_last_page(office: Office) -> None:
    message = listed(office, 16)
    turned(office, message, "Show more", at_15="30")
    assert numbers(office.slack.updates[0]) == [16]


def test_a_list_among_other_cards_goes_on_below(office: Office) -> None:
    message = listed(office, 35, Card("Another", "Another"))
    turned(office, message, "Show more")
    below = office.slack.posts[1]
    assert (below["thread_ts"], below["text"]) == (message["thread_ts"], "Here is more of it.")
    assert numbers(below) == list(range(16, 31))
    assert office.slack.updates == []


@pytest.mark.parametrize("reason", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_a_page_that_cannot_take_the_lists_place_is_posted_below(office: Office, reason: str) -> None:
    message = listed(office, 35)
    office.slack.fail("chat.update", Fault(reason))
    turned(office, message, "Show more")
    assert numbers(office.slack.posts[1]) == list(range(16, 31))


def test_whether_a_models_answer_helped_can_be_said_on_every_page(office: Office) -> None:
    message = listed(office, 35, by_model=True)
    turned(office, message, "Show more")
    assert [block["type"] for block in office.slack.updates[0]["blocks"]][-1] == "context_actions"


def test_a_click_that_was_sent_twice_turns_one_page(office: Office) -> None:
    message = listed(office, 16)
    office.hear(turned(office, message, "Show more"))
    assert len(office.slack.updates) == 1


def test_a_button_from_before_lists_could_be_turned_still_works(office: Office) -> None:
    message = listed(office, 16)
    value = '{"skill":"find_contacts","arguments":{},"start":15}'
    office.hear(office.slack.click("evie_more", value, message))
    assert numbers(office.slack.updates[0]) == [16]
