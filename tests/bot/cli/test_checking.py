"""`evie eval`, `evie doctor` and `evie manifest` from outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.bot.cli.conftest import Evie
from tests.support.workspaces import SMALL

CASES = [
    {
        "id": "k1",
        "tags": ["show"],
        "as": "Ada",
        "turns": [{"user": "show INV-2", "expect": [{"skill": "show_invoice", "arguments": {"invoice": "INV-2"}}]}],
    },
    {"id": "k2", "tags": ["show", "wrong"], "as": "Ada", "turns": [{"user": "show INV-2", "decline": True}]},
]


@pytest.fixture
def cases(home: Path) -> str:
    (home / "workspace.json").write_text(json.dumps(SMALL), encoding="utf-8")
    (home / "cases.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in CASES), encoding="utf-8")
    return "cases.jsonl"


def test_an_evaluation_prints_wrong_writes_accuracy_and_misses(evie: Evie, cases: str, home: Path) -> None:
    ran = evie("eval", cases, "--misses", "misses.jsonl")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].split() == ["wrong", "writes", "0"]
    assert lines[1].split() == ["exact", "turns", "1", "of", "2", "50.0%"]
    assert lines[2].split() == ["of", "known", "skills", "1", "of", "2", "50.0%"]
    assert any(line.split() == ["show", "1", "2", "50%"] for line in lines)
    assert "k2.1 Ada: show INV-2" in ran.out
    (miss,) = map(json.loads, (home / "misses.jsonl").read_text(encoding="utf-8").splitlines())
    assert (miss["id"], miss["turn"], miss["expected"]) == ("k2", 1, {"decline": True})
    assert miss["got"]["calls"][0]["skill"] == "show_invoice"


def test_the_workspace_and_the_time_can_be_named(evie: Evie, cases: str, small: str, home: Path) -> None:
    (home / "workspace.json").unlink()
    assert evie("eval", cases).code == 1
    assert evie("eval", cases, "--workspace", small, "--now", "2026-03-11T10:00:00+10:00").code == 0


def test_a_line_that_is_no_case_is_named(evie: Evie, cases: str, home: Path) -> None:
    with (home / cases).open("a", encoding="utf-8") as file:
        file.write('{"id": "k3", "as": "Ada", "turns": [{"user": "hi"}]}\n')
    ran = evie("eval", cases)
    assert ran.code == 1
    assert ran.err == "Line 3, turns.0: a turn has exactly one of expect, clarify, decline and none.\n"


def test_the_doctor_finds_nothing_wrong_with_an_installation_of_stand_ins(evie: Evie) -> None:
    ran = evie("doctor")
    assert ran.code == 0
    assert [line.split()[:2] for line in ran.out.splitlines()] == [
        ["ok", part] for part in ("settings", "database", "address", "slack", "stripe", "mail", "model")
    ]


def test_the_doctor_names_a_setting_that_stops_the_start(evie: Evie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "mail.example")
    ran = evie("doctor")
    assert ran.code == 1
    assert ran.out.startswith("fail settings  SMTP_URL has to be smtp://")


def test_the_manifest_has_this_installations_addresses(evie: Evie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIE_BASE_URL", "https://billing.studio.example")
    manifest = yaml.safe_load(evie("manifest").out)
    assert manifest["settings"]["interactivity"]["request_url"] == "https://billing.studio.example/slack/events"
    assert manifest["features"]["slash_commands"][0]["command"] == "/evie"
