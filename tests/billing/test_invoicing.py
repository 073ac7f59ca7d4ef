"""Invoices on a deal: what each kind asks for, what is warned of, what is refused."""

from datetime import date
from typing import Any

import pytest

from tests.support.studio import Studio


def test_a_deposit_of_a_percentage_is_of_the_deals_value(studio: Studio) -> None:
    made = studio.done("create_invoice", opportunity="OPP-1", kind="deposit", percent="30", due="2026-03-25")
    invoice = studio.invoice(made.result["number"])
    assert str(invoice.total) == "3000.00"
    assert invoice.status == "draft"
    assert made.text == "Deposit invoice INV-1001 for Bluebird shop sign: A$3,000.00, due 25 March."


def test_a_final_invoice_asks_for_what_is_left_and_says_so(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="3000")
    studio.done("create_invoice", opportunity="OPP-1", kind="progress", amount="2500.50")
    made = studio.done("create_invoice", opportunity="OPP-1", kind="final")
    assert str(studio.invoice(made.result["number"]).total) == "4499.50"
    assert "which is what is left of the deal" in made.text


def test_a_void_invoice_does_not_count_against_the_value(studio: Studio) -> None:
    made = studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="3000")
    with studio.store.transaction(studio.id) as tx:
        invoice = tx.invoices.get(made.result["number"])
        tx.invoices.save(invoice.move(type(invoice.status).VOID))
    final = studio.done("create_invoice", opportunity="OPP-1", kind="final")
    assert str(studio.invoice(final.result["number"]).total) == "10000.00"


def test_invoicing_beyond_the_value_is_done_with_a_warning(studio: Studio) -> None:
    made = studio.done("create_invoice", opportunity="OPP-1", amount="12000")
    assert "Mind: That is A$2,000.00 more than the deal is worth (A$10,000.00)." in made.text


def test_a_second_deposit_is_made_with_a_warning(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="100")
    made = studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="100")
    assert "has a deposit invoice already" in made.text


def test_an_invoice_in_another_currency_is_made_and_not_counted(studio: Studio) -> None:
    made = studio.done("create_invoice", opportunity="OPP-1", amount="250", currency="USD")
    assert studio.invoice(made.result["number"]).total.currency == "USD"
    assert "not counted against its value" in made.text
    final = studio.done("create_invoice", opportunity="OPP-1", kind="final")
    assert str(studio.invoice(final.result["number"]).total) == "10000.00"


def test_without_a_due_date_the_workspaces_terms_hold(studio: Studio) -> None:
    made = studio.done("create_invoice", opportunity="OPP-1", amount="10")
    assert studio.invoice(made.result["number"]).due_on == date(2026, 3, 25)


def test_the_same_request_again_makes_nothing_more(studio: Studio) -> None:
    from billing.conversations import SkillCall
    from skills.registry import SKILLS
    from skills.runner import Runner

    call = SkillCall("create_invoice", {"opportunity": "OPP-1", "amount": "10"})
    first = Runner(SKILLS).run(studio.context(key="same"), call)
    second = Runner(SKILLS).run(studio.context(key="same"), call)
    assert first.outcome is not None
    assert second.outcome is not None
    assert first.outcome.result == second.outcome.result
    with studio.store.transaction(studio.id) as tx:
        assert len(tx.invoices.list()) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"amount": "12.345"}, "more than 2 decimals"),
        ({"amount": "-5"}, "is not an amount"),
        ({"amount": "a lot"}, "is not an amount"),
        ({"amount": "0"}, "more than zero"),
        ({"amount": "10", "percent": "5"}, "not both"),
        ({"percent": "130"}, "more than the whole deal"),
        ({"amount": "10", "due": "2026-03-10"}, "has passed already"),
        ({"amount": "10", "due": "2036-03-10"}, "more than two years away"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(studio: Studio, arguments: dict[str, Any], sentence: str) -> None:
    ran = studio.run("create_invoice", opportunity="OPP-1", **arguments)
    assert ran.status == "failed"
    assert sentence in ran.text
    with studio.store.transaction(studio.id) as tx:
        assert tx.invoices.list() == []


def test_a_percentage_that_rounds_to_nothing_is_refused(studio: Studio) -> None:
    studio.done("update_opportunity", opportunity="OPP-1", amount="1")
    ran = studio.run("create_invoice", opportunity="OPP-1", percent="0.1")
    assert ran.status == "failed"
    assert "comes to nothing" in ran.text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"opportunity": "OPP-1"}, "How much should it be?"),
        ({"opportunity": "OPP-2", "percent": "30"}, "has no value yet"),
        ({"opportunity": "OPP-2", "kind": "final"}, "has no value yet"),
        ({"opportunity": "OPP-3", "percent": "30", "currency": "AUD"}, "is valued in NOK"),
    ],
)
def test_an_amount_that_cannot_be_known_is_asked_for(studio: Studio, arguments: dict[str, Any], sentence: str) -> None:
    ran = studio.run("create_invoice", **arguments)
    assert ran.status == "asked"
    assert ran.missing == ("amount",)
    assert sentence in ran.text


def test_a_final_invoice_on_a_deal_that_is_fully_invoiced_is_refused(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", amount="10000")
    ran = studio.run("create_invoice", opportunity="OPP-1", kind="final")
    assert ran.error is not None
    assert ran.error[0] == "nothing_to_invoice"
