"""Every command that changes something leaves a line of who did it; a new command has to say which kind it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final

import pytest
import typer
from cryptography.fernet import Fernet

from billing.conversations import AuditEntry
from billing.hand_overs import HandOver
from bot.cli.program import program
from storage import open_store
from tests.bot.cli.conftest import Evie
from tests.support.books import a_message
from tests.support.databases import SetClock
from tests.support.records import NOW

# What changes nothing in a workspace, and the services, in which each front notes what it does.
NOT_NOTED: Final = {
    "demo": "a service",
    "serve": "a service",
    "worker": "a service",
    "chat": "a front: what is said in it goes through the runner, as in `ask`",
    "eval": "works on copies",
    "doctor": "reads",
    "manifest": "reads",
    "audit": "reads",
    "payments": "reads",
    "backup": "reads",
    "reminders": "reads, without a command of its own",
    "news": "reads, without a command of its own",
    "requests": "reads, without a command of its own",
    "migrate": "changes the tables, and no record",
}
# The arguments of each command that changes something, and what its line calls that.
NOTED: Final[list[tuple[str, list[str], str]]] = [
    ("ask", ["create a contact Zoe Lund zoe@lund.example"], "create_contact"),
    ("export", ["out.json"], "export"),
    ("export", ["out.json", "--contact", "CON-2"], "export_contact"),
    ("erase", ["CON-2", "--yes"], "erase_contact"),
    ("restore", ["--settle"], "restore"),
    ("rotate-key", [], "rotate_key"),
    ("business", ["--phone", "+61 7 0000 0000"], "set_business"),
    ("portal", ["CON-1"], "open_portal"),
    ("portal", ["CON-1", "--revoke"], "revoke_portal"),
    ("reminders on", [], "reminders"),
    ("reminders off", [], "reminders"),
    ("reminders pause", ["CON-1"], "pause_reminders"),
    ("reminders resume", ["CON-1"], "pause_reminders"),
    ("news deal", ["OPP-1", "#billing"], "set_deal_channel"),
    ("news people", ["#billing"], "set_people"),
    ("news digest", ["#billing"], "set_digest"),
    ("news digest", ["off"], "drop_digest"),
    ("requests take", ["HLP-1"], "take_request"),
    ("retry", ["--all"], "retry"),
]


@pytest.fixture
def noted(evie: Evie, small: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[AuditEntry]]:
    """A workspace in which each of these commands has something to do; returns what reads its lines, newest first."""
    monkeypatch.setenv("EVIE_SECRET_KEY", Fernet.generate_key().decode())
    assert evie("import", small).code == 0
    assert evie("reminders", "on").code == 0
    with closing(open_store("sqlite:///evie.db", SetClock(NOW))) as store:
        (workspace,) = store.directory.workspaces()
        with store.transaction(workspace.id) as tx:
            tx.send(a_message(workspace_id=workspace.id, created_at=NOW))
            tx.hand_overs.add(HandOver(workspace.id, "HLP-1", "Eli", "c", "a refund", (), NOW))
        parked = store.claim_outbox(lease_seconds=60)
        assert parked is not None
        store.park(parked, error="no")

    def read() -> list[AuditEntry]:
        with closing(open_store("sqlite:///evie.db", SetClock(NOW))) as store:
            (first, *_) = store.directory.workspaces()
            with store.transaction(first.id) as tx:
                return tx.talk.audit_entries(limit=50)

    return read


def commands() -> Iterator[str]:
    group = typer.main.get_command(program())
    for name, command in vars(group)["commands"].items():
        inner = vars(command).get("commands")
        yield from [name, *(f"{name} {each}" for each in inner)] if inner else [name]


def test_each_command_is_known_to_change_something_or_not_to() -> None:
    assert sorted(commands()) == sorted(NOT_NOTED.keys() | {"import"} | {name for name, _, _ in NOTED})


def test_an_import_is_on_record(noted: Callable[[], list[AuditEntry]]) -> None:
    first = noted()[-1]
    assert (first.skill, first.front, dict(first.arguments)) == ("import", "terminal", {"file": "small.json"})


@pytest.mark.parametrize(("command", "arguments", "deed"), NOTED, ids=[" ".join([one[0], *one[1]]) for one in NOTED])
def test_what_a_command_changes_is_on_record_with_its_front(
    evie: Evie, noted: Callable[[], list[AuditEntry]], command: str, arguments: list[str], deed: str
) -> None:
    before = {entry.key for entry in noted()}
    ran = evie(*command.split(), *arguments)
    assert ran.code == 0, ran.err
    new = [entry for entry in noted() if entry.key not in before]
    assert [(entry.skill, entry.front, entry.status) for entry in new] == [(deed, "terminal", "done")]
