"""`evie chat`: the terminal as the chat, on the configured database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CONVERSATION = "terminal"


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("chat")(chat)


def chat(
    *,
    speaker: Annotated[str | None, typer.Option("--as", metavar="NAME", help="Speak as this member.")] = None,
    conversation: Annotated[str, typer.Option(metavar="ID", help="Go on with this conversation.")] = CONVERSATION,
) -> None:
    """Talk to Evie in the terminal; channel posts appear in it too."""
    from bot.cli.opening import opened, workspace_of
    from bot.cli.signals import interrupting
    from bot.settings import load
    from bot.speaking import speaker as member
    from bot.terminal.chat import Chat
    from bot.terminal.screen import Screen

    with opened(load()) as app:
        app.prepare()
        workspace = workspace_of(app)
        who = member(app.store, app.assistant, workspace, speaker)
        screen = Screen()
        screen.note(f"{workspace.name} · you are {who.actor.member} ({who.actor.role.value})")
        app.worker.start()
        with interrupting():
            Chat(who, app.store, screen, app.worker, conversation, Path(".evie-history")).run()
