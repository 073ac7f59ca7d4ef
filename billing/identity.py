"""What a business or a client may say of itself on a document, checked before it is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from billing.errors import BadArgument
from billing.itemising import printable
from billing.parties import Address, BankDetails

if TYPE_CHECKING:
    from collections.abc import Sequence

# One mailbox, no white space: what could break out of a mail header never gets in here.
EMAIL: Final = re.compile(r"[^@\s<>,;:\"]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
LONGEST_LINE: Final = 120
LONGEST_TEXT: Final = 2000
_MOST_LINES: Final = 6
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_BIC: Final = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_BANK_WORDS: Final = frozenset({"name", "iban", "bic"})
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
        raise BadArgument(f"“{text}” is not a BIC. It has 8 or 11 letters and digits, such as COBADEFF.")
    return bic


def parse_address(text: str) -> Address:
    """Read `4 Tin Lane, Hobart, TAS, 7000, AU`, with an empty part where there is none; "" is no address.

    Raises BadArgument for fewer parts than these five, and for what `checked_address` refuses.
    """
    parts = [part.strip() for part in text.replace("\n", ",").split(",")]
    if parts == [""]:
        return Address()
    if len(parts) < 5:  # noqa: PLR2004 - street, city, region, postcode, country
        message = (
            f"“{text}” is not a whole address. Write street, city, region, postcode and country, with nothing between "
            "two commas where there is none: “4 Tin Lane, Hobart, TAS, 7000, AU” or “Hauptstr. 1, Berlin, , 10115, DE”."
        )
        raise BadArgument(message)
    *street, city, region, postcode, country = parts
    return checked_address(Address(tuple(street), city, region, postcode, country))


def parse_bank(lines: Sequence[str]) -> BankDetails | None:
    """Read `Name=Lantern Row`, `IBAN=…`, `BIC=…` and lines of a country's own such as `BSB=062-000`; none is no bank.

    Raises BadArgument for what is no such line or no account.
    """
    named: dict[str, str] = {}
    for line in lines:
        label, equals, value = line.partition("=")
        if line.strip() and (not equals or not label.strip() or not value.strip()):
            raise BadArgument(f"“{line}” is not a line of bank details. Write it like BSB=062-000 or IBAN=….")
        named[label.strip()] = value.strip()
    known = {label.casefold(): value for label, value in named.items()}
    own = tuple((label, value) for label, value in named.items() if label and label.casefold() not in _BANK_WORDS)
    return checked_bank(BankDetails(known.get("name", ""), known.get("iban", ""), known.get("bic", ""), own))


def checked_email(text: str) -> str:
    """Return an e-mail address, "" for none; raises BadArgument for what is none."""
    address = text.strip()
    if address and not EMAIL.fullmatch(address):
        raise BadArgument(f"“{text}” is not an e-mail address.")
    return address
