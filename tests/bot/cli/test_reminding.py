"""`evie reminders`: off until an admin says otherwise, and what it says of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Evie
from tests.support.workspaces import SMALL


@pytest.fixture(autouse=True)
def _workspace(evie: Evie, home: Path) -> None:
    (home / "small.json").write_text(json.dumps(SMALL))
    assert evie("import", "small.json").code == 0


def test_reminders_are_off_until_somebody_sets_them(evie: Evie) -> None:
    shown = evie("reminders")
    assert shown.code == 0
    assert shown.out.startswith("Reminders: Off: nobody is reminded without being asked for.")


def test_a_schedule_is_set_shown_and_switched_off(evie: Evie) -> None:
    set_up = evie("reminders", "on", "--days", "0,7,-3", "--hour", "8", "--region", "QLD", "--late-fee", "2%")
    assert set_up.code == 0, set_up.err
    assert "3 days before, on the due date, 7 days after it, at 8:00 on working days (QLD)" in set_up.out
    assert "Late fee: 2 % of what is owed, once, once an invoice has been overdue for 14 days" in set_up.out
    assert evie("reminders").out == set_up.out
    assert "at 8:00 on any day" in evie("reminders", "on", "--any-day", "--late-fee", "none").out
    assert "A$25.00, every month" in evie("reminders", "on", "--late-fee", "25", "--late-fee-every", "month").out
    assert "Off" in evie("reminders", "off").out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("on", "--days", "3,x"), 2, "not a list of days"),
        (("on", "--late-fee", "2%", "--late-fee-every", "week"), 2, "once or month"),
        (("on", "--days", "400"), 1, "at most 365"),
        (("on", "--region", "Bavaria"), 1, "no part of AU"),
        (("on", "--late-fee", "lots"), 1, "not an amount"),
        (("pause", "INV-9999"), 1, "There is no INV-9999"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(
    evie: Evie, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ran = evie("reminders", *arguments)
    assert (ran.code, said in " ".join(ran.err.split())) == (code, True)


def test_a_client_is_left_in_peace_and_reminded_again(evie: Evie) -> None:
    assert evie("reminders", "pause", "con-1").out.startswith("Reminders of ")
    document = json.loads(evie("export", "-").out)
    assert document["contacts"][0]["reminders_paused"] is True
    assert evie("reminders", "resume", "CON-1").out.endswith("go on.\n")
