"""When calls are the same, rule by rule of the evaluation's README."""

from __future__ import annotations

from typing import Any

import pytest

from bot.assistant.reply import CallReport
from bot.evaluation.cases import ExpectedCall
from bot.evaluation.comparing import Comparison
from skills.registry import SKILLS

COMPARISON = Comparison(SKILLS)


def made(skill: str, result: str | None = None, **arguments: Any) -> CallReport:
    return CallReport(skill, arguments, "done", {"number": result} if result else None)


def wanted(skill: str, **arguments: Any) -> ExpectedCall:
    return ExpectedCall(skill=skill, arguments=arguments)


def same(skill: str, want: dict[str, Any], got: dict[str, Any], **records: str) -> bool:
    known = {f"${name}": number for name, number in records.items()}
    return COMPARISON.same(wanted(skill, **want), made(skill, **got), known)


@pytest.mark.parametrize(
    ("want", "got"),
    [
        ({"amount": "500.00"}, {"amount": "500.00"}),
        ({"amount": "500.00"}, {"amount": "500"}),
        ({"percent": "30"}, {"percent": "30.0"}),
        ({}, {"kind": "standard"}),
        ({"kind": "standard"}, {}),
        ({"due": "2026-03-20"}, {"due": "2026-03-20", "description": None}),
        ({"description": "workshop recordings"}, {"description": "The  Workshop\nRecordings"}),
        ({"description": "The workshop recordings"}, {"description": "recordings"}),
        ({"opportunity": "$new1"}, {"opportunity": "INV-9"}),
    ],
)
def test_these_arguments_are_the_same(want: dict[str, Any], got: dict[str, Any]) -> None:
    assert same("create_invoice", want, got, new1="INV-9")


@pytest.mark.parametrize(
    ("want", "got"),
    [
        ({"amount": "500.00"}, {"amount": "5000.00"}),
        ({"amount": "500.00"}, {}),
        ({}, {"amount": "500.00"}),
        ({"due": "2026-03-20"}, {"due": "2026-03-21"}),
        ({"kind": "deposit"}, {}),
        ({"description": "workshop"}, {}),
        ({}, {"description": "workshop"}),
        ({"description": "workshop"}, {"description": ""}),
        ({"description": "workshop"}, {"description": "garden"}),
        ({"opportunity": "$new2"}, {"opportunity": "INV-9"}),
    ],
)
def test_these_arguments_differ(want: dict[str, Any], got: dict[str, Any]) -> None:
    assert not same("create_invoice", want, got, new1="INV-9")


def test_the_order_of_statuses_does_not_matter_and_one_is_as_good_as_a_list_of_one() -> None:
    assert same("list_invoices", {"status": ["open", "sent"]}, {"status": ["sent", "open"]})
    assert same("list_invoices", {"status": "paid"}, {"status": ["paid"]})
    assert not same("list_invoices", {"status": ["open", "sent"]}, {"status": ["sent"]})


def test_periods_and_conditions_are_compared_in_depth() -> None:
    march = {"from": "2026-03-01", "to": "2026-03-31"}
    assert same("list_payments", {"period": march}, {"period": dict(march)})
    assert not same("list_payments", {"period": march}, {"period": {**march, "to": "2026-03-30"}})
    where = {"min_amount": "500.00"}
    assert same("create_automation", {"where": where}, {"where": {"min_amount": "500", "contact": None}})
    email = {"do": "email_contact", "text": "Thank you"}
    assert same("create_automation", {"action": email}, {"action": {**email, "text": "thank you!"}})
    assert not same("create_automation", {"action": email}, {"action": {"do": "email_contact"}})


def test_a_truth_value_is_not_a_number() -> None:
    assert same("set_automation", {"active": True}, {"active": True})
    assert not same("set_automation", {"active": True}, {"active": 1})
    assert not same("set_automation", {"active": True}, {"active": "true"})


def test_another_skill_is_another_call() -> None:
    assert not COMPARISON.same(wanted("show_invoice", invoice="INV-1"), made("send_invoice", invoice="INV-1"), {})


def test_lists_are_the_same_call_by_call_and_in_order() -> None:
    first, second = made("show_invoice", invoice="INV-1"), made("show_invoice", invoice="INV-2")
    right = [wanted("show_invoice", invoice="INV-1"), wanted("show_invoice", invoice="INV-2")]
    assert COMPARISON.same_list(right, [first, second], {})
    assert not COMPARISON.same_list(right, [second, first], {})
    assert not COMPARISON.same_list(right, [first], {})
    assert not COMPARISON.same_list(right, [first, second, second], {})


def test_what_an_earlier_call_of_the_turn_made_can_be_named() -> None:
    right = [wanted("create_invoice", opportunity="OPP-1"), wanted("send_invoice", invoice="$1")]
    created = made("create_invoice", "INV-9", opportunity="OPP-1")
    assert COMPARISON.same_list(right, [created, made("send_invoice", invoice="INV-9")], {})
    assert COMPARISON.same_list(right, [created, made("send_invoice", invoice="$1")], {})
    assert not COMPARISON.same_list(right, [created, made("send_invoice", invoice="INV-8")], {})


def test_a_number_that_was_never_given_is_told_by_its_sign() -> None:
    right = [wanted("create_invoice", opportunity="OPP-1"), wanted("send_invoice", invoice="$1")]
    failed = made("create_invoice", opportunity="OPP-1")
    assert COMPARISON.same_list(right, [failed, made("send_invoice", invoice="$1")], {})
    assert not COMPARISON.same_list(right, [failed, made("send_invoice", invoice="INV-9")], {})
