"""Running the demo: the studio, the web server, the worker and the chat, from one process, until it is left."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet

from billing.errors import UnknownRecord
from billing.roles import Role
from bot.bootstrap import utc_now
from bot.cli.opening import opened
from bot.cli.signals import interrupting, stopped_by_signals
from bot.cli.web import serving_in_background
from bot.exchange import load_workspace
from bot.settings import load
from bot.speaking import speaker
from bot.standins import Place
from bot.studio.seed import studio
from bot.terminal.chat import Chat
from bot.terminal.drawing import draw
from bot.terminal.screen import Screen
from skills.cards import Card, Field

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from billing.workspaces import Workspace
    from bot.application import Application
    from bot.settings import Settings
    from bot.speaking import Speaker

_CONVERSATION: Final = "terminal"
_CARDS: Final = "4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined"
_GO_ON: Final = "“make demo ARGS=--keep” goes on from here; “make demo” starts anew."
_TRY: Final = "Try “is stripe connected?”, “show unpaid invoices” or “help”."


def run(folder: Path, address: socket.socket, *, chat: bool) -> None:
    """Serve the demo in the folder on the listening socket, and talk until the person leaves or Ctrl-C."""
    place = Place(address.getsockname()[1], folder / "sandbox", serving=True)
    with opened(_settings(folder), place) as app:
        workspace = _workspace(app)
        who = _owner(app, workspace)
        screen = Screen()
        with serving_in_background(app.web(), address):
            app.worker.start()
            screen.show(draw(_welcome(app, workspace, who), width=screen.console.width))
            if chat:
                with interrupting():
                    Chat(who, app.store, screen, app.worker, _CONVERSATION, folder / "history").run()
                screen.note(_GO_ON)
            else:
                screen.note("Ctrl-C ends the demo.")
                with stopped_by_signals() as stopped:
                    stopped.wait()


def _settings(folder: Path) -> Settings:
    """Return settings that know no account, whatever the environment says."""
    return load(
        database_url=f"sqlite:///{folder / 'evie.db'}",
        evie_base_url=None,
        evie_secret_key=_kept_key(folder / "secret-key"),
        slack_bot_token=None,
        slack_app_token=None,
        slack_client_id=None,
        stripe_api_key=None,
        stripe_client_id=None,
        openai_api_key=None,
        smtp_url=None,
    )


def _kept_key(path: Path) -> str:
    """Return the demo's key, made at its first start: what it encrypted can be read at the next."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(Fernet.generate_key().decode())
    return path.read_text()


def _workspace(app: Application) -> Workspace:
    """Return the studio, moved in where nobody lives yet."""
    existing = app.store.directory.workspaces()
    if existing:
        return existing[0]
    now = utc_now()
    at_home = ZoneInfo(str(studio(now.date())["workspace"]["timezone"]))
    return load_workspace(app.store, studio(now.astimezone(at_home).date()), now)


def _owner(app: Application, workspace: Workspace) -> Speaker:
    """Return the studio's owner, also where there are more admins by now; another admin where that is none."""
    owner = str(studio(utc_now().date())["members"][0]["name"])
    with suppress(UnknownRecord):
        found = speaker(app.store, app.assistant, workspace, owner)
        if found.actor.role is Role.ADMIN:
            return found
    return speaker(app.store, app.assistant, workspace)


def _welcome(app: Application, workspace: Workspace, who: Speaker) -> Card:
    fields = (
        Field("Web pages", f"{app.base_url}/"),
        Field("Mailbox", f"{app.base_url}/mailbox"),
        Field("Stripe", f"{app.base_url}/sandbox/stripe"),
        Field("Test cards", _CARDS),
        Field("You are", f"{who.actor.member} ({who.actor.role.value}), in {workspace.name}"),
    )
    text = "A demo on this machine only: Stripe and the mailbox are local, no money moves and no mail leaves."
    return Card("Evie", "Evie", badge="demo", text=text, fields=fields, note=_TRY)
