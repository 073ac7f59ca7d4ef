"""What a business or a client may say of itself on a document, checked before it is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from billing.errors import BadArgument
from billing.itemising import printable

if TYPE_CHECKING:
    from billing.parties import Address, BankDetails

LONGEST_LINE: Final = 120
LONGEST_TEXT: Final = 2000
_MOST_LINES: Final = 6
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_BIC: Final = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)


def checked_line(text: str, what: str) -> str:
    """Return a text of one line as it can be printed; raises BadArgument that says `what` is too long."""
    line = " ".join(printable(text).split())
    if len(line) > LONGEST_LINE:
        raise BadArgument(f"The {what} is longer than {LONGEST_LINE} characters. Shorten it.")
    return line


def checked_text(text: str, what: str) -> str:
    """Return a text of several lines as it can be printed; raises BadArgument where it is longer than a page bears."""
    cleaned = printable(text)
    if len(cleaned) > LONGEST_TEXT:
        raise BadArgument(f"The {what} is longer than {LONGEST_TEXT} characters. Shorten it.")
    return cleaned


def checked_address(address: Address) -> Address:
    """Return the address with its parts tidied; raises BadArgument for what is no address."""
    country = address.country.strip().upper()
    if country and not _COUNTRY.fullmatch(country):
        raise BadArgument(f"“{address.country}” is not a country. Use its two letters, such as AU or DE.")
    street = tuple(line for line in (checked_line(part, "street") for part in address.street) if line)
    if len(street) > _MOST_LINES:
        raise BadArgument(f"An address has at most {_MOST_LINES} lines above its city. Put some of them together.")
    return replace(
        address,
        street=street,
        city=checked_line(address.city, "city"),
        region=checked_line(address.region, "region"),
        postcode=checked_line(address.postcode, "postcode"),
        country=country,
    )


def checked_bank(bank: BankDetails) -> BankDetails | None:
    """Return the bank details tidied, None where there are none; raises BadArgument for what is no account."""
    lines = [(checked_line(label, "bank line"), checked_line(value, "bank line")) for label, value in bank.lines]
    if len(lines) > _MOST_LINES:
        raise BadArgument(f"Bank details have at most {_MOST_LINES} lines of their own.")
    tidy = replace(
        bank,
        account_name=checked_line(bank.account_name, "account name"),
        iban=checked_iban(bank.iban),
        bic=checked_bic(bank.bic),
        lines=tuple((label, value) for label, value in lines if label and value),
    )
    return tidy if tidy.account_name or tidy.iban or tidy.bic or tidy.lines else None


def checked_iban(text: str) -> str:
    """Return an IBAN in capitals without spaces, "" for none; raises BadArgument where its check digits are wrong."""
    iban = re.sub(r"\s", "", text).upper()
    if not iban:
        return ""
    # ISO 7064: letters count from 10, the first four signs come last, and the rest of a division by 97 is 1.
    digits = "".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4]) if _IBAN.fullmatch(iban) else "0"
    if int(digits) % 97 != 1:
        raise BadArgument(f"“{text}” is not an IBAN: its check digits do not fit. Look for a typing error.")
    return iban


def checked_bic(text: str) -> str:
    """Return a BIC in capitals, "" for none; raises BadArgument for what is none."""
    bic = re.sub(r"\s", "", text).upper()
    if bic and not _BIC.fullmatch(bic):
        raise BadArgument(f"“{text}” is not a BIC. It has 8 or 11 letters and digits, such as COBADEFFXXX.")
    return bic
