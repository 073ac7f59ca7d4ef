"""The part of the settings that is about the business: its terms, reminders, digest, deals and who is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.errors import BadArgument
from billing.news_settings import ADMINS
from bot.slack.elements import header
from bot.slack.modals.choosing import chosen
from bot.slack.modals.fields import channel_field, choice_field, option, search_field, text_field
from skills.change_settings import NONE
from skills.schedules import spoken_schedule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.ports import Formats, Transaction
    from bot.slack.elements import Block
    from bot.slack.modals.form import Desk, Filled

_ON: Final = "on"
_OFF: Final = "off"
_SWITCH: Final = [option("On", _ON), option("Off", _OFF)]
_HOURS: Final = [option(f"{hour:02}:00", str(hour)) for hour in range(24)]
_USUAL_HOUR: Final = "9"
_MOST_DAYS: Final = 365
_DEALS_SHOWN: Final = 8
_DAYS: Final = "Write a number of days from 0 to 365."
_ONE: Final = "Choose a colleague or a channel, not both."
_WHERE: Final = "Choose the channel that the digest is posted in."
_WHICH: Final = "Choose the deal that this channel is for."


def business_values(tx: Transaction) -> dict[str, str]:
    """Return what is set, as the fields hold it."""
    ids = {channel.name: channel.slack_channel_id or "" for channel in tx.people.channels()}
    news, schedule = tx.news.settings(), tx.reminders.schedule()
    people = news.people or ""
    return {
        "payment_terms": str(tx.people.workspace().payment_terms_days),
        "reminders": _ON if schedule is not None and schedule.active else _OFF,
        "digest_channel": ids.get(news.digest_channel or "", ""),
        "digest_hour": "" if news.digest_hour is None else str(news.digest_hour),
        # Who has left is not asked any more: it is as if nobody were set.
        "asked_member": people if chosen(tx, "member", people) else "",
        "asked_channel": ids.get(people, ""),
    }


def business_blocks(tx: Transaction, values: Mapping[str, str], formats: Formats) -> list[Block]:
    """Return the fields."""
    reminding = spoken_schedule(tx.reminders.schedule(), formats)
    return [
        header("A deal's own channel"),
        search_field("deal", "Deal", "opportunity", placeholder="Type a deal or a client", optional=True),
        channel_field("deal_channel", "Its channel", hint=f"Left empty, its news goes where all goes. {_deals(tx)}"),
        header("When somebody wants a person"),
        search_field(
            "asked_member",
            "Colleague who is asked",
            "member",
            chosen=chosen(tx, "member", values["asked_member"]),
            placeholder="Type a name",
            optional=True,
        ),
        channel_field("asked_channel", "Or a channel", value=values["asked_channel"], hint="Left empty: all admins."),
        header("Daily digest"),
        channel_field("digest_channel", "Channel", value=values["digest_channel"], hint="Left empty: no digest."),
        choice_field("digest_hour", "Hour", _HOURS, value=values["digest_hour"], hint=_by_clock(tx), optional=True),
        header("Clients"),
        text_field("payment_terms", "Days to pay", value=values["payment_terms"], most=3, hint="After its issue."),
        choice_field(
            "reminders",
            "Reminders by schedule",
            _SWITCH,
            value=values["reminders"],
            hint=f"While on, they leave without a further yes. {reminding}",
        ),
    ]


def _by_clock(tx: Transaction) -> str:
    # The setting goes by where the business is, not by where the reader is.
    zone = tx.people.workspace().timezone
    return f"By the clock of {zone.rpartition('/')[2].replace('_', ' ')}. Left empty: 09:00."


def _deals(tx: Transaction) -> str:
    routes = tx.news.deal_routes()
    shown = ", ".join(f"{route.opportunity}: {route.channel}" for route in routes[:_DEALS_SHOWN])
    more = f" and {len(routes) - _DEALS_SHOWN} more" if len(routes) > _DEALS_SHOWN else ""
    return f"{shown}{more}." if shown else ""


def read_business(desk: Desk, filled: Filled) -> dict[str, Any]:
    """Return what was changed as arguments of `change_settings`; errors are noted at their fields."""
    changed = filled.changed("payment_terms", "reminders")
    arguments: dict[str, Any] = {}
    if "payment_terms" in changed:
        arguments["payment_terms"] = filled.read("payment_terms", _days)
    if filled.emptied("payment_terms"):
        filled.errors["payment_terms"] = _DAYS
    if "reminders" in changed:
        arguments["reminders"] = filled.text("reminders") == _ON
    return arguments | _deal(desk, filled) | _people(desk, filled) | _digest(desk, filled)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > _MOST_DAYS:
        raise BadArgument(_DAYS)
    return int(text)


def _deal(desk: Desk, filled: Filled) -> dict[str, str]:
    deal = filled.text("deal")
    if not deal:
        if filled.text("deal_channel"):
            filled.errors["deal"] = _WHICH
        return {}
    channel = filled.channel("deal_channel", desk) if filled.text("deal_channel") else NONE
    return {"opportunity": deal, "deal_channel": channel}


def _people(desk: Desk, filled: Filled) -> dict[str, str]:
    names = ("asked_member", "asked_channel")
    if not filled.changed(*names) and not any(filled.emptied(name) for name in names):
        return {}
    member, channel = (filled.text(name) for name in names)
    if member and channel:
        filled.errors["asked_channel"] = _ONE
    if channel:
        return {"people": filled.channel("asked_channel", desk)}
    return {"people": member or ADMINS}


def _digest(desk: Desk, filled: Filled) -> dict[str, Any]:
    if filled.emptied("digest_channel"):
        return {"digest_channel": NONE}
    names = ("digest_channel", "digest_hour")
    if not filled.changed(*names) and not filled.emptied("digest_hour"):
        return {}
    if not filled.text("digest_channel"):
        filled.errors["digest_channel"] = _WHERE
        return {}
    hour = int(filled.text("digest_hour") or _USUAL_HOUR)
    return {"digest_channel": filled.channel("digest_channel", desk), "digest_hour": hour}
