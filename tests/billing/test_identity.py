"""Addresses, bank details and texts of a business: tidied, and refused where they are none."""

from __future__ import annotations

import pytest

from billing.errors import BadArgument
from billing.identity import checked_address, checked_bank, checked_bic, checked_iban, checked_line, checked_text
from billing.parties import Address, BankDetails


def test_an_address_is_tidied_and_what_is_none_is_refused() -> None:
    assert checked_address(Address((" 4  Tin Lane\x00", ""), country=" au ")) == Address(("4 Tin Lane",), country="AU")
    for wrong in (Address(country="Narnia"), Address(("x",) * 7), Address(city="x" * 121)):
        with pytest.raises(BadArgument):
            checked_address(wrong)


def test_bank_details_are_checked() -> None:
    assert checked_bank(BankDetails(iban="de89 3704 0044 0532 0130 00", bic="cobadeff")) == BankDetails(
        iban="DE89370400440532013000", bic="COBADEFF"
    )
    assert checked_bank(BankDetails(lines=(("BSB", ""),))) is None
    assert checked_bank(BankDetails(lines=(("BSB", "062-000"),))) is not None
    for wrong in ("DE89370400440532013001", "89", "XX"):
        with pytest.raises(BadArgument, match="is not an IBAN"):
            checked_iban(wrong)
    with pytest.raises(BadArgument, match="is not a BIC"):
        checked_bic("COBA")
    with pytest.raises(BadArgument, match="at most 6 lines"):
        checked_bank(BankDetails(lines=(("a", "b"),) * 7))


def test_texts_that_no_page_bears_are_refused() -> None:
    with pytest.raises(BadArgument, match="The footer is longer than 2000 characters"):
        checked_text("x" * 2001, "footer")
    with pytest.raises(BadArgument, match="The tax label is longer than 120"):
        checked_line("x" * 121, "tax label")
    assert checked_text("two\r\nlines\x1b", "footer") == "two\nlines"
