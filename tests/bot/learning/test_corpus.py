"""The weights are those of the sentences that are kept, and some sentences are kept apart."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from bot.assistant.parser.leaning import NOTHING, SEVERAL, weights_file
from bot.learning.corpus import KEPT_APART, Heard, digest, heard_in_cases, heard_in_lines, sets, told_in_examples
from bot.learning.listening import listener
from skills.grammar import Grammar
from skills.registry import SKILLS


def test_the_weights_are_of_the_sentences_that_are_kept() -> None:
    told = json.loads(gzip.decompress(weights_file().read_bytes()))
    assert told["digest"] == digest(), "sentences have changed since the weights were fitted: make learn"


def test_what_is_judged_by_is_not_learnt_from() -> None:
    assert not KEPT_APART & {each.name for each in sets()}


def test_a_line_has_the_skill_before_the_sentence(tmp_path: Path) -> None:
    file = tmp_path / "heard.tsv"
    several = "void_invoice+send_invoice\tvoid 1, send 2"
    file.write_text(f"send_invoice\tsend it off\n\nnone\tI sent it\n{several}\nlist_orders\torders?\n")
    assert [*heard_in_lines(file, SKILLS)] == [
        Heard("send it off", "send_invoice"),
        Heard("I sent it", NOTHING),
        Heard("void 1, send 2", SEVERAL),
        Heard("orders?", NOTHING),
    ]


def test_of_a_case_the_first_turn_is_heard_unless_its_right_answer_hides_what_was_meant(tmp_path: Path) -> None:
    turns: list[dict[str, Any]] = [
        {"expect": [{"skill": "send_invoice", "arguments": {}}]},
        {"clarify": {"skill": "void_invoice", "missing": ["invoice"]}},
        {"decline": True},
        {"none": True},
    ]
    cases = [{"id": f"c{n}", "as": "Sam", "turns": [{"user": f"say {n}"} | turn]} for n, turn in enumerate(turns)]
    cases.append({"id": "r", "as": "Sam", "tags": ["role"], "turns": [{"user": "refund it", "decline": True}]})
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(map(json.dumps, cases)))
    heard = [one.outcome for one in heard_in_cases(file, SKILLS)]
    assert heard == ["send_invoice", "void_invoice", NOTHING, NOTHING]


def test_the_sentences_of_every_set_are_heard_among_their_records() -> None:
    for each in sets():
        assert next(iter(each.sentences(SKILLS))).text
    [one, *_] = [each for each in sets() if each.name == "dev"]
    with listener(one.workspace) as heard:
        assert "<inv>" in heard("send 1003 to the bakery")


def test_an_example_has_kinds_where_it_has_places() -> None:
    found = [*told_in_examples(Grammar(SKILLS).books["send_invoice"])]
    assert any({"send", "<inv>", "<email>"} <= traits for traits in found)
