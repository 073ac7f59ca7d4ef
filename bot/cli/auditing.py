"""`evie audit`: what was done, by whom, through which front and on whose yes, for an admin to read and to keep."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing.conversations import AuditEntry
    from billing.ports import Formats, Transaction

_EVERY: Final = 2**31 - 1
_LONGEST: Final = 120
_COLUMNS: Final = ("time", "who", "front", "deed", "arguments", "status", "confirmed_by", "proposal")
_AS = typer.Option("--as", metavar="NAME", help="The admin who asks; left out, the first one.")


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("audit")(audit)


def audit(
    *,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Only what this member did.")] = None,
    about: Annotated[str, typer.Option(metavar="NUMBER", help="Only what names this record: INV-1002, CON-2.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many of the newest to show.")] = 30,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all of it as CSV; - is standard output.")] = (
        None
    ),
    name: Annotated[str | None, _AS] = None,
) -> None:
    """Show what was done, newest first: by whom, through which front, and on whose yes."""
    from billing.errors import NotAllowed
    from billing.roles import Role
    from bot.cli.desk import desk
    from bot.cli.opening import write_text

    with desk(name) as opened:
        if not opened.actor.role.allows(Role.ADMIN):
            raise NotAllowed("Only an admin reads what everybody did.")
        many = limit if csv is None else _EVERY
        number = about.strip().upper()
        entries = opened.tx.talk.audit_entries(
            limit=many, member=None if by is None else by.removeprefix("@"), about=number
        )
        agreed = _agreed(opened.tx, entries)
        text = _table(entries, agreed) if csv else "".join(_lines(entries, agreed, opened.formats))
    if csv is not None:
        write_text(csv, text)
    else:
        sys.stdout.write(text or "Nothing of that kind was done.\n")


def _agreed(tx: Transaction, entries: list[AuditEntry]) -> dict[str, str]:
    """Return on whose yes each entry was done, by its key: the proposal's, or who asked where a yes was needed.

    Whoever names a record in a command, or says `--yes`, says both at once.
    """
    from skills.registry import SKILLS
    from skills.spec import Effect

    clicked: dict[str, str] = {}
    ids = sorted({entry.proposal for entry in entries if entry.proposal})
    for start in range(0, len(ids), 500):
        clicked |= tx.talk.confirmed(ids[start : start + 500])
    outward = {name for name, skill in SKILLS.items() if skill.effect is Effect.OUTWARD}
    said = {entry.key: entry.member for entry in entries if entry.skill in outward and not entry.proposal}
    return said | {entry.key: clicked.get(entry.proposal, "") for entry in entries if entry.proposal}


def _lines(entries: list[AuditEntry], agreed: dict[str, str], formats: Formats) -> Iterator[str]:
    from bot.terminal.drawing import plain

    for entry in entries:
        yes = f" (yes by {agreed[entry.key]})" if agreed.get(entry.key) else ""
        said = _shortened(_said(entry))
        who = entry.member or "-"
        moment = formats.moment(entry.at)
        yield plain(f"{moment}  {who} ({entry.front})  {entry.skill} {said}: {entry.status}{yes}") + "\n"


def _table(entries: list[AuditEntry], agreed: dict[str, str]) -> str:
    import csv
    import io

    from bot.payment_csv import harmless

    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(_COLUMNS)
    for entry in entries:
        texts = (entry.member, entry.front, entry.skill, _said(entry), entry.status, agreed.get(entry.key, ""))
        writer.writerow([entry.at.isoformat(), *map(harmless, texts), harmless(entry.proposal or "")])
    return buffer.getvalue()


def _said(entry: AuditEntry) -> str:
    import json

    return json.dumps(dict(entry.arguments), ensure_ascii=False, sort_keys=True) if entry.arguments else ""


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
