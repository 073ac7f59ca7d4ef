"""The test cards: what a person types into the checkout page, and what becomes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

_GENERIC: Final = "Your card was declined."


@dataclass(frozen=True, slots=True)
class TestCard:
    """How the card of a number behaves. `decline_code` and `message` are None and "" where it pays.

    `disputes` is the reason for which its owner contests each payment, and `inquires` that the bank only asks.
    `brand` is "" for a bank account, whose money `settles_later`.
    """

    brand: str
    decline_code: str | None = None
    code: str = "card_declined"
    message: str = ""
    authenticates: bool = False
    disputes: str | None = None
    inquires: bool = False
    settles_later: bool = False

    __test__ = False  # its name is no test's


_DECLINES: Final = TestCard("visa", "generic_decline", message=_GENERIC)
_BANK_ACCOUNT: Final = TestCard("", settles_later=True)
_CARDS: Final = {
    "4242424242424242": TestCard("visa"),
    "5555555555554444": TestCard("mastercard"),
    "4000002500003155": TestCard("visa", authenticates=True),
    "4000000000000259": TestCard("visa", disputes="fraudulent"),
    "4000000000002685": TestCard("visa", disputes="product_not_received"),
    "4000000000001976": TestCard("visa", disputes="fraudulent", inquires=True),
    "4000000000000002": _DECLINES,
    "4000000000009995": TestCard("visa", "insufficient_funds", message="Your card has insufficient funds."),
}


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays and with which card, or from which bank account; made by `read_payer`, so all of it has been checked.

    `expiry` says nothing of a bank account.
    """

    name: str
    email: str
    card: TestCard
    last4: str
    expiry: date


def not_authenticated(card: TestCard) -> TestCard:
    """Return the card as it behaves when its owner did not confirm the payment with the bank."""
    return replace(
        card,
        decline_code="authentication_required",
        code="payment_intent_authentication_failure",
        message="We are unable to authenticate your payment method. Please choose a different one and try again.",
    )


def charged_again(charge: dict[str, Any], *, declines: bool) -> Payer:
    """Return who paid a charge, as they are charged the next time; `declines` if their bank says no then."""
    details = charge["payment_method_details"]
    means = details[details["type"]]
    payer = charge["billing_details"]
    brand = means.get("brand", "")
    behaves = replace(_DECLINES, brand=brand) if declines else TestCard(brand)
    expiry = date(means["exp_year"], means["exp_month"], 1) if brand else date.max
    return Payer(payer["name"], payer["email"], behaves, means["last4"], expiry)


class BadFields(Exception):
    """What was typed cannot be used: a sentence for each field by its name."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


def read_payer(form: dict[str, str], today: date) -> Payer:
    """Return the payer that the checkout form describes; raises BadFields."""
    if form.get("method") == "debit":
        return _debited(form)
    number = re.sub(r"[\s-]", "", form.get("number", ""))
    expiry = _expiry(form.get("expiry", ""))
    checks = {
        **_contact_problems(form),
        "number": _number_problem(number),
        "expiry": _expiry_problem(expiry, today),
        "cvc": "" if re.fullmatch(r"\d{3,4}", form.get("cvc", "").strip(), re.ASCII) else "Your CVC is incomplete.",
    }
    problems = {field: problem for field, problem in checks.items() if problem}
    if problems or expiry is None:
        raise BadFields(problems)
    return Payer(_name(form), form["email"].strip(), _CARDS[number], number[-4:], expiry)


def _debited(form: dict[str, str]) -> Payer:
    problems = {field: problem for field, problem in _contact_problems(form).items() if problem}
    if problems:
        raise BadFields(problems)
    return Payer(_name(form), form["email"].strip(), _BANK_ACCOUNT, "3456", date.max)


def _name(form: dict[str, str]) -> str:
    return " ".join(form["name"].split())[:100]


def _contact_problems(form: dict[str, str]) -> dict[str, str]:
    named = form.get("name", "").strip()
    missing = "Please enter your name." if form.get("method") == "debit" else "Please enter the name on the card."
    return {"email": _email_problem(form.get("email", "").strip()), "name": "" if named else missing}


def _email_problem(email: str) -> str:
    if re.fullmatch(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}", email):
        return ""
    return "Please enter a whole e-mail address, such as jane@company.example."


def _number_problem(number: str) -> str:
    if number in _CARDS:
        return ""
    if not re.fullmatch(r"\d{12,19}", number, re.ASCII) or not _passes_luhn(number):
        return "Your card number is invalid."
    return "This is a sandbox: please use a test card, such as 4242 4242 4242 4242."


def _passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2]]  # noqa: PLR2004 - Luhn's rule
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _expiry(text: str) -> date | None:
    """Return the first day of the month that `MM / YY` names."""
    match = re.fullmatch(r"\s*(\d{1,2})\s*/?\s*(?:20)?(\d{2})\s*", text, re.ASCII)
    if match is None or not 1 <= int(match[1]) <= 12:  # noqa: PLR2004 - months
        return None
    return date(2000 + int(match[2]), int(match[1]), 1)


def _expiry_problem(expiry: date | None, today: date) -> str:
    if expiry is None:
        return "Please enter the expiry date as MM / YY."
    return "Your card's expiry date is in the past." if expiry < today.replace(day=1) else ""
