"""`evie retry`: what was given up after many tries, and trying it again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from billing.conversations import Actor
    from billing.queues import Unfinished
    from bot.application import Application

_ROWS = typer.Argument(metavar="[ROW]...", help="Rows, such as out-12; left out, they are listed.", show_default=False)


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("retry")(retry)


def retry(
    rows: Annotated[list[str] | None, _ROWS] = None,
    *,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="All rows of a kind, such as mail or notify.", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All rows.")] = False,
    name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Who you are: an admin; left out, the first one.")
    ] = None,
) -> None:
    """List what was given up after many tries, with the reason, or have it tried again: once, and nothing twice."""
    from bot.cli.opening import opened
    from bot.settings import load

    with opened(load()) as application:
        who = _admin(application, name)
        parked = application.store.unfinished.parked()
        if rows or kind or everything:
            _drive(application, who, _chosen(parked, rows or [], kind, everything=everything))
        else:
            _show(application, parked)


def _admin(application: Application, name: str | None) -> Actor:
    """Return the admin who asks; raises NotAllowed for anybody else.

    Where there are several workspaces, whoever has their database runs them all, and is a member of none.
    """
    from billing.conversations import Actor
    from billing.errors import NotAllowed
    from billing.roles import Role
    from bot.speaking import FRONT, speaker

    workspaces = application.store.directory.workspaces()
    if len(workspaces) != 1:
        return Actor("", "", Role.ADMIN, FRONT)
    who = speaker(application.store, application.assistant, workspaces[0], name).actor
    if who.role is not Role.ADMIN:
        raise NotAllowed(f"Only an admin can have rows tried again; {who.member} is {who.role.value}.")
    return who


def _chosen(parked: list[Unfinished], rows: list[str], kind: str | None, *, everything: bool) -> list[Unfinished]:
    from billing.errors import UnknownRecord

    wanted = {row.strip().lower() for row in rows}
    unknown = sorted(wanted - {row.id for row in parked})
    if unknown:
        raise UnknownRecord(f"Nothing is parked as {', '.join(unknown)}; “evie retry” lists what is.")
    found = [row for row in parked if everything or row.id in wanted or kind in {row.kind, *row.kind.split()}]
    if not found:
        raise UnknownRecord("Nothing of that kind is parked; “evie retry” lists what is.")
    return found


def _drive(application: Application, who: Actor, rows: list[Unfinished]) -> None:
    import structlog

    from bot.retrying import drive_again

    log, now = structlog.get_logger(__name__), application.services.clock()
    for row in rows:
        again = drive_again(application.store, row, who, now)
        # Under the id of the request that it belongs to: whoever follows that sees that somebody took a hand in it.
        log.warning("row_driven_again", row=row.id, kind=row.kind, again=again, correlation=row.correlation)
        words = "is tried again by the next worker" if again else "is no longer parked: somebody was faster"
        sys.stdout.write(f"{row.id} {words}.\n")


def _show(application: Application, parked: list[Unfinished]) -> None:
    from bot.retrying import in_words

    now = application.services.clock()
    for row in parked:
        followed = f" [{row.correlation}]" if row.correlation else ""
        sys.stdout.write(f"{in_words(row, now)}{followed}\n")
    if not parked:
        sys.stdout.write("Nothing was given up.\n")
    else:
        sys.stdout.write("Try one again with “evie retry ROW”, a kind with --kind, all with --all.\n")
