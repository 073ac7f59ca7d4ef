"""A file of cases from its first line to its figures."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from rich.console import Console

from billing.conversations import Actor
from billing.roles import Role
from bot.assistant.reply import CallReport, Reply
from bot.assistant.requests import Deed, Press, Request
from bot.evaluation.cases import CasesRefused, read_cases
from bot.evaluation.comparing import Comparison
from bot.evaluation.running import Answered, run_case
from bot.evaluation.summary import miss, summarise
from bot.evaluation.table import show
from bot.speaking import Speaker
from skills.registry import SKILLS


class Parrot:
    """Answers each sentence with the reply that was written down for it; an unknown one makes it stumble."""

    def __init__(self, replies: dict[str, Reply]) -> None:
        self.replies = replies

    def answer(self, request: Request, on_text: Any = None) -> Reply:
        return self.replies[request.text]

    def press(self, press: Press) -> Reply:
        raise AssertionError(press)

    def perform(self, deed: Deed) -> Reply:
        raise AssertionError(deed)


def creates(number: str, amount: str) -> Reply:
    call = CallReport("create_invoice", {"opportunity": "OPP-1", "amount": amount}, "done", {"number": number})
    return Reply("c", "done", calls=(call,))


def sends(number: str) -> Reply:
    return Reply("c", "?", calls=(CallReport("send_invoice", {"invoice": number}, "needs_confirmation"),))


CREATE = {"skill": "create_invoice", "arguments": {"opportunity": "OPP-1", "amount": "5.00"}}
TWO_TURNS = {
    "id": "two",
    "tags": ["compound"],
    "as": "Ada",
    "turns": [
        {"user": "invoice it", "expect": [CREATE]},
        {"user": "and again", "expect": [CREATE]},
        {"user": "send the second", "expect": [{"skill": "send_invoice", "arguments": {"invoice": "$new2"}}]},
    ],
}
RIGHT = {
    "invoice it": creates("INV-7", "5.00"),
    "and again": creates("INV-8", "5.00"),
    "send the second": sends("INV-8"),
}


def run(replies: dict[str, Reply], *cases: dict[str, Any]) -> list[Answered]:
    @contextmanager
    def rehearsal(name: str) -> Iterator[Speaker]:
        yield Speaker(Parrot(replies), Actor("w", name, Role.ADMIN, "test"))

    text = "\n".join(json.dumps(case) for case in cases)
    return [turn for case in read_cases(text) for turn in run_case(case, rehearsal, Comparison(SKILLS))]


def test_a_later_turn_names_what_an_earlier_one_made() -> None:
    assert [turn.verdict.exact for turn in run(RIGHT, TWO_TURNS)] == [True, True, True]
    wrong = run({**RIGHT, "send the second": sends("INV-7")}, TWO_TURNS)
    assert [turn.verdict.exact for turn in wrong] == [True, True, False]


def test_a_crash_is_one_wrong_turn_and_the_others_are_run() -> None:
    turns = run({key: reply for key, reply in RIGHT.items() if key != "and again"}, TWO_TURNS)
    assert [turn.verdict.exact for turn in turns] == [True, False, False]
    assert "reference" in turns[1].reply.reply


def test_the_figures_count_turns_cases_tags_and_skills() -> None:
    single = {"id": "one", "tags": ["x", "y"], "as": "Ada", "turns": [{"user": "invoice it", "none": True}]}
    summary = summarise(run(RIGHT, TWO_TURNS, single), {"create_invoice"})
    assert (summary.turns.exact, summary.turns.turns) == (3, 4)
    assert (summary.reachable.exact, summary.reachable.turns) == (2, 3)
    assert (summary.cases.exact, summary.cases.turns) == (1, 2)
    assert {share.name: (share.exact, share.turns) for share in summary.tags} == {
        "compound": (3, 3),
        "x": (0, 1),
        "y": (0, 1),
    }
    assert {share.name: (share.exact, share.turns) for share in summary.skills} == {
        "create_invoice": (2, 2),
        "send_invoice": (1, 1),
    }
    assert summary.wrong_writes == ("one",)
    assert 0 <= summary.p50_seconds <= summary.p99_seconds
    assert [turn.case.id for turn in summary.misses] == ["one"]


def test_a_miss_has_what_would_have_been_right_and_what_was_done() -> None:
    single = {"id": "one", "as": "Ada", "turns": [{"user": "invoice it", "decline": True}]}
    (turn,) = run(RIGHT, single)
    written = miss(turn)
    assert (written["id"], written["turn"], written["user"]) == ("one", 1, "invoice it")
    assert written["expected"] == {"decline": True}
    assert written["got"]["calls"][0]["skill"] == "create_invoice"
    assert written["wrong_writes"] == ["create_invoice"]


def test_the_table_tells_wrong_writes_first() -> None:
    file = io.StringIO()
    single = {"id": "one", "tags": ["x"], "as": "Ada", "turns": [{"user": "[red]it", "none": True}]}
    show(summarise(run({"[red]it": sends("INV-1")}, single), SKILLS), Console(file=file, width=100))
    lines = file.getvalue().splitlines()
    assert lines[0].split() == ["wrong", "writes", "1", "one"]
    assert "one.1 Ada: [red]it" in file.getvalue()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no case in this file."),
        ("{", "Line 1 is not JSON."),
        ("[" * 100_000, "Line 1 is not JSON."),
        ('\n{"id": "a", "as": "Ada", "turns": []}', "Line 2, turns: "),
        (
            '{"id": "a", "as": "Ada", "turns": [{"user": "x", "none": true, "decline": true}]}',
            "Line 1, turns.0: a turn",
        ),
        ('{"id": "a", "as": "Ada", "turns": [{"user": "x", "none": true, "accept": [[]]}]}', "Line 1, turns.0: accept"),
        ('{"id": "a", "as": "Ada", "turns": [{"user": "x", "none": true, "colour": 1}]}', "Line 1, turns.0.colour: "),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(CasesRefused) as caught:
        read_cases(text)
    assert caught.value.user_message.startswith(said)
