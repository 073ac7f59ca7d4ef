"""Handing over to a person: who is asked, what they get to read, and that one of them takes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billing.conversations import Actor, Turn
from billing.errors import BadArgument, NotAllowed, UnknownRecord
from billing.hand_overs import HandOver
from billing.handing_over import Wanted, hand_over, take
from billing.news_settings import drop_digest, set_deal_channel, set_digest, set_people
from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role
from billing.screens import Screen
from billing.workspaces import AWAY, Member
from tests.support.studio import Studio


def actor(studio: Studio, name: str, role: Role) -> Actor:
    return Actor(studio.id, name, role, "slack")


ADMIN, EDITOR, VIEWER = (("Admin", Role.ADMIN), ("Editor", Role.EDITOR), ("Viewer", Role.VIEWER))


def ask(studio: Studio, member: str = "Viewer", topic: str = "", key: str = "said:1") -> HandOver:
    with studio.store.transaction(studio.id) as tx:
        return hand_over(tx, Wanted(member, "c1", topic, key), now=studio.now)


def taken(studio: Studio, number: str, who: tuple[str, Role]) -> HandOver:
    with studio.store.transaction(studio.id) as tx:
        return take(tx, number, actor(studio, *who), now=studio.now)


def people(studio: Studio, place: str) -> None:
    with studio.store.transaction(studio.id) as tx:
        set_people(tx, actor(studio, *ADMIN), place)


def asked(studio: Studio) -> list[dict[str, Any]]:
    return [dict(message.payload) for message in studio.outbox(OutboxKind.HANDOVER)]


def says(studio: Studio) -> list[OutboxMessage]:
    return studio.outbox(OutboxKind.SAY)


def turn(studio: Studio, number: int, text: str, reply: dict[str, Any]) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.talk.add_turn(Turn(studio.id, "c1", f"k{number}", "Viewer", text, reply, studio.now))


def test_all_admins_are_asked_where_nobody_is_set(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_member(Member(studio.id, "Bea", Role.ADMIN))
    ask(studio)
    assert asked(studio) == [{"number": "HLP-1", "member": "Admin"}, {"number": "HLP-1", "member": "Bea"}]
    ask(studio, "Admin", key="said:2")
    assert asked(studio) == [{"number": "HLP-2", "member": "Bea"}]


def test_who_left_the_slack_is_not_asked_any_more(studio: Studio) -> None:
    people(studio, "@editor")
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_member(Member(studio.id, "Editor", Role.VIEWER, f"{AWAY}U7"))
    ask(studio)
    assert asked(studio) == [{"number": "HLP-1", "member": "Admin"}]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("#Help", {"number": "HLP-1", "channel": "#help"}),
        ("@editor", {"number": "HLP-1", "member": "Editor"}),
        ("admins", {"number": "HLP-1", "member": "Admin"}),
        ("@viewer", {"number": "HLP-1", "member": "Admin"}),
    ],
)
def test_the_channel_or_person_that_is_set_is_asked_unless_that_is_who_asks(
    studio: Studio, place: str, expected: dict[str, str]
) -> None:
    people(studio, place)
    ask(studio)
    assert asked(studio) == [expected]


def test_what_was_said_goes_along_but_nothing_that_was_whispered(studio: Studio) -> None:
    turn(studio, 1, "refund  INV-1001\nplease", {"reply": "You need to be an admin.", "cards": [{"private": False}]})
    turn(studio, 2, "x" * 999, {"reply": "https://evie.example/connect?token=secret", "cards": [{"private": True}]})
    assert ask(studio).said == (
        ("Viewer", "refund INV-1001 please"),
        ("Evie", "You need to be an admin."),
        ("Viewer", "x" * 280 + "…"),
        ("Evie", "(answered in private)"),
    )


def test_asking_again_while_nobody_has_taken_it_asks_nobody_twice(studio: Studio) -> None:
    first = ask(studio, topic="a chargeback")
    assert ask(studio, topic="a chargeback") == first
    assert ask(studio, key="said:2") == first
    assert ask(studio, topic="a chargeback", key="said:3") == first
    assert len(asked(studio)) == 1
    assert ask(studio, topic="a refund", key="said:4").number == "HLP-2"
    taken(studio, "HLP-1", ADMIN)
    taken(studio, "HLP-2", ADMIN)
    assert ask(studio, key="said:5").number == "HLP-3"


def test_who_is_set_later_hears_of_what_waits_still_where_it_is_asked_for_again(studio: Studio) -> None:
    people(studio, "@Editor")
    first = ask(studio)
    people(studio, "#help")
    assert ask(studio, key="said:2") == first
    assert asked(studio) == [
        {"number": first.number, "member": "Editor"},
        {"number": first.number, "channel": "#help"},
    ]
    taken(studio, first.number, ADMIN)
    people(studio, "@Admin")
    assert ask(studio).number == first.number
    assert asked(studio) == []


def test_one_of_two_takes_it_and_the_asker_hears_who(studio: Studio) -> None:
    ask(studio, topic="a chargeback")
    with studio.store.transaction(studio.id) as tx:
        tx.screens.put(Screen(studio.id, "D1:1.1", "HLP-1", studio.now, {"ts": "1.1"}))
    studio.outbox()
    studio.now += timedelta(minutes=3)
    assert (taken(studio, "HLP-1", EDITOR).taken_by, taken(studio, "HLP-1", ADMIN).taken_by) == ("Editor", "Editor")
    assert taken(studio, "HLP-1", EDITOR).taken_at == studio.now
    told, redrawn = studio.outbox()
    assert (told.lane, told.payload["text"]) == (
        "c1",
        "Viewer, Editor has taken your request about “a chargeback” and will get back to you.",
    )
    assert redrawn.payload == {"about": "HLP-1"}


def test_neither_the_asker_nor_another_viewer_takes_it(studio: Studio) -> None:
    ask(studio)
    with pytest.raises(NotAllowed, match="somebody else has to take it"):
        taken(studio, "HLP-1", VIEWER)
    with pytest.raises(NotAllowed, match="An editor or an admin has to take this"):
        taken(studio, "HLP-1", ("Vic", Role.VIEWER))
    with pytest.raises(UnknownRecord):
        taken(studio, "HLP-9", ADMIN)


def test_a_viewer_who_was_set_takes_it(studio: Studio) -> None:
    people(studio, "@Viewer")
    ask(studio, "Editor")
    assert taken(studio, "HLP-1", VIEWER).taken_by == "Viewer"
    assert [message.payload["text"] for message in says(studio)] == [
        "Editor, Viewer has taken your request and will get back to you."
    ]


# Setting where news goes


@pytest.mark.parametrize(("place", "error"), [("@zed", UnknownRecord), ("help", BadArgument), ("#a b", BadArgument)])
def test_a_place_that_is_none_is_refused(studio: Studio, place: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        people(studio, place)


def test_only_an_admin_sets_where_news_goes(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        for change in (
            lambda who: set_people(tx, who, "#help"),
            lambda who: set_deal_channel(tx, who, "OPP-1", "#deal"),
            lambda who: set_digest(tx, who, channel="#billing", hour=9, now=studio.now),
            lambda who: drop_digest(tx, who),
        ):
            with pytest.raises(NotAllowed, match="Only an admin"):
                change(actor(studio, *EDITOR))


def test_a_deal_gets_a_channel_of_its_own_and_loses_it(studio: Studio) -> None:
    who = actor(studio, *ADMIN)
    with studio.store.transaction(studio.id) as tx:
        set_deal_channel(tx, who, "OPP-1", "#Bluebird")
        assert [route.channel for route in tx.news.deal_routes()] == ["#bluebird"]
        set_deal_channel(tx, who, "OPP-1", None)
        assert tx.news.deal_routes() == []
        with pytest.raises(UnknownRecord):
            set_deal_channel(tx, who, "OPP-9", "#bluebird")


def test_a_digest_is_switched_on_and_off_and_knows_the_hours_of_a_day(studio: Studio) -> None:
    who = actor(studio, *ADMIN)
    with studio.store.transaction(studio.id) as tx:
        set_people(tx, who, "#help")
        on = set_digest(tx, who, channel="#billing", hour=9, now=studio.now)
        assert (on.digest_channel, on.digest_hour, on.digest_set_at, on.people) == ("#billing", 9, studio.now, "#help")
        off = drop_digest(tx, who)
        assert (off.digest_channel, off.digest_hour, off.digest_set_at, off.people) == (None, None, None, "#help")
        assert tx.news.settings() == off
        with pytest.raises(BadArgument, match="between 0 and 23"):
            set_digest(tx, who, channel="#billing", hour=24, now=studio.now)
