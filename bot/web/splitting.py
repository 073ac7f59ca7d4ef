"""Paying a part: the amount that a client typed becomes a link for just that, on a page that says what is left then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool

from billing.errors import BadAmount, BillingError
from billing.money import exponent, parse_amount
from billing.parts import PartProblem, problem_of
from bot.web.pages import Notice, notice
from bot.web.pay import asked_for, choice, settled, unavailable
from skills.cards import Tone

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from billing.money import Money
    from bot.web.pay import Asked
    from bot.web.site import Site

LARGEST_FORM: Final = 2_000
_LONGEST_AMOUNT: Final = 40


async def pay_a_part(site: Site, request: Request) -> Response:
    """Take the amount of the form and lead on to paying it, or ask again and say what is wrong with it."""
    fields = parse_qs((await request.body()).decode("utf-8", "replace"))
    typed = fields.get("amount", [""])[0].strip()[:_LONGEST_AMOUNT]
    return await run_in_threadpool(_answer, site, request, typed)


def _answer(site: Site, request: Request, typed: str) -> Response:
    asked = asked_for(site, request)
    if not asked.invoice.payable:
        return settled(asked)
    if asked.least is None:
        return unavailable(site, request, BadAmount("This invoice is not paid in parts."))
    try:
        part = read_amount(typed, asked.invoice.balance.currency)
    except BadAmount:
        return choice(asked, request.url.path, amount=typed, problem=_unreadable(asked))
    problem = problem_of(asked.invoice, part, asked.least, site.services.gateways.least_charge(part.currency))
    if problem is not None:
        return choice(asked, request.url.path, amount=typed, problem=_in_words(asked, problem))
    try:
        return _lead_on(asked, part, site.make_link_live(asked.workspace.id, asked.invoice.number, part))
    except BillingError as error:
        return unavailable(site, request, error)


def read_amount(typed: str, currency: str) -> Money:
    """Return the amount that a person wrote with either comma or point, and with or without a sign.

    Raises BadAmount.
    """
    signs = re.sub(r"[^\d.,]", "", typed)
    decimals = exponent(currency)
    found = re.fullmatch(rf"([\d.,]*?)(?:[.,](\d{{1,{decimals}}}))?", signs) if decimals else None
    whole, fraction = (found[1], found[2]) if found else (signs, None)
    digits = re.sub(r"[.,]", "", whole) or "0"
    return parse_amount(f"{digits}.{fraction}" if fraction else digits, currency)


def _unreadable(asked: Asked) -> str:
    return asked.formats.text("Please write an amount of at least {least}.").format(
        least=asked.formats.money(asked.least) if asked.least else ""
    )


def _in_words(asked: Asked, problem: PartProblem) -> str:
    formats, balance = asked.formats, asked.formats.money(asked.invoice.balance)
    match problem:
        case PartProblem.TOO_LITTLE:
            return _unreadable(asked)
        case PartProblem.TOO_MUCH:
            return formats.text("That is more than what is left to pay, {balance}.").format(balance=balance)
        case PartProblem.LEAVES_TOO_LITTLE:
            return formats.text(
                "What would be left is too little to be paid online. Please pay all of it, {balance}, or less."
            ).format(balance=balance)


def _lead_on(asked: Asked, part: Money, url: str) -> Response:
    formats, invoice = asked.formats, asked.invoice
    text, left = formats.text, invoice.balance - part
    words = Notice(
        text("Pay {amount} now").format(amount=formats.money(part)),
        text("The payment page opens next. What is left can be paid later, by the same link.")
        if left.amount
        else text("The payment page opens next."),
        Tone.NEUTRAL,
        asked.business,
        (
            (text("Invoice"), invoice.client_number),
            (text("You pay now"), formats.money(part)),
            (text("Left to pay afterwards"), formats.money(left)),
        ),
        (text("Continue to payment"), url),
    )
    return notice(words, reader=formats)
