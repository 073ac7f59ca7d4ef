"""The examination of an installation: what is set up, what is wrong, and how to mend it, a line for each part."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from billing.errors import BillingError
from bot.logs import unexpected
from bot.retrying import ago, in_words
from bot.settings import SettingsError, load, require_secret
from bot.slack.installing import INSTALL_PATH
from bot.slack.manifest import BOT_SCOPES
from bot.web.health import TOO_LONG_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bot.application import Application
    from bot.settings import Settings
    from bot.slack.client import Identity

    Check = Callable[[Application], Iterator["Finding"]]

_SQLITE: Final = "sqlite:///"
_MOST_NAMED: Final = 5


class Level(StrEnum):
    """`fail` is something needed that does not work; `warn` works, but not as somebody would want it."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part stands. `text` says what is wrong and how to mend it."""

    name: str
    level: Level
    text: str


def examine(build: Callable[[Settings], Application]) -> Iterator[Finding]:
    """Yield the findings, the settings first; without them there is nothing more to look at."""
    try:
        settings = load()
        require_secret(settings)
    except SettingsError as error:
        yield Finding("settings", Level.FAIL, str(error))
        return
    yield Finding("settings", Level.OK, "Every setting has a form that can be used.")
    application = build(settings)
    with closing(application):
        for name, check in _CHECKS.items():
            yield from _guarded(name, check, application)


def _guarded(name: str, check: Check, application: Application) -> Iterator[Finding]:
    try:
        yield from check(application)
    except BillingError as error:
        yield Finding(name, Level.FAIL, error.user_message)
    except Exception as error:  # noqa: BLE001 - the other parts are to be looked at all the same
        yield Finding(name, Level.FAIL, unexpected(error))


def _database(application: Application) -> Iterator[Finding]:
    url = application.settings.database_url
    file = Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None
    if file is not None and not file.exists():
        yield Finding("database", Level.OK, f"{file} will be made at the first start.")
        return
    if file is not None:
        application.store.migrate()
    application.store.require_current()
    count = len(application.store.directory.workspaces())
    yield Finding("database", Level.OK, f"{'SQLite' if file else 'PostgreSQL'}, {count} workspace{'s' * (count != 1)}.")
    yield from _queues(application)


def _queues(application: Application) -> Iterator[Finding]:
    """Name the row that has waited longest, and what is parked, by kind and reason."""
    unfinished, now = application.store.unfinished, application.services.clock()
    oldest, parked = unfinished.oldest(), unfinished.parked()
    if oldest is not None:
        level = Level.FAIL if (now - oldest.since).total_seconds() > TOO_LONG_SECONDS else Level.OK
        cure = " Is a worker running?" if level is Level.FAIL and not oldest.attempts else ""
        yield Finding("queues", level, f"The oldest row that waits: {in_words(oldest, now).rstrip('.')}.{cure}")
    for row in parked[:_MOST_NAMED]:
        yield Finding("queues", Level.WARN, f"Given up: {in_words(row, now)}. Try it again with: evie retry {row.id}")
    if len(parked) > _MOST_NAMED:
        yield Finding("queues", Level.WARN, f"{len(parked) - _MOST_NAMED} more are given up; “evie retry” lists them.")
    yield from _held_up(application, now)
    if oldest is None and not parked:
        yield Finding("queues", Level.OK, "Nothing waits, and nothing was given up.")


def _held_up(application: Application, now: datetime) -> Iterator[Finding]:
    """Name each workspace whose messages wait for somebody, and for what: a channel, an invitation, an installation."""
    for workspace in application.store.directory.workspaces():
        found = application.store.unfinished.held_up(workspace.id)
        if found is not None:
            text = f"{workspace.name}: {found.count} for the chat, due {ago(now - found.since)}. {found.reason}"
            yield Finding("queues", Level.WARN, text)


def _address(application: Application) -> Iterator[Finding]:
    settings = application.settings
    alone = settings.stripe_is_local and settings.mail_is_local and not settings.slack_enabled
    if settings.evie_base_url is not None or alone:
        yield Finding("address", Level.OK, application.base_url)
    else:
        text = "EVIE_BASE_URL is missing: links in mails lead to localhost. Set it to the public address."
        yield Finding("address", Level.FAIL, text)


def _slack(application: Application) -> Iterator[Finding]:
    slack = application.slack
    if slack is None:
        yield Finding("slack", Level.OK, "Off; the terminal is the chat.")
        return
    installed = [_installation(name, ask) for name, ask in slack.identities()]
    nobody = Finding("slack", Level.OK, f"Nobody has installed it yet: open {application.base_url}{INSTALL_PATH}.")
    yield from installed or [nobody]


def _installation(workspace: str, ask: Callable[[], Identity]) -> Finding:
    """Look at one workspace's token: one that Slack refuses hides none of the others."""
    try:
        return _permissions(ask())
    except BillingError as error:
        about = f"{workspace}: " if workspace else ""
        return Finding("slack", Level.FAIL, f"{about}{error.user_message}")


def _permissions(who: Identity) -> Finding:
    lacking = sorted(set(BOT_SCOPES) - who.scopes)
    if who.scopes and lacking:
        text = f"The token lacks {', '.join(lacking)}. Update the app from “evie manifest” and install it again."
        return Finding("slack", Level.FAIL, text)
    return Finding("slack", Level.OK, f"Connected to {who.team_name or who.team} with every scope that is needed.")


def _stripe(application: Application) -> Iterator[Finding]:
    settings = application.settings
    if settings.stripe_is_local:
        yield Finding("stripe", Level.OK, "The local sandbox; set STRIPE_API_KEY for real payments.")
        return
    account = application.gateways.own_account()
    mode = "live" if account.livemode else "test mode"
    yield Finding("stripe", Level.OK, f"{account.business_name} ({mode}).")
    if not settings.stripe_webhook_secret:
        text = "STRIPE_WEBHOOK_SECRET is missing: payments are not heard of. Copy it from the endpoint at Stripe."
        yield Finding("webhook", Level.FAIL, text)
        return
    yield _endpoint(application)


def _endpoint(application: Application) -> Finding:
    url = f"{application.base_url}/stripe/webhook"
    try:
        found = [endpoint for endpoint in application.gateways.endpoints() if endpoint.url == url]
    except BillingError as error:
        return Finding("webhook", Level.WARN, f"Cannot be looked up: {error.user_message}")
    if not found:
        return Finding("webhook", Level.WARN, f"Stripe has no endpoint {url}. Add it, or check EVIE_BASE_URL.")
    if not any(endpoint.enabled for endpoint in found):
        return Finding("webhook", Level.FAIL, f"Stripe's endpoint {url} is disabled. Enable it at Stripe.")
    missing = min((endpoint.missing for endpoint in found if endpoint.enabled), key=len)
    if missing:
        return Finding("webhook", Level.WARN, f"Stripe's endpoint leaves out {', '.join(missing)}. Add them at Stripe.")
    return Finding("webhook", Level.OK, f"{url} is told of every event that is needed.")


def _mail(application: Application) -> Iterator[Finding]:
    if application.settings.mail_is_local:
        yield Finding("mail", Level.OK, "The local mailbox; set SMTP_URL to reach people.")
        return
    application.mailer.check()
    yield Finding(
        "mail", Level.OK, f"The server takes our login; mails come from {application.settings.evie_mail_from}."
    )


def _model(application: Application) -> Iterator[Finding]:
    if application.model is None:
        yield Finding("model", Level.OK, "Off; the sentence parser answers alone.")
        return
    name = application.settings.openai_model
    reason = application.model.check()
    if reason:
        text = f"{name} does not answer ({reason}). Check OPENAI_API_KEY, OPENAI_MODEL and OPENAI_BASE_URL."
        yield Finding("model", Level.FAIL, text)
    else:
        yield Finding("model", Level.OK, f"{name} is there.")


_CHECKS: Final[dict[str, Check]] = {
    "database": _database,
    "address": _address,
    "slack": _slack,
    "stripe": _stripe,
    "mail": _mail,
    "model": _model,
}
