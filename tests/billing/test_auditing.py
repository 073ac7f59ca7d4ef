"""What is done beside the skills has a line that says who, through which front, and on whose word."""

from __future__ import annotations

from billing.auditing import PORTAL, note, on_behalf_of
from billing.connecting import ended_at_stripe
from billing.conversations import SkillCall
from billing.handing_over import Wanted, hand_over, take
from billing.news_settings import set_deal_channel, set_digest
from billing.reminder_settings import pause
from billing.roles import Role
from tests.support.studio import Studio


def noted(studio: Studio) -> list[tuple[str, str, str]]:
    with studio.store.transaction(studio.id) as tx:
        return [(one.member, one.front, one.skill) for one in reversed(tx.talk.audit_entries(limit=99))]


def test_settings_made_at_the_desk_are_noted_with_who_made_them(studio: Studio) -> None:
    admin = studio.context(Role.ADMIN).actor
    with studio.store.transaction(studio.id) as tx:
        set_deal_channel(tx, admin, "OPP-1", "#bluebird")
        set_digest(tx, admin, channel="#billing", hour=9, now=studio.now)
        pause(tx, admin, "CON-1", paused=True, now=studio.now)
    assert noted(studio) == [
        ("Admin", "terminal", "set_deal_channel"),
        ("Admin", "terminal", "set_digest"),
        ("Admin", "terminal", "pause_reminders"),
    ]


def test_who_takes_a_request_is_noted_once(studio: Studio) -> None:
    editor, admin = studio.context(Role.EDITOR).actor, studio.context(Role.ADMIN).actor
    with studio.store.transaction(studio.id) as tx:
        asked = hand_over(tx, Wanted("Viewer", "c1", "", "r"), now=studio.now)
        take(tx, asked.number, editor, now=studio.now)
        take(tx, asked.number, admin, now=studio.now)
    assert noted(studio) == [("Editor", "terminal", "take_request")]


def test_what_is_tried_again_is_noted_once_and_what_is_done_again_twice(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        client = on_behalf_of(tx, "", PORTAL)
        for _ in range(2):
            note(tx, client, SkillCall("send_reminder", {}), now=studio.now, key="reminder:1")
            note(tx, client, SkillCall("pause_reminders", {}), now=studio.now)
    assert [skill for *_, skill in noted(studio)] == ["send_reminder", "pause_reminders", "pause_reminders"]


def test_the_end_of_a_connection_that_stripe_tells_is_noted_once(studio: Studio) -> None:
    studio.connect()
    with studio.store.transaction(studio.id) as tx:
        active = tx.connections.active()
        assert active is not None
        ends = [ended_at_stripe(tx, active, "Stripe ended it.", now=studio.now) for _ in range(2)]
    assert ends == [True, False]
    assert noted(studio) == [("", "stripe", "disconnect_stripe")]
