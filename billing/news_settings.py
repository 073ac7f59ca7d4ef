"""Setting where news goes, for admins: who hears that somebody wants a person, a deal's own channel, the digest."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from billing.auditing import note
from billing.conversations import SkillCall
from billing.errors import BadArgument, NotAllowed, UnknownRecord
from billing.news import DealRoute
from billing.roles import Role
from billing.workspaces import Channel

if TYPE_CHECKING:
    from datetime import datetime

    from billing.conversations import Actor
    from billing.news import NewsSettings
    from billing.ports import Transaction

ADMINS: Final = "admins"
_CHANNEL: Final = re.compile(r"#[^\s#@,<>|]{1,80}")
_HOURS: Final = range(24)


def set_people(tx: Transaction, actor: Actor, place: str) -> NewsSettings:
    """Set who is asked when somebody wants a person: `#help`, `@Sam`, or `admins`; raises BillingError."""
    _require_admin(actor)
    said = place.strip()
    people: str | None = None
    if said.startswith("@"):
        people = f"@{_member(tx, said.removeprefix('@'))}"
    elif said.casefold() != ADMINS:
        people = _channel(tx, said)
    return _saved(tx, actor, SkillCall("set_people", {"people": people or ADMINS}), people=people)


def set_deal_channel(tx: Transaction, actor: Actor, opportunity: str, channel: str | None) -> None:
    """Send news about an opportunity to a channel of its own, or (None) where all news goes; raises BillingError."""
    _require_admin(actor)
    number = tx.opportunities.get(opportunity).number
    if channel is None:
        tx.news.drop_deal_route(number)
    else:
        tx.news.set_deal_route(DealRoute(tx.workspace_id, number, _channel(tx, channel)))
    deed = SkillCall("set_deal_channel", {"opportunity": number, "channel": channel})
    note(tx, actor, deed, now=tx.now())


def set_digest(tx: Transaction, actor: Actor, *, channel: str, hour: int, now: datetime) -> NewsSettings:
    """Post a digest to a channel every day at that hour (0 to 23) where the business is; raises BillingError."""
    _require_admin(actor)
    if hour not in _HOURS:
        raise BadArgument("The hour is between 0 and 23.")
    named = _channel(tx, channel)
    deed = SkillCall("set_digest", {"channel": named, "hour": hour})
    return _saved(tx, actor, deed, digest_channel=named, digest_hour=hour, digest_set_at=now)


def drop_digest(tx: Transaction, actor: Actor) -> NewsSettings:
    """Post no digest any more; raises NotAllowed."""
    _require_admin(actor)
    deed = SkillCall("drop_digest", {})
    return _saved(tx, actor, deed, digest_channel=None, digest_hour=None, digest_set_at=None)


def _saved(tx: Transaction, actor: Actor, deed: SkillCall, **fields: Any) -> NewsSettings:  # noqa: ANN401 - its own
    settings = replace(tx.news.settings(), **fields)
    tx.news.save_settings(settings)
    note(tx, actor, deed, now=tx.now())
    return settings


def _require_admin(actor: Actor) -> None:
    if not actor.role.allows(Role.ADMIN):
        raise NotAllowed("Only an admin sets where news goes.")


def _member(tx: Transaction, said: str) -> str:
    name = next((one.name for one in tx.people.members() if one.name.casefold() == said.casefold()), None)
    if name is None:
        raise UnknownRecord(f"There is nobody called {said} in this workspace.")
    return name


def _channel(tx: Transaction, said: str) -> str:
    name = said.strip().lower()
    if not _CHANNEL.fullmatch(name):
        raise BadArgument(f"“{said}” is not a channel. Write it like #billing.")
    if name not in {channel.name for channel in tx.people.channels()}:
        tx.people.save_channel(Channel(tx.workspace_id, name))
    return name
