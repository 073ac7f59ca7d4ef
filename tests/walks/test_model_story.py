"""A sentence that the parser is not sure of goes to the model; what that asks for goes through the same door."""

import json
from typing import Any

import pytest

from tests.support.openai import CallTool, Fail, Say, ScriptedModel
from tests.support.slack import FakeSlack
from tests.support.walking import Evie
from tests.support.walking_slack import Colleague

pytestmark = pytest.mark.walk

VAGUE = "the ferry people would like to give us something on account, a fifth of the job"


def test_the_model_calls_a_skill_and_its_words_come_with_the_card(
    evie: Evie, slack: FakeSlack, workspace: dict[str, Any], scripted_model: ScriptedModel
) -> None:
    evie.settings |= scripted_model.environment()
    evie.move_in(workspace)
    evie.serve()

    scripted_model.expect(
        CallTool("create_invoice", {"opportunity": "OPP-1", "kind": "deposit", "percent": "20"}),
        Say("I have drafted a deposit of a fifth for the ferries."),
    )
    answer = Colleague(evie, slack).says(VAGUE)

    assert "I have drafted a deposit of a fifth for the ferries." in answer.words
    assert answer.facts["Amount"] == "A$1,600.00"
    (told,) = scripted_model.outputs()
    assert told["data"]["result"] == {"number": "INV-1001"}
    (turn,) = evie.rows("turns")
    assert turn["reply"]["route"] == "model"
    (call,) = evie.rows("audit_entries", front="slack")
    assert (call["skill"], call["status"], call["member"], call["front"]) == ("create_invoice", "done", "Ada", "slack")


def test_past_a_persons_share_of_the_day_the_model_is_not_asked(
    evie: Evie, slack: FakeSlack, workspace: dict[str, Any], scripted_model: ScriptedModel
) -> None:
    evie.settings |= {**scripted_model.environment(), "EVIE_MODEL_DAILY_TOKENS": "1"}
    evie.move_in(workspace)
    evie.serve()
    colleague = Colleague(evie, slack)

    scripted_model.expect(Say("Which job is it?"))
    asked = colleague.says(VAGUE)
    stopped = colleague.says(VAGUE)
    plain = colleague.says("create a 30% deposit invoice for Quist")

    assert "Which job is it?" in asked.words
    assert "used up what the language model may do" in stopped.words
    assert plain.facts["Amount"] == "A$2,400.00"
    assert len(scripted_model.requests) == 1
    first, *others = evie.rows("turns")
    assert first["model_tokens"] > 1
    assert [turn["model_tokens"] for turn in others] == [0, 0]


def test_without_the_model_the_parser_answers_what_it_can(
    evie: Evie, workspace: dict[str, Any], scripted_model: ScriptedModel
) -> None:
    evie.settings |= scripted_model.environment()
    file = evie.write(workspace)

    scripted_model.expect(*[Fail(500)] * 3)
    asked = [{"conversation": "c1", "text": text} for text in ("create a 30% deposit invoice for Quist", VAGUE)]
    done = evie.run("ask", "--jsonl", "--dry-run", file, said="\n".join(json.dumps(line) for line in asked))

    made, unsure = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(call["skill"], call["status"]) for call in made["calls"]] == [("create_invoice", "done")]
    assert unsure["calls"] == []
    assert unsure["reply"]
    assert {made["route"], unsure["route"]} == {"rules"}
    assert len(scripted_model.requests) == 3
