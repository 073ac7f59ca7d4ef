"""A link is handed over alone, to whoever wants to copy it: from a card nothing can be copied on a telephone."""

from __future__ import annotations

from typing import Any

import pytest

from bot.assistant.reply import Reply
from skills.cards import Button, Card
from tests.support.slack_office import Office

Json = dict[str, Any]
LINK = "https://evie.example/pay/abc"


def card(office: Office, ask: Json) -> Json:
    shown = Card("Invoice", "Invoice", buttons=(Button("Open pay page", url=LINK), Button("Copy link", copy=LINK)))
    office.answers.script["show it"] = lambda request: Reply(request.conversation, "Here.", cards=(shown,))
    office.hear(ask)
    return (office.slack.posts or office.slack.ephemerals)[0]


def click(office: Office, message: Json, user: str = "U1") -> None:
    button = next(block for block in message["blocks"] if block["type"] == "actions")["elements"][1]
    assert button["text"]["text"] == "Copy link"
    office.hear(office.slack.click(button["action_id"], button["value"], message, user=user))


def test_in_a_channel_the_link_is_for_whoever_clicked(office: Office) -> None:
    message = card(office, office.slack.message("<@U0EVIE> show it", channel="C1", type="app_mention"))
    click(office, message)
    [whispered] = office.slack.ephemerals
    assert (whispered["user"], whispered["text"]) == ("U1", LINK)
    assert len(office.slack.posts) == 1


def test_in_a_direct_message_it_stands_alone_below(office: Office) -> None:
    message = card(office, office.slack.message("show it"))
    click(office, message)
    assert [post["text"] for post in office.slack.posts] == ["Here.", LINK]
    [block] = office.slack.posts[1]["blocks"]
    assert [piece["type"] for piece in block["elements"][0]["elements"]] == ["link"]


def test_what_one_person_sees_alone_is_copied_from_as_well(office: Office) -> None:
    click(office, card(office, office.slack.command("show it")))
    assert [shown["text"] for shown in office.slack.ephemerals] == ["Here.", LINK]


@pytest.mark.parametrize("user", ["U0GUEST", "U0OTHER"])
def test_people_whom_evie_does_not_work_for_get_no_link(office: Office, user: str) -> None:
    click(office, card(office, office.slack.message("<@U0EVIE> show it", channel="C1", type="app_mention")), user)
    assert LINK not in office.slack.ephemerals[-1]["text"]
