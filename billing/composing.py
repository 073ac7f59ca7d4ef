"""Making automations: what somebody asks for is checked as a whole, and is off until somebody switches it on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from billing.answering import withdraw
from billing.automations import Action, ActionKind, Automation, Conditions, Trigger, fingerprint
from billing.errors import BadArgument, MissingArgument
from billing.invoices import InvoiceKind
from billing.merging import check_text
from billing.roles import Role
from billing.webhooks import WebhookEndpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from billing.conversations import Actor
    from billing.ports import Transaction

# More automations than this are a loop in whatever makes them.
MOST: Final = 200
_MOST_STEPS: Final = 10
_TIMED: Final = frozenset(
    {ActionKind.POST_MESSAGE, ActionKind.SEND_REMINDER, ActionKind.CALL_WEBHOOK, ActionKind.ASSIGN_TASK}
)
_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. `request_key` is the call's, `message` what the calls of one message have in common."""

    triggers: tuple[Trigger, ...]
    actions: tuple[Action, ...]
    member: str
    request_key: str
    name: str = ""
    message: str = ""
    where: Conditions = field(default_factory=Conditions)
    after: str | None = None
    schedule: str | None = None
    next_at: datetime | None = None


def compose(tx: Transaction, wanted: Wanted, title: Callable[[Automation], str], *, now: datetime) -> Automation:
    """Make the automation, or add a step to the one that the same message made for the same occasion.

    `title` names one that nobody has named. Tried again with the same request key, return what was made.
    Raises BadArgument and MissingArgument.
    """
    check(wanted)
    existing = tx.automations.list()
    made = next((one for one in existing if _has_step_of(one, wanted.request_key)), None)
    if made is not None:
        return made
    steps = tuple(replace(action, added_by=wanted.request_key) for action in wanted.actions)
    begun = next((one for one in existing if _is_of_message(one, wanted)), None)
    if begun is not None:
        return tx.automations.save(replace(begun, actions=within_limit((*begun.actions, *steps))))
    if len(existing) >= MOST:
        raise BadArgument(f"There are {len(existing)} automations already. Delete some before you make another.")
    automation = _automation(tx, wanted, steps, now)
    return tx.automations.add(replace(automation, name=automation.name or title(automation)))


def _automation(tx: Transaction, wanted: Wanted, steps: tuple[Action, ...], now: datetime) -> Automation:
    return Automation(
        workspace_id=tx.workspace_id,
        number=tx.automations.next_number(),
        name=wanted.name,
        active=False,
        trigger=wanted.triggers[0],
        also=wanted.triggers[1:],
        actions=within_limit(steps),
        created_at=now,
        where=wanted.where,
        after=wanted.after,
        request_key=wanted.request_key,
        schedule=wanted.schedule,
        next_at=wanted.next_at,
        created_by=wanted.member,
    )


def _has_step_of(automation: Automation, request_key: str) -> bool:
    return any(step.added_by == request_key for step in automation.actions)


def _is_of_message(automation: Automation, wanted: Wanted) -> bool:
    """Say whether the same message made it just before, to happen on the same occasion: then this is its next step."""
    same = (automation.triggers, automation.where, automation.after, automation.schedule)
    begun = any((step.added_by or "").startswith(f"{wanted.message}:") for step in automation.actions)
    return bool(wanted.message) and begun and same == (wanted.triggers, wanted.where, wanted.after, wanted.schedule)


def within_limit(steps: tuple[Action, ...]) -> tuple[Action, ...]:
    """Return the steps; raises BadArgument where they are more than one automation takes."""
    if len(steps) > _MOST_STEPS:
        raise BadArgument(f"An automation has at most {_MOST_STEPS} steps. Make another one for the rest.")
    return steps


def check(wanted: Wanted | Automation) -> None:
    """Raise BadArgument or MissingArgument unless what is wanted, or an automation as it shall be, can work."""
    timed = Trigger.SCHEDULED in wanted.triggers
    if timed and wanted.schedule is None:
        raise MissingArgument("When should it run? Say for example “every Monday at 9”.", ("schedule",))
    if timed and len(wanted.triggers) > 1:
        raise BadArgument("An automation that runs by the calendar has no other trigger. Make two of them.")
    if wanted.schedule is not None and not timed:
        raise BadArgument("A schedule belongs to an automation that runs by the calendar, and to no other.")
    reminds = any(action.do is ActionKind.SEND_REMINDER for action in wanted.actions)
    if timed and not reminds and wanted.where != Conditions():
        raise BadArgument("What runs by the calendar is about no one invoice, so nothing of one can be a condition.")
    if wanted.after is not None and wanted.after.startswith("-") and wanted.triggers != (Trigger.INVOICE_DUE,):
        raise BadArgument("Only what is due has a time before it: say “3 days before the due date”.")
    for action in wanted.actions:
        _check_action(action, timed=timed)


def _check_action(action: Action, *, timed: bool) -> None:
    arguments = action.arguments
    reminds = action.do is ActionKind.SEND_REMINDER
    if action.after is not None and action.after.startswith("-"):
        raise BadArgument("A step comes after the one before it, never before. Leave the minus out.")
    if timed and action.do not in _TIMED:
        raise BadArgument("That is about one invoice, and a schedule is about none. Choose what has to happen to one.")
    if action.do is ActionKind.CREATE_INVOICE:
        _check_invoice(action)
    if action.do is ActionKind.CALL_WEBHOOK:
        checked_url(str(arguments["url"]))
    if arguments.get("text"):
        check_text(str(arguments["text"]), about_invoice=not timed or reminds)


def _check_invoice(action: Action) -> None:
    arguments = action.arguments
    if "amount" in arguments and "percent" in arguments:
        raise BadArgument("Say either an amount or a percentage for the next invoice, not both.")
    rest = arguments.get("kind") == InvoiceKind.FINAL.value
    if not rest and not {"amount", "percent"} & arguments.keys():
        raise MissingArgument("How much should the next invoice be? Say a percentage or an amount.", ("action",))


def checked_url(url: str) -> str:
    """Return the address; raises BadArgument unless it is one of a public server, by name and over TLS.

    What the name leads to is looked at before each call, since that changes.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadArgument(f"“{url[:200]}” is not an address that can be called.") from None
    if parts.scheme != "https" or port not in {None, 443, 8443} or parts.username or parts.password:
        raise BadArgument("A webhook's address begins with https:// and has no password in it.")
    host = (parts.hostname or "").rstrip(".")
    if not _HOST.fullmatch(host) or host.rsplit(".", 1)[-1].isdigit():
        raise BadArgument("A webhook's address names a public server, such as https://hooks.shop.example/paid.")
    return url


def open_webhooks(
    tx: Transaction, automation: Automation, seal: Callable[[], tuple[str, str]], *, now: datetime
) -> dict[str, str]:
    """Keep an endpoint for each address that it calls; return the signing secret of each that is new.

    `seal` returns a new secret, in plain and sealed. An address that was switched off is given another chance.
    """
    found: dict[str, str] = {}
    for action in automation.actions:
        if action.do is not ActionKind.CALL_WEBHOOK:
            continue
        url = str(action.arguments["url"])
        known = tx.webhooks.find(url)
        if known is None:
            plain, sealed = seal()
            tx.webhooks.put(WebhookEndpoint(tx.workspace_id, url, sealed, now))
            found[url] = plain
    return found


def switch(tx: Transaction, number: str, actor: Actor, *, active: bool, now: datetime) -> Automation:
    """Switch an automation on or off; raises UnknownRecord.

    An admin who switches it on confirms exactly what it does: from then on it may reach clients without being asked,
    and it is theirs, whoever or whatever confirmed it before.
    """
    automation = tx.automations.get(number, lock=True)
    since = now if active and not automation.active else automation.switched_on_at
    switched = replace(automation, active=active, switched_on_at=since)
    if active and actor.role is Role.ADMIN:
        switched = replace(switched, confirmed=fingerprint(switched), confirmed_by=actor.member, confirmed_at=now)
    if active:
        _reopen_webhooks(tx, switched)
    return tx.automations.save(switched)


def _reopen_webhooks(tx: Transaction, automation: Automation) -> None:
    """Give addresses that were switched off another chance: somebody says that they are there again."""
    for action in automation.actions:
        endpoint = tx.webhooks.find(str(action.arguments["url"])) if "url" in action.arguments else None
        if endpoint is not None and endpoint.disabled_at is not None:
            tx.webhooks.put(replace(endpoint, disabled_at=None, failures=0))


def remove(tx: Transaction, number: str, *, now: datetime) -> Automation:
    """Delete an automation: it never runs again, and what it did stays on record. Raises UnknownRecord."""
    automation = tx.automations.get(number, lock=True)
    withdraw(tx, number, now=now)
    return tx.automations.save(replace(automation, active=False, deleted_at=now))
