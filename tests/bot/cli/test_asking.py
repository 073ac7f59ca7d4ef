"""`evie ask` answers as the contract says: one reply object for one request, and copies that leave no trace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Evie

DRY = ["--dry-run", "small.json", "--now", "2026-03-11T10:00:00+10:00"]


def line(conversation: str, text: str, **more: str) -> str:
    return json.dumps({"conversation": conversation, "text": text, **more}) + "\n"


@pytest.fixture(autouse=True)
def _workspace(small: str) -> None:
    """Every test here has the small workspace's file."""


def test_a_reply_object_has_the_fields_of_the_contract(evie: Evie) -> None:
    ran = evie("ask", "show INV-2", "--json", *DRY)
    (reply,) = ran.lines
    assert (ran.code, ran.err) == (0, "")
    assert list(reply) == ["conversation", "calls", "clarify", "declined", "reply", "route"]
    (call,) = reply["calls"]
    assert list(call) == ["skill", "arguments", "status", "result", "error"]
    assert (call["skill"], call["arguments"], call["status"]) == ("show_invoice", {"invoice": "INV-2"}, "done")


def test_the_words_need_no_quotation_marks(evie: Evie) -> None:
    assert evie("ask", "--json", *DRY, "show", "INV-2").lines[0]["calls"][0]["skill"] == "show_invoice"


def test_a_person_reads_a_sentence_and_a_card(evie: Evie) -> None:
    ran = evie("ask", "show INV-2", *DRY)
    assert ran.code == 0
    assert "╭─ Invoice INV-2 · sent" in ran.out
    assert "A$800.00" in ran.out


def test_a_dry_run_touches_neither_the_file_nor_a_database(evie: Evie, home: Path) -> None:
    before = (home / "small.json").read_bytes()
    evie("ask", "create a $100 invoice for the poster", "--json", *DRY)
    assert (home / "small.json").read_bytes() == before
    assert sorted(path.name for path in home.iterdir()) == ["small.json"]


def test_the_clock_of_a_dry_run_stands_where_it_is_told_to(evie: Evie) -> None:
    ran = evie("ask", "--json", *DRY, "create a $100 invoice for the poster due in two weeks")
    assert ran.lines[0]["calls"][0]["arguments"]["due"] == "2026-03-25"


def test_each_line_gets_its_reply_in_order(evie: Evie) -> None:
    typed = line("a", "show INV-1") + "\n" + line("b", "show INV-2") + line("c", "show INV-3")
    ran = evie("ask", "--jsonl", *DRY, typed=typed)
    assert ran.code == 0
    asked = [(reply["conversation"], reply["calls"][0]["arguments"]["invoice"]) for reply in ran.lines]
    assert asked == [("a", "INV-1"), ("b", "INV-2"), ("c", "INV-3")]


def test_every_conversation_has_a_copy_of_its_own_that_lasts(evie: Evie) -> None:
    create = "create a $100 invoice for the poster"
    typed = line("a", create) + line("b", create) + line("a", create) + line("b", "show INV-4")
    numbers = [reply["calls"][0]["result"]["number"] for reply in evie("ask", "--jsonl", *DRY, typed=typed).lines]
    assert numbers[0] == numbers[1] == "INV-4"
    assert numbers[2:] == ["INV-5", "INV-4"]


def test_the_speaker_is_the_one_named_else_the_first_admin(evie: Evie) -> None:
    create = "create a $100 invoice for the poster"
    typed = line("a", create) + line("b", create, **{"as": "Vi"})
    first, second = evie("ask", "--jsonl", *DRY, typed=typed).lines
    assert first["calls"][0]["status"] == "done"
    assert second["declined"]
    assert all(call["status"] == "refused" for call in second["calls"])


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("not json\n", "Line 2: Invalid JSON"),
        ('{"text": "hi"}\n', "Line 2: conversation: Field required"),
        ('{"conversation": "a", "text": 3}\n', "Line 2: text: Input should be a valid string"),
        (line("a", "hi", **{"as": "Nobody"}), "Line 2: Nobody here is called “Nobody”"),
    ],
)
def test_a_malformed_line_ends_it_with_its_number_after_the_lines_before_it(evie: Evie, bad: str, said: str) -> None:
    ran = evie("ask", "--jsonl", *DRY, typed=line("a", "show INV-1") + bad + line("a", "show INV-2"))
    assert ran.code == 2
    assert len(ran.lines) == 1
    assert ran.err.startswith(said)


def test_bytes_that_are_no_text_are_a_malformed_line(evie: Evie) -> None:
    ran = evie("ask", "--jsonl", *DRY, typed=b'{"conversation": "a", "text": "\xff"}\n')
    assert ran.code == 2
    assert ran.err.startswith("Line 1: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "  "],
        ["ask", "--jsonl", "hello"],
        ["ask", "hello", "--now", "2026-03-11T10:00:00+10:00"],
        ["ask", "hello", "--dry-run", "small.json", "--now", "2026-03-11T10:00:00"],
        ["ask", "hello", "--dry-run", "small.json", "--now", "soon"],
    ],
)
def test_options_that_do_not_go_together_are_bad_usage(evie: Evie, arguments: list[str]) -> None:
    assert evie(*arguments).code == 2


def test_a_conversation_on_the_database_can_be_gone_on_with(evie: Evie) -> None:
    evie("import", "small.json")
    proposed = evie("ask", "send INV-2", "--json", "--conversation", "c1").lines[0]
    assert [call["status"] for call in proposed["calls"]] == ["needs_confirmation"]
    done = evie("ask", "yes", "--json", "--conversation", "c1").lines[0]
    assert [(call["skill"], call["status"]) for call in done["calls"]] == [("send_invoice", "done")]


def test_a_proposal_says_how_to_confirm_it(evie: Evie) -> None:
    evie("import", "small.json")
    assert "To confirm: evie ask yes --conversation c1" in evie("ask", "send INV-2", "--conversation", "c1").out


def test_yes_confirms_at_once_and_the_mail_leaves(evie: Evie, home: Path) -> None:
    evie("import", "small.json")
    ran = evie("ask", "send INV-2", "--yes", "--json", "--as", "eli")
    assert [call["status"] for call in ran.lines[0]["calls"]] == ["done"]
    mails = [path for path in (home / "evie-sandbox").rglob("*") if path.is_file() and "nora@quist" in _text(path)]
    assert mails


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def test_somebody_unknown_cannot_speak(evie: Evie) -> None:
    evie("import", "small.json")
    ran = evie("ask", "help", "--as", "Zed")
    assert (ran.code, ran.err) == (1, "Nobody here is called “Zed”; the members are: Ada, Eli, Vi.\n")
