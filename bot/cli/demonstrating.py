"""`evie demo`: everything on this machine, with no account anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

_FOLDER: Final = Path("evie-demo")
_DEFAULT_PORT: Final = 8000


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("demo")(demo)


def demo(
    *,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="The web server's port; left out, the first free one from 8000 on."),
    ] = None,
    no_chat: Annotated[bool, typer.Option("--no-chat", help="Only serve, until Ctrl-C.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the last demo's records.")] = False,
) -> None:
    """Try everything: a small studio, a local Stripe, a local mailbox, web pages, and a chat in this terminal."""
    from bot.cli.demo_folder import demo_folder
    from bot.cli.demo_run import run
    from bot.cli.web import listen, listen_from
    from bot.logs import log_to_file

    with demo_folder(_FOLDER, keep=keep) as folder:
        log_to_file(folder / "evie.log")
        with listen("127.0.0.1", port) if port else listen_from("127.0.0.1", _DEFAULT_PORT) as address:
            run(folder, address, chat=not no_chat)
