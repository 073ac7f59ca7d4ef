"""What the business prints is shown and set by one command, or refused in one plain sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.cli.conftest import Evie

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def _shown(out: str) -> dict[str, str]:
    return {line[:14].strip(): line[14:] for line in out.splitlines()}


def test_a_new_business_has_said_nothing_yet(evie: Evie) -> None:
    ran = evie("business")
    assert ran.code == 0
    assert _shown(ran.out)["Address"] == "not said yet"
    assert _shown(ran.out)["Numbers"] == "as Evie's own, INV-1001"


def test_what_is_said_is_kept_and_shown(evie: Evie, small: str, home: Path) -> None:
    evie("import", small)
    (home / "logo.svg").write_text(SVG, encoding="utf-8")
    said = ("--name", "Lantern Row Pty Ltd", "--address", "Level 1, 4 Tin Lane, Hobart, TAS, 7000, au")
    tax = ("--tax-label", "ABN", "--tax-number", "00 000 000 000", "--tax-rate", "10", "--tax-behavior", "exclusive")
    bank = ("--bank", "Name=Lantern Row", "--bank", "BSB=000-000", "--email", "hello@lantern.example")
    numbers = ("--series", "RE-{n:04}", "--next-number", "42", "--logo", "logo.svg", "--tax-rounding", "line")
    assert (
        evie("business", *said, *tax, *bank, *numbers, "--terms", "Soon", "--phone", "1300", "--footer", "x").code == 0
    )
    shown = _shown(evie("business").out)
    assert shown == {
        "Name": "Lantern Row Pty Ltd",
        "Address": "Level 1, 4 Tin Lane, Hobart, TAS 7000, AU",
        "E-mail": "hello@lantern.example",
        "Phone": "1300",
        "ABN": "00 000 000 000",
        "Bank": "Name Lantern Row, BSB 000-000",
        "Tax": "10%, exclusive, rounded by line",
        "Numbers": "RE-{n:04}, next RE-0042",
        "Receipts": "sent to clients",
        "Portal links": "live for ever",
        "Part payment": "not offered",
        "Terms": "Soon",
        "Footer": "x",
        "Logo": "image/svg+xml, 0 KB",
    }


def test_receipts_portals_and_parts_are_set_and_taken_back(evie: Evie, small: str) -> None:
    evie("import", small)
    shown = _shown(evie("business", "--no-receipts", "--portal-days", "90", "--least-part", "25%").out)
    assert (shown["Receipts"], shown["Portal links"]) == ("not sent", "live for 90 days")
    assert shown["Part payment"] == "at least 25% of an invoice"
    shown = _shown(evie("business", "--receipts", "--portal-days", "", "--least-part", "").out)
    assert (shown["Receipts"], shown["Portal links"]) == ("sent to clients", "live for ever")
    assert shown["Part payment"] == "not offered"


@pytest.mark.parametrize("said", ["--portal-days=0", "--portal-days=4000", "--least-part=101", "--least-part=x"])
def test_a_number_of_days_or_a_part_that_cannot_be_is_refused(evie: Evie, small: str, said: str) -> None:
    evie("import", small)
    ran = evie("business", said)
    assert ran.code == 1
    assert "it is a whole number from 1 to" in ran.err


def test_nothing_said_takes_something_away(evie: Evie, small: str, home: Path) -> None:
    evie("import", small)
    (home / "logo.svg").write_text(SVG, encoding="utf-8")
    address = "4 Tin Lane, Hobart, TAS, 7000, AU"
    evie(
        "business",
        "--address",
        address,
        "--bank",
        "BSB=1",
        "--series",
        "RE-{n}",
        "--logo",
        "logo.svg",
        "--tax-rate",
        "7",
    )
    evie("business", "--address", "", "--bank", "", "--series", "", "--no-logo", "--tax-rate", "", "--email", "")
    shown = _shown(evie("business").out)
    assert {shown[label] for label in ("Address", "Bank", "Logo", "E-mail")} == {"not said yet"}
    assert (shown["Numbers"], shown["Tax"]) == ("as Evie's own, INV-1001", "0%, inclusive, rounded by document")


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (("--tax-rate", "900"), "“900” cannot be the tax rate: it is a percentage from 0 to 100, such as 10."),
        (("--address", "Hobart"), "“Hobart” is not a whole address."),
        (("--bank", "062-000"), "“062-000” is not a line of bank details."),
        (("--bank", "IBAN=DE11"), "“DE11” is not an IBAN"),
        (("--email", "lantern"), "“lantern” is not an e-mail address."),
        (("--series", "INV-{n}"), "would look like Evie's own numbers"),
        (("--next-number", "5"), "There is no series to count on."),
        (("--logo", "big.png"), "The logo has 3.0 MB, and at most 1 MB is taken."),
        (("--logo", "gone.png"), "gone.png cannot be read"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_changes_nothing(
    evie: Evie, small: str, home: Path, said: tuple[str, ...], refusal: str
) -> None:
    evie("import", small)
    (home / "big.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(3 * 1024 * 1024))
    before = evie("business").out
    ran = evie("business", "--footer", "New", *said)
    assert (ran.code, ran.out) == (1, "")
    assert refusal in ran.err
    assert evie("business").out == before


def test_a_number_that_was_given_is_not_given_again(evie: Evie, small: str) -> None:
    evie("import", small)
    evie("business", "--series", "RE-{n}", "--next-number", "42")
    assert "42 is taken" not in evie("business", "--next-number", "42").err
    assert evie("business", "--next-number", "41").err == (
        "41 is taken: the series is at 41, and a number is never given twice.\n"
    )
