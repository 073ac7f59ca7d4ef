"""`evie news`: where news goes, beside what “set the notification channel” says in words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing.ports import Transaction

_AS = typer.Option("--as", metavar="NAME", help="The admin who sets it; left out, the first one.")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group = typer.Typer(help="Where news of payments goes, and who is asked for a person.", invoke_without_command=True)
    group.callback()(show)
    group.command("deal")(deal)
    group.command("people")(people)
    group.command("digest")(digest)
    app.add_typer(group, name="news")


def show(ctx: typer.Context) -> None:
    """Show where news goes."""
    from bot.cli.desk import desk

    if ctx.invoked_subcommand is None:
        with desk() as opened:
            for line in _lines(opened.tx):
                sys.stdout.write(f"{line}\n")


def deal(
    opportunity: Annotated[str, typer.Argument(metavar="OPP-3", help="The deal.", show_default=False)],
    channel: Annotated[str, typer.Argument(metavar="#acme|none", help="Its own channel.", show_default=False)],
    *,
    name: Annotated[str | None, _AS] = None,
) -> None:
    """Send the news about one deal to a channel of its own; none sends it where all news goes."""
    from billing.news_settings import set_deal_channel
    from bot.cli.desk import desk

    number, own = opportunity.strip().upper(), None if channel.strip().lower() == "none" else channel
    with desk(name) as opened:
        set_deal_channel(opened.tx, opened.actor, number, own)
    sys.stdout.write(f"News about {number} goes to {own or 'where all news goes'}.\n")


def people(
    place: Annotated[str, typer.Argument(metavar="#help|@Sam|admins", help="Who is asked.", show_default=False)],
    *,
    name: Annotated[str | None, _AS] = None,
) -> None:
    """Say who is asked when somebody wants to talk to a person."""
    from billing.news_settings import set_people
    from bot.cli.desk import desk

    with desk(name) as opened:
        asked = set_people(opened.tx, opened.actor, place).people
    sys.stdout.write(f"Whoever wants to talk to a person is passed on to {asked or 'all admins'}.\n")


def digest(
    channel: Annotated[str, typer.Argument(metavar="#billing|off", help="Where it is posted.", show_default=False)],
    *,
    hour: Annotated[int, typer.Option(min=0, max=23, help="The hour, by the workspace's clock.")] = 9,
    name: Annotated[str | None, _AS] = None,
) -> None:
    """Post how the business stands every day: what is owed, what came in, what fails."""
    from billing.news_settings import drop_digest, set_digest
    from bot.cli.desk import desk

    with desk(name) as opened:
        if channel.strip().lower() == "off":
            drop_digest(opened.tx, opened.actor)
        else:
            set_digest(opened.tx, opened.actor, channel=channel, hour=hour, now=opened.now)
        words = _digest(opened.tx)
    sys.stdout.write(f"{words}\n")


def _lines(tx: Transaction) -> Iterator[str]:
    for route in tx.people.routes():
        yield f"{route.event.replace('_', ' '):24} {route.channel}"
    for own in tx.news.deal_routes():
        yield f"{f'all of {own.opportunity}':24} {own.channel}"
    yield f"{'wants a person':24} {tx.news.settings().people or 'all admins'}"
    yield _digest(tx)


def _digest(tx: Transaction) -> str:
    settings = tx.news.settings()
    if settings.digest_channel is None:
        return "No daily digest. “evie news digest #billing --hour 9” posts one."
    return f"A daily digest goes to {settings.digest_channel} at {settings.digest_hour}:00."
