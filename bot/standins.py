"""The local stand-ins: what serves in the place of Stripe and of a mail server where none is set.

With the composition root this is the only place that names their classes. They are loaded where they are used: where
Stripe and a mail server are set, a start need not wait for them.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from billing.workspaces import StripeConnection

if TYPE_CHECKING:
    from contextlib import ExitStack

    from billing.ports import Clock, Store
    from billing.workspaces import Workspace
    from bot.settings import Settings
    from integrations.sandbox.mailbox import LocalMailbox
    from integrations.sandbox.stripe.sandbox import SandboxStripe
    from integrations.stripe_account import StripeConfig

DEFAULT_PORT: Final = 8000


@dataclass(frozen=True, slots=True)
class Place:
    """Where this process stands. `folder` holds the data of the local stand-ins; `serving`: it has the web pages.

    A process that serves reaches its own Stripe sandbox over HTTP, as everybody else does; others, which may run
    while nobody serves, open the sandbox's file themselves.
    """

    port: int = DEFAULT_PORT
    folder: Path = field(default_factory=lambda: Path("evie-sandbox"))
    serving: bool = False


def local_stripe(settings: Settings, place: Place, clock: Clock, opening: ExitStack) -> SandboxStripe | None:
    """Return the local Stripe, where no key is set and nobody else reaches its pages.

    Its webhook secret is made once and kept beside its data.
    """
    if not settings.stripe_is_local or not settings.is_private:
        return None
    from integrations.sandbox.stripe.sandbox import SandboxStripe
    from integrations.sandbox.stripe.settings import SandboxSettings

    base_url = settings.base_url(place.port)
    place.folder.mkdir(parents=True, exist_ok=True)
    sandbox = SandboxStripe(
        SandboxSettings(
            base_url=f"{base_url}/sandbox/stripe",
            path=place.folder / "stripe.db",
            webhook_url=f"http://127.0.0.1:{place.port}/stripe/webhook",
            webhook_secret=_kept_secret(place.folder / "webhook-secret"),
        ),
        clock,
    )
    opening.callback(sandbox.close)
    if place.serving:
        sandbox.webhooks.start()
    return sandbox


def _kept_secret(path: Path) -> str:
    """Return the secret in the file, which only its owner can read; the first process to come makes it."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        secret = f"whsec_{secrets.token_urlsafe(32)}"
        file.write(secret)
    return secret


def sandbox_config(sandbox: SandboxStripe, place: Place) -> StripeConfig:
    """Return how this process reaches its sandbox."""
    from integrations.sandbox.stripe.in_process import in_process_config

    config = in_process_config(sandbox)
    if not place.serving:
        return config
    # People are sent to the public address; our own requests take the loopback, which needs no name or certificate.
    here = f"http://127.0.0.1:{place.port}{sandbox.settings.prefix}"
    return replace(config, http_client=None, api_base=here)


def local_mailbox(settings: Settings, place: Place, opening: ExitStack) -> LocalMailbox | None:
    """Return the mailbox on this machine, where no mail server is set; it takes in mail from now on."""
    if not settings.mail_is_local:
        return None
    from integrations.sandbox.mailbox import LocalMailbox

    mailbox = LocalMailbox(place.folder / "mail")
    mailbox.start()
    opening.callback(mailbox.stop)
    return mailbox


def throw_away_stripe(clock: Clock, opening: ExitStack) -> SandboxStripe:
    """Return a sandbox in memory that tells nobody of anything."""
    from integrations.sandbox.stripe.sandbox import SandboxStripe
    from integrations.sandbox.stripe.settings import SandboxSettings

    sandbox = SandboxStripe(SandboxSettings(base_url="http://localhost/sandbox/stripe"), clock)
    opening.callback(sandbox.close)
    return sandbox


def connect_sandbox(store: Store, sandbox: SandboxStripe, workspace: Workspace, clock: Clock) -> None:
    """Connect the throw-away workspace to an account of the sandbox, as the workspace in the file is at Stripe."""
    connection = StripeConnection(
        workspace_id=workspace.id,
        stripe_account_id=sandbox.connect(workspace.name),
        livemode=False,
        direct=False,
        connected_at=clock(),
        connected_by="dry run",
        business_name=workspace.name,
    )
    with store.transaction(workspace.id) as tx:
        tx.connections.add(connection)
