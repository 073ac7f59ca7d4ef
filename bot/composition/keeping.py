"""Looking after the database: copies of it, a copy in the place of what was lost, and new keys for its secrets."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from billing.auditing import note, on_behalf_of
from billing.conversations import SkillCall
from bot.sealing import SealBroken, Sealer
from bot.speaking import FRONT
from storage import open_store
from storage.backups import back_up as copy_of
from storage.backups import restored
from storage.restoring import Settled
from storage.restoring import settle as settle_database

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings
    from storage import SqlStore

__all__ = ["Rotated", "Settled", "back_up", "restore", "rotate", "settle"]


def back_up(settings: Settings, target: Path) -> None:
    """Write the SQLite database into a new file, while it is worked on; raises BillingError."""
    copy_of(settings.database_url, target)


def restore(settings: Settings, source: Path) -> Settled:
    """Make the configured SQLite database of a back-up, with today's tables; raises BillingError where there is one."""
    with restored(source, settings.database_url) as url:
        return _settled(url, migrate=True)


def settle(settings: Settings) -> Settled:
    """Do to a PostgreSQL that pg_restore has filled what `restore` does to SQLite; raises BillingError."""
    return _settled(settings.database_url, migrate=False)


def _settled(url: str, *, migrate: bool) -> Settled:
    with closing(open_store(url, _now)) as store:
        if migrate:
            store.migrate()
        store.require_current()
        settled = settle_database(store.engine, _now())
        _note(store, SkillCall("restore", {"set_aside": settled.set_aside, "looked_for": settled.looked_for}))
    return settled


def _note(store: SqlStore, deed: SkillCall) -> None:
    """Note in every workspace what was done to all of them, by whoever has their database."""
    for workspace in store.directory.workspaces():
        with store.transaction(workspace.id) as tx:
            note(tx, on_behalf_of(tx, "", FRONT), deed, now=_now())


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Rotated:
    """What became of the sealed values: how many were sealed anew, had the newest key, and which nothing opens."""

    anew: int = 0
    newest: int = 0
    broken: list[str] = field(default_factory=list)


def rotate(settings: Settings) -> Rotated:
    """Seal every value anew with the first key of EVIE_SECRET_KEY; whoever is interrupted begins again and goes on."""
    sealer, rotated = Sealer(settings.evie_secret_key), Rotated()
    with closing(open_store(settings.database_url, _now)) as store:
        store.require_current()
        for batch in store.sealed.batches():
            changes = []
            for value in batch:
                if sealer.has_newest(value.sealed):
                    rotated.newest += 1
                    continue
                try:
                    changes.append((value, sealer.reseal(value.sealed)))
                except SealBroken:
                    rotated.broken.append(value.place)
            # What somebody wrote meanwhile was sealed with the first key.
            rotated.anew += store.sealed.replace(changes)
        _note(store, SkillCall("rotate_key", {"anew": rotated.anew, "broken": len(rotated.broken)}))
    return rotated
