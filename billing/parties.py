"""Who stands on an invoice: names, addresses, tax numbers and bank details, as they are printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address. `country` is an ISO 3166 alpha-2 code; every part may be "" where nobody said it."""

    street: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells, who buys or who pays. `tax_label` is what the number is called there (`ABN`, `USt-IdNr.`, `VAT`)."""

    name: str
    address: Address
    person: str = ""
    email: str = ""
    phone: str = ""
    tax_label: str = ""
    tax_number: str = ""

    @property
    def is_placed(self) -> bool:
        """Whether more is known of it than a name: where it is, or its tax number."""
        return self.address != Address() or bool(self.tax_number)


@dataclass(frozen=True, slots=True)
class BankDetails:
    """Where money is paid by transfer; `lines` are label and value where there is no IBAN (`BSB`, `062-000`)."""

    account_name: str = ""
    iban: str = ""
    bic: str = ""
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture of at most 1 MiB; `media_type` is `image/png`, `image/jpeg` or `image/svg+xml`."""

    media_type: str
    content: bytes
