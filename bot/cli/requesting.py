"""`evie requests`: who waits to talk to a person, and taking one of them where there is no Slack to click in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

_AS = typer.Option("--as", metavar="NAME", help="Who takes it; left out, the first admin.")
_NUMBER = typer.Argument(metavar="NUMBER", help="A request, such as HLP-1.", show_default=False)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group = typer.Typer(help="Who waits to talk to a person.", invoke_without_command=True)
    group.callback()(show)
    group.command("take")(take)
    app.add_typer(group, name="requests")


def show(ctx: typer.Context) -> None:
    """Show the requests that nobody has taken."""
    from bot.cli.desk import desk

    if ctx.invoked_subcommand is not None:
        return
    with desk() as opened:
        waiting = opened.tx.hand_overs.list(taken_by=None)
        for one in waiting:
            about = f" about “{one.topic}”" if one.topic else ""
            sys.stdout.write(f"{one.number}  {one.member}{about}, {opened.formats.moment(one.created_at)}\n")
    if not waiting:
        sys.stdout.write("Nobody waits to talk to a person.\n")


def take(number: Annotated[str, _NUMBER], *, name: Annotated[str | None, _AS] = None) -> None:
    """Take a request: who asked is told that you will get back to them."""
    from billing.handing_over import take as take_over
    from bot.cli.desk import desk
    from skills.hand_over_card import taken_words

    with desk(name) as opened:
        asked = take_over(opened.tx, number.strip().upper(), opened.actor, now=opened.now)
        words = taken_words(asked, opened.actor.member)
    sys.stdout.write(f"{words}\n")
