"""Everything that a message may leave through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.mail import Mailer
    from billing.ports import Clock, Formats, Gateways, Links, Printer, Store
    from billing.webhooks import CallWebhook
    from billing.workspaces import Workspace
    from bot.worker.fronts import Front


@dataclass(frozen=True, slots=True)
class Hooks:
    """How other systems are called: one signed call, the secret of a sealed one, and the seconds until the next try.

    `delay` is asked with the number of tries so far; None is enough of them.
    """

    call: CallWebhook
    unseal: Callable[[str], str]
    delay: Callable[[int], float | None]


@dataclass(frozen=True, slots=True)
class Outlets:
    """Where messages go. `slack` is None where Slack is not set up, `printer` where nothing is attached to mails.

    Without `hooks` no other system is called.
    """

    store: Store
    gateways: Gateways
    mailer: Mailer
    links: Links
    clock: Clock
    formats_for: Callable[[Workspace], Formats]
    local: Front
    slack: Front | None = None
    printer: Printer | None = None
    hooks: Hooks | None = None
