"""What counts: wrong writes, exact turns, needless questions."""

from __future__ import annotations

from typing import Any

import pytest

from bot.assistant.reply import CallReport, Clarify, Reply
from bot.evaluation.cases import CaseTurn
from bot.evaluation.comparing import Comparison
from bot.evaluation.judging import Verdict, judge
from skills.registry import SKILLS

SEND = CallReport("send_invoice", {"invoice": "INV-1"}, "needs_confirmation")
SHOW = CallReport("show_invoice", {"invoice": "INV-1"}, "done")
NOTHING = Reply("c", "…")
DECLINED = Reply("c", "…", declined=True)


def judged(right: dict[str, Any], reply: Reply) -> Verdict:
    return judge(CaseTurn.model_validate({"user": "…", **right}), reply, {}, Comparison(SKILLS))


def says(*calls: CallReport) -> Reply:
    return Reply("c", "…", calls=calls)


def asks(skill: str, *missing: str) -> Reply:
    return Reply("c", "…", clarify=Clarify(skill, missing))


EXPECT_SEND = {"expect": [{"skill": "send_invoice", "arguments": {"invoice": "INV-1"}}]}
CLARIFY = {"clarify": {"skill": "create_invoice", "missing": ["opportunity", "amount"]}}


@pytest.mark.parametrize(
    ("right", "reply"),
    [
        (EXPECT_SEND, says(SEND)),
        ({**EXPECT_SEND, "accept": [[]]}, NOTHING),
        ({**EXPECT_SEND, "accept": [[{"skill": "show_invoice", "arguments": {"invoice": "INV-1"}}]]}, says(SHOW)),
        (CLARIFY, asks("create_invoice", "amount", "opportunity")),
        ({"decline": True}, DECLINED),
        ({"none": True}, NOTHING),
        ({"decline": True}, Reply("c", "…", calls=(CallReport("send_invoice", {}, "refused"),), declined=True)),
    ],
)
def test_these_answers_are_right(right: dict[str, Any], reply: Reply) -> None:
    verdict = judged(right, reply)
    assert verdict.exact
    assert verdict.wrong_writes == ()


@pytest.mark.parametrize(
    ("right", "reply"),
    [
        (EXPECT_SEND, NOTHING),
        (EXPECT_SEND, says(SHOW)),
        (EXPECT_SEND, says(SEND, SHOW)),
        (CLARIFY, asks("create_invoice", "amount")),
        (CLARIFY, asks("create_payment_link", "amount", "opportunity")),
        (CLARIFY, NOTHING),
        ({"decline": True}, NOTHING),
        ({"none": True}, DECLINED),
        ({"none": True}, asks("create_invoice", "amount")),
        ({"decline": True}, says(SHOW)),
    ],
)
def test_these_answers_are_wrong_but_write_nothing(right: dict[str, Any], reply: Reply) -> None:
    verdict = judged(right, reply)
    assert not verdict.exact
    assert verdict.wrong_writes == ()


@pytest.mark.parametrize("right", [CLARIFY, {"decline": True}, {"none": True}])
def test_a_card_that_nobody_asked_for_is_a_wrong_write(right: dict[str, Any]) -> None:
    assert judged(right, says(SEND)).wrong_writes == (SEND,)


def test_the_right_skill_on_the_wrong_invoice_is_a_wrong_write() -> None:
    other = CallReport("send_invoice", {"invoice": "INV-2"}, "needs_confirmation")
    assert judged(EXPECT_SEND, says(other)).wrong_writes == (other,)


def test_a_write_that_failed_was_tried_all_the_same() -> None:
    failed = CallReport("send_invoice", {"invoice": "INV-2"}, "failed", None, {"code": "x", "message": "…"})
    assert judged({"none": True}, says(failed)).wrong_writes == (failed,)


def test_an_extra_read_is_an_error_but_no_wrong_write() -> None:
    verdict = judged(EXPECT_SEND, says(SEND, SHOW))
    assert (verdict.exact, verdict.wrong_writes) == (False, ())


def test_a_write_of_an_accepted_list_is_no_wrong_write() -> None:
    right = {"expect": [], "accept": [EXPECT_SEND["expect"]]}
    assert judged(right, says(SEND)).exact
    assert judged(right, says(SEND)).wrong_writes == ()


def test_a_question_where_calls_were_right_is_needless() -> None:
    assert judged(EXPECT_SEND, asks("send_invoice", "invoice")).needless_question
    assert not judged(CLARIFY, asks("create_invoice", "amount")).needless_question
