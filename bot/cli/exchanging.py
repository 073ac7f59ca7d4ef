"""`evie import`, `evie export`, `evie migrate`: what is in the database, and its tables."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.application import Application


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("import")(import_workspace)
    app.command("export")(export_workspace)
    app.command("migrate")(migrate)


def import_workspace(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A workspace as JSON.", show_default=False)],
) -> None:
    """Take a workspace into the database: all of it, or nothing."""
    from bot.cli.opening import content_of, opened
    from bot.exchange import load_workspace, not_kept, read_workspace
    from bot.settings import load

    now = datetime.now(UTC)
    data = read_workspace(content_of(file), now)
    with opened(load()) as application:
        workspace = load_workspace(application.store, data, now)
        _note(application, workspace.id, "import", file)
    for remark in not_kept(data):
        sys.stderr.write(f"{remark}\n")
    sys.stdout.write(f"“{workspace.name}” is in the database.\n")


def export_workspace(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Where to write it; - is standard output.", show_default=False),
    ],
    *,
    contact: Annotated[
        str, typer.Option(metavar="CON-2", help="Only what is kept of this client, whatever it stands in.")
    ] = "",
) -> None:
    """Write the workspace as JSON, with everything that an import needs to make the same one of it.

    With --contact, all that is kept of one client, for that person to read: the record, documents, money and mails, and
    every text that names the client.
    """
    if contact:
        _export_contact(file, contact.strip().upper())
        return
    from bot.cli.opening import opened, write_text
    from bot.exchange import dump_workspace
    from bot.settings import load
    from bot.speaking import only_workspace

    with opened(load()) as application:
        workspace = only_workspace(application.store)
        data = dump_workspace(application.store, workspace.id)
        _note(application, workspace.id, "export", file)
    write_text(file, json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def _export_contact(file: Path, number: str) -> None:
    from billing.auditing import note
    from billing.conversations import SkillCall
    from bot.cli.desk import desk
    from bot.cli.opening import write_text
    from bot.exchange.personal import dump_contact

    with desk() as opened:
        data = dump_contact(opened.tx, number)
        note(opened.tx, opened.actor, SkillCall("export_contact", {"contact": number}), now=opened.now)
    write_text(file, json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def _note(application: Application, workspace_id: str, deed: str, file: Path) -> None:
    """Note that all of a workspace came in or went out."""
    from billing.auditing import note, on_behalf_of
    from billing.conversations import SkillCall
    from bot.speaking import FRONT

    with application.store.transaction(workspace_id) as tx:
        note(tx, on_behalf_of(tx, "", FRONT), SkillCall(deed, {"file": file.name}), now=tx.now())


def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.bootstrap import migrate as bring_up
    from bot.settings import load

    bring_up(load())
    sys.stdout.write("The database has the newest schema.\n")
