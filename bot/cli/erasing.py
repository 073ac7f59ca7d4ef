"""`evie erase`: a client's personal data, but for what accounting has to keep, are erased for good."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

_AS = typer.Option("--as", metavar="NAME", help="The admin who asks; left out, the first one.")


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("erase")(erase)


def erase(
    contact: Annotated[str, typer.Argument(metavar="CON-2", help="The client's number.", show_default=False)],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking back.")] = False,
    name: Annotated[str | None, _AS] = None,
) -> None:
    """Erase a client's personal data for good, but for issued documents and the payment log, which accounting needs."""
    from billing.erasing import erase as erase_data
    from bot.cli.desk import desk

    number = contact.strip().upper()
    with desk(name) as opened:
        client = opened.tx.contacts.get(number)
        if not yes and not typer.confirm(
            f"Erase what is kept of {client.label} ({number})? It cannot be undone", err=True
        ):
            sys.stdout.write("Nothing was erased.\n")
            return
        done = erase_data(opened.tx, opened.actor, number, now=opened.now)
    kept = f"{done.kept} issued invoice{'' if done.kept == 1 else 's'} with their payments"
    words = f"{done.texts} text{'' if done.texts == 1 else 's'}"
    sys.stdout.write(
        f"{number} is erased: its particulars, its portal's addresses, and {words} that named it. Kept: {kept}.\n"
        "What Slack, Stripe, a mail server or a back-up has of the client is not reached from here: erase it there.\n"
    )
