"""`evie backup`, `evie restore` and `evie rotate-key`: a copy of everything, its way back, and a new secret key."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.composition.keeping import Settled

_MEANING = """\
What happened after the back-up is not in it. Before you start Evie again:
- Invoices made since would be made again under the same numbers. The newest here: {newest}.
- Mails and posts that left since have reached people; news that Stripe tells again is posted again.
- Requests and changes made since are to be made again, in their order.
Payments come back by themselves: Stripe is asked for all that happened in the last 30 days.
"""


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("rotate-key")(rotate_key)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.", show_default=False)],
) -> None:
    """Copy the SQLite database while Evie works. For PostgreSQL there is pg_dump: see deploy/README.md."""
    from bot.composition.keeping import back_up
    from bot.settings import load

    back_up(load(), file)
    sys.stdout.write(
        f"The database is in {file}. Keep EVIE_SECRET_KEY too, but elsewhere: its secrets need that key.\n"
    )


def restore(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A back-up of `evie backup`.", show_default=False)
    ] = None,
    *,
    settle: Annotated[
        bool, typer.Option("--settle", help="The database was filled by pg_restore: see that nothing is sent twice.")
    ] = False,
) -> None:
    """Make the database of a back-up, where there is none, with every Evie stopped. Nothing that left leaves again."""
    from bot.cli.failures import BadInput
    from bot.composition import keeping
    from bot.settings import load

    if (file is None) != settle:
        raise BadInput("Name the back-up, or say --settle where pg_restore has filled the database.")
    settings = load()
    _tell(keeping.settle(settings) if file is None else keeping.restore(settings, file))


def _tell(settled: Settled) -> None:
    newest = ", ".join(settled.newest_invoices) or "none"
    sys.stdout.write("The database is restored.\n")
    sys.stdout.write(_MEANING.format(newest=newest))
    if settled.looked_for:
        sys.stdout.write(
            f"Posts that were waiting are looked for in Slack before they are posted: {settled.looked_for}.\n"
        )
    if settled.set_aside:
        sys.stdout.write(
            f"Set aside, for they may have been done since: {settled.set_aside}. “evie retry” lists and drives them.\n"
        )


def rotate_key() -> None:
    """Seal every stored secret with the first key of EVIE_SECRET_KEY, so that the others can be taken away."""
    from bot.cli.failures import CommandFailed
    from bot.composition.keeping import rotate
    from bot.settings import SettingsError, load

    settings = load()
    if not settings.evie_secret_key:
        raise SettingsError("EVIE_SECRET_KEY is missing: it is the new key, a comma, and the one in use until now.")
    done = rotate(settings)
    sys.stdout.write(f"Sealed anew: {done.anew}. With the newest key before: {done.newest}.\n")
    for place in done.broken:
        sys.stdout.write(f"No key opens the {place}; it was left as it is.\n")
    if done.broken:
        raise CommandFailed("Put the missing key into EVIE_SECRET_KEY, or have these installed or set up anew.")
    sys.stdout.write("The older keys can be taken out of EVIE_SECRET_KEY, once every process has the new one.\n")
