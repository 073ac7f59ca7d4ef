"""Asking for a person: what the asker and the person read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from billing.conversations import SkillCall
from billing.roles import Role
from skills.card_now import card_now
from skills.cards import Button, Card, Field, Row, Tone
from skills.context import Booking
from skills.hand_over_card import taken_words
from skills.registry import SKILLS
from skills.runner import Ran, Runner
from tests.support.books import a_hand_over
from tests.support.records import NOW
from tests.support.studio import Studio


def asks(studio: Studio, role: Role = Role.VIEWER, booking: Booking | None = None, **arguments: str) -> Ran:
    context = studio.context(role)
    context = replace(context, services=replace(context.services, booking=booking))
    return Runner(SKILLS).run(context, SkillCall("talk_to_human", arguments))


def test_a_viewer_is_passed_on_to_the_admins(studio: Studio) -> None:
    ran = asks(studio, topic="a chargeback")
    assert ran.text == (
        "I've passed this on to Admin about “a chargeback”. You will hear here as soon as somebody takes it."
    )
    assert (ran.status, ran.card, ran.outcome and ran.outcome.result) == ("done", None, {"request": "HLP-1"})


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("60 minutes, Google Meet, free", "You can also book a time (60 minutes, Google Meet, free): https://"),
        ("", "You can also book a time: https://"),
    ],
)
def test_a_booking_link_is_offered_with_its_length_and_place_as_set(studio: Studio, text: str, offer: str) -> None:
    ran = asks(studio, booking=Booking("https://book.example/me", text))
    assert offer in ran.text
    assert ran.card is not None
    assert ran.card.buttons == (Button("Book a time", url="https://book.example/me", tone=Tone.GOOD),)
    assert ran.card.note == text


def test_where_there_is_nobody_else_the_request_is_kept(studio: Studio) -> None:
    assert asks(studio, Role.ADMIN).text == ("I've kept your request. There is no other admin yet who could take it.")


def test_several_people_are_named(studio: Studio) -> None:
    studio.done("set_role", member="@Editor", role="admin")
    assert asks(studio).text.startswith("I've passed this on to Admin and Editor. ")


def test_the_card_asks_until_somebody_has_it(studio: Studio) -> None:
    context = studio.context()
    with studio.store.transaction(studio.id) as tx:
        tx.hand_overs.add(a_hand_over(workspace_id=studio.id))
        waits = card_now(tx, "HLP-1", context.formats, context.today, context.links)
        tx.hand_overs.save(a_hand_over(workspace_id=studio.id, topic="", said=(), taken_by="Bo", taken_at=NOW))
        taken = card_now(tx, "HLP-1", context.formats, context.today, context.links)
    assert waits == snapshot(
        Card(
            title="Ada wants to talk to a person",
            summary="Ada wants to talk to a person about “a chargeback”",
            tone=Tone.WARNING,
            badge="waiting",
            fields=(Field(label="Asked", value="11 March, 10:00\u202fam"), Field(label="About", value="a chargeback")),
            rows=(Row(title="Ada", detail="Refund it"), Row(title="Evie", detail="You need to be an admin.")),
            note="HLP-1 · What was said so far is above.",
            buttons=(Button(label="I'll take it", take="HLP-1", tone=Tone.GOOD),),
            about="HLP-1",
        )
    )
    assert taken == snapshot(
        Card(
            title="Ada wants to talk to a person",
            summary="Bo has taken Ada's request",
            tone=Tone.GOOD,
            badge="taken",
            fields=(
                Field(label="Asked", value="11 March, 10:00\u202fam"),
                Field(label="Taken by", value="Bo, 11 March, 10:00\u202fam"),
            ),
            note="HLP-1",
            about="HLP-1",
        )
    )


def test_who_clicks_reads_who_has_it() -> None:
    asked = a_hand_over(taken_by="Bo")
    assert taken_words(asked, "Bo") == "It's yours. I've told Ada."
    assert taken_words(asked, "Ada") == "Bo has taken this already."


def test_an_invoice_is_drawn_again_by_its_number(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    context = studio.context()
    with studio.store.transaction(studio.id) as tx:
        assert card_now(tx, "INV-1001", context.formats, context.today, context.links).about == "INV-1001"
