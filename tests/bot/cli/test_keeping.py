"""`evie backup`, `evie restore` and `evie rotate-key` from outside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from billing.webhooks import WebhookEndpoint
from billing.workspaces import SlackInstallation
from bot.sealing import Sealer
from storage import open_store
from storage.sealed import sealed_columns
from tests.bot.cli.conftest import Evie
from tests.support.books import a_message, a_workspace
from tests.support.databases import SetClock
from tests.support.records import NOW

OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


def test_a_copy_takes_the_place_of_what_was_lost_and_says_what_that_means(
    evie: Evie, small: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evie("import", small)
    ran = evie("backup", "copy.db")
    assert (ran.code, ran.out[:34]) == (0, "The database is in copy.db. Keep E")
    assert (home / "copy.db").stat().st_mode & 0o077 == 0
    exported = evie("export", "-").out

    monkeypatch.setenv("DATABASE_URL", "sqlite:///fresh.db")
    ran = evie("restore", "copy.db")
    assert ran.code == 0
    assert "The newest here: INV-3." in ran.out
    assert "Set aside" not in ran.out
    assert evie("export", "-").out == exported
    assert evie("restore", "copy.db").err == "fresh.db is there already. Move it away, or name another file.\n"


def test_what_was_waiting_is_set_aside_and_looked_for(evie: Evie, small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    evie("import", small)
    with closing(open_store("sqlite:///evie.db", SetClock())) as store:
        (workspace,) = store.directory.workspaces()
        with store.transaction(workspace.id) as tx:
            tx.send(a_message(workspace_id=workspace.id))
            tx.send(a_message("mail:1", workspace_id=workspace.id, kind="mail"))
    evie("backup", "copy.db")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///fresh.db")
    out = evie("restore", "copy.db").out
    assert "looked for in Slack before they are posted: 1." in out
    assert "Set aside, for they may have been done since: 1." in out
    assert "Restored: it was waiting" in evie("retry").out


@pytest.mark.parametrize("arguments", [[], ["copy.db", "--settle"]])
def test_a_restore_is_of_a_file_or_of_what_was_filled_already(evie: Evie, arguments: list[str]) -> None:
    assert evie("restore", *arguments).code == 2


def test_a_database_that_was_filled_already_is_settled_in_its_place(evie: Evie, small: str) -> None:
    evie("import", small)
    assert "The newest here: INV-3." in evie("restore", "--settle").out


def test_a_restore_of_what_is_no_back_up_is_refused(evie: Evie, home: Path) -> None:
    (home / "copy.db").write_text("nothing of the sort")
    ran = evie("restore", "copy.db")
    assert (ran.code, (home / "evie.db").exists()) == (1, False)
    assert ran.err.startswith("copy.db is no SQLite database")


def an_installation(workspace: str, sealed: str) -> SlackInstallation:
    return SlackInstallation(
        workspace, f"T{workspace}", sealed, "U0", "chat:write", "U1", NOW, sealed_refresh_token=sealed
    )


@pytest.fixture
def sealed(evie: Evie, small: str) -> None:
    """Secrets of three installations and of 250 addresses: sealed by the old key, but for one that nothing opens."""
    evie("import", small)
    with closing(open_store("sqlite:///evie.db", SetClock())) as store:
        for name, key in (("ws_a", OLD), ("ws_b", LOST), ("ws_c", NEW)):
            store.directory.add_workspace(a_workspace(id=name))
            with store.transaction(name) as tx:
                tx.installations.save(an_installation(name, Sealer([key]).seal(f"xoxb-{name}")))
        with store.transaction("ws_a") as tx:
            for number in range(250):
                url = f"https://hooks.example/{number:03}"
                tx.webhooks.put(WebhookEndpoint("ws_a", url, Sealer([OLD]).seal(f"whsec_{number}"), NOW))


def opened_with(keys: list[str]) -> int:
    """Return how many of the sealed values of the database these keys open."""
    with closing(sqlite3.connect("evie.db")) as database:
        found = [
            value
            for column in sealed_columns()
            for (value,) in database.execute(f"SELECT {column.name} FROM {column.table.name}")  # noqa: S608 - our names
        ]
    return sum(Sealer(keys[:1]).has_newest(value) for value in found)


def test_every_secret_is_sealed_with_the_new_key_and_what_nothing_opens_is_named_and_left(
    evie: Evie, sealed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(sealed_columns()) >= 3
    assert opened_with([OLD]) == 252
    monkeypatch.setenv("EVIE_SECRET_KEY", f"{NEW},{OLD}")
    ran = evie("rotate-key")
    assert ran.code == 1
    assert ran.out.splitlines()[0] == "Sealed anew: 252. With the newest key before: 2."
    assert "No key opens the sealed_token of ws_b" in ran.out
    assert "slack_installations; it was left as it is." in ran.out
    assert (opened_with([NEW]), opened_with([LOST]), opened_with([OLD])) == (254, 2, 0)

    monkeypatch.setenv("EVIE_SECRET_KEY", f"{NEW},{LOST}")
    ran = evie("rotate-key")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "Sealed anew: 2. With the newest key before: 254.")
    assert "can be taken out of EVIE_SECRET_KEY" in ran.out


def test_who_is_interrupted_goes_on_where_it_stopped(evie: Evie, sealed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIE_SECRET_KEY", f"{NEW},{OLD},{LOST}")
    with closing(open_store("sqlite:///evie.db", SetClock())) as store:
        first = next(store.sealed.batches(2))
        sealer = Sealer([NEW, OLD, LOST])
        assert store.sealed.replace([(value, sealer.reseal(value.sealed)) for value in first]) == 2
        # What has changed since it was read is newer than what was read.
        assert store.sealed.replace([(first[0], "older")]) == 0
    assert evie("rotate-key").out.startswith("Sealed anew: 252. With the newest key before: 4.")
    assert opened_with([NEW]) == 256


def test_without_a_key_there_is_nothing_to_seal_with(evie: Evie, small: str) -> None:
    ran = evie("rotate-key")
    assert (ran.code, ran.err[:27]) == (1, "EVIE_SECRET_KEY is missing:")
