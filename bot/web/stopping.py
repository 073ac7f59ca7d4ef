"""`/reminders/{token}/stop`: a client who wants no more reminders says so, by a page or by a mail program's one click.

A mail program posts to it as RFC 8058 says, without asking; whoever opens it in a browser is asked first, because
some scanners of mail open every address in it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.auditing import PORTAL, note, on_behalf_of
from billing.conversations import SkillCall
from bot.web.clients import visitor
from bot.web.headers import FORM_POLICY
from bot.web.pages import Notice, notice, render
from skills.cards import Tone

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.web.clients import Visitor
    from bot.web.site import Site


def ask(site: Site, request: Request) -> Response:
    """Ask whether reminders should stop. An address that no longer opens the portal is good enough for that."""
    who = visitor(site, request)
    if who.contact.reminders_paused:
        return _stopped(who)
    return render("stop.html", policy=FORM_POLICY, reader=who.formats, business=who.workspace.name)


def stop(site: Site, request: Request) -> Response:
    """Stop the reminders that go out by themselves; doing so twice is fine."""
    who = visitor(site, request)
    with site.services.store.transaction(who.workspace.id) as tx:
        current = tx.contacts.get(who.contact.number, lock=True)
        if not current.reminders_paused:
            tx.contacts.save(replace(current, reminders_paused=True))
            deed = SkillCall("pause_reminders", {"number": current.number, "paused": True})
            note(tx, on_behalf_of(tx, "", PORTAL), deed, now=site.services.clock())
    return _stopped(who)


def _stopped(who: Visitor) -> Response:
    text, business = who.formats.text, who.workspace.name
    words = Notice(
        text("Reminders are stopped"),
        text("You get no more automatic reminders from {business}. Your invoices stay as they are.").format(
            business=business
        ),
        Tone.GOOD,
        business,
    )
    return notice(words, reader=who.formats)
