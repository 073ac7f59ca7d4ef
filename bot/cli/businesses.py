"""`evie business`: what the business prints on its invoices, shown and set."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from billing.lines import TaxBehavior, TaxRounding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from billing.business import Business
    from billing.parties import Logo
    from billing.ports import Transaction
    from billing.workspaces import Workspace

_NOTHING_YET = "not said yet"


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("business")(business)


def _option(help_: str, *names: str) -> Any:  # noqa: ANN401 - what typer's own function is declared to return
    return typer.Option(*names, help=help_, show_default=False)


def business(
    *,
    name: Annotated[str | None, _option("The legal name, where it is not the workspace's.")] = None,
    address: Annotated[str | None, _option("Street, city, region, postcode, country.")] = None,
    email: Annotated[str | None, _option("The e-mail address on invoices.")] = None,
    phone: Annotated[str | None, _option("The phone number on invoices.")] = None,
    tax_label: Annotated[str | None, _option("What the tax number is called: ABN, VAT, USt-IdNr.")] = None,
    tax_number: Annotated[str | None, _option("The tax number.")] = None,
    bank: Annotated[list[str] | None, _option("Name=…, IBAN=…, BIC=…, or BSB=…; repeated for each line.")] = None,
    terms: Annotated[str | None, _option("The terms of payment, in words.")] = None,
    footer: Annotated[str | None, _option("What stands at the foot of a page.")] = None,
    tax_rate: Annotated[str | None, _option("The usual tax in percent, such as 10.")] = None,
    tax_behavior: Annotated[TaxBehavior | None, _option("Whether prices have the tax in them.")] = None,
    tax_rounding: Annotated[TaxRounding | None, _option("Whether tax is rounded by line or once.")] = None,
    series: Annotated[str | None, _option("The numbers of invoices, such as RE-{n} or {year}-{n:04}.")] = None,
    next_number: Annotated[int | None, typer.Option(min=1, help="The next {n}, where it goes on.")] = None,
    receipts: Annotated[bool | None, _option("Mail clients about money.", "--receipts/--no-receipts")] = None,
    portal_days: Annotated[str | None, _option("For how many days a portal's address lives; “” for ever.")] = None,
    least_part: Annotated[str | None, _option("The least part to pay at once, in percent; “” for all.")] = None,
    logo: Annotated[Path | None, _option("A PNG, JPEG or SVG of at most 1 MB.")] = None,
    no_logo: Annotated[bool, _option("Take the logo away.", "--no-logo")] = False,
) -> None:
    """Show what the business prints on its invoices, and set what is said; “” takes something away.

    What was issued already stays as it was.
    """
    _say(dict(locals()))


def _say(said: dict[str, Any]) -> None:
    """Keep what was said, all of it or nothing, and print what stands now."""
    from bot.cli.opening import opened, workspace_of
    from bot.settings import load

    picture = _picture(said["logo"])
    with opened(load()) as application:
        workspace = workspace_of(application)
        today = workspace.day_of(application.services.clock())
        with application.store.transaction(workspace.id) as tx:
            tx.business.save(_changed(tx.business.get(), said))
            workspace = _set(tx, workspace, said)
            if picture or said["no_logo"]:
                tx.business.save_logo(picture)
            if said["next_number"] is not None:
                _count_from(tx, said["next_number"], today)
            _note(tx, said)
            lines = list(_shown(tx, workspace, today))
    sys.stdout.write("".join(f"{label:<14}{text}\n" for label, text in lines))


def _note(tx: Transaction, said: dict[str, Any]) -> None:
    """Note what was set, and nothing where it was only looked at."""
    from billing.auditing import note, on_behalf_of
    from billing.conversations import SkillCall
    from bot.speaking import FRONT

    given = {name: value for name, value in said.items() if value not in (None, False) or value == ""}
    given |= {"logo": given["logo"].name} if "logo" in given else {}
    if given:
        note(tx, on_behalf_of(tx, "", FRONT), SkillCall("set_business", given), now=tx.now())


def _picture(path: Path | None) -> Logo | None:
    from billing.logos import checked_logo
    from bot.cli.opening import content_of

    return None if path is None else checked_logo(content_of(path))


def _changed(business: Business, said: dict[str, Any]) -> Business:
    """Return the business with what was said; raises BadArgument for what cannot be printed."""
    from billing.identity import checked_email, checked_line, checked_text, parse_address, parse_bank
    from billing.itemising import read_percentage
    from billing.numbering import checked_series

    checks: dict[str, Callable[[Any], object]] = {
        "name": lambda text: checked_line(text, "legal name"),
        "address": parse_address,
        "email": checked_email,
        "phone": lambda text: checked_line(text, "phone number"),
        "tax_label": lambda text: checked_line(text, "tax label"),
        "tax_number": lambda text: checked_line(text, "tax number"),
        "bank": parse_bank,
        "terms": lambda text: checked_text(text, "terms"),
        "footer": lambda text: checked_text(text, "footer"),
        "tax_rate": lambda text: read_percentage(text or "0", "tax rate"),
        "tax_behavior": TaxBehavior,
        "tax_rounding": TaxRounding,
        "series": checked_series,
    }
    fields = {"name": "legal_name"}
    changes: dict[str, Any] = {
        fields.get(key, key): check(said[key]) for key, check in checks.items() if said[key] is not None
    }
    return replace(business, **changes)


def _set(tx: Transaction, workspace: Workspace, said: dict[str, Any]) -> Workspace:
    """Save and return the workspace with what was said of receipts, portals and parts; raises BadArgument."""
    from billing.workspaces import LONGEST_PORTAL

    changes: dict[str, Any] = {}
    if said["receipts"] is not None:
        changes["receipts"] = said["receipts"]
    if said["portal_days"] is not None:
        changes["portal_days"] = _whole(said["portal_days"], "portal days", LONGEST_PORTAL)
    if said["least_part"] is not None:
        changes["least_part_percent"] = _whole(said["least_part"].removesuffix("%"), "least part", 100)
    changed = replace(workspace, **changes)
    if changes:
        tx.people.save_workspace(changed)
    return changed


def _whole(text: str, what: str, most: int) -> int | None:
    from billing.errors import BadArgument

    if not text.strip():
        return None
    if text.strip().isdecimal() and 1 <= int(text) <= most:
        return int(text)
    raise BadArgument(f"“{text}” cannot be the {what}: it is a whole number from 1 to {most}, or “” for none.")


def _count_from(tx: Transaction, number: int, today: date) -> None:
    from billing.errors import BadArgument
    from billing.numbering import counter

    series = tx.business.get().series
    if not series:
        raise BadArgument("There is no series to count on. Set one with it: --series RE-{n} --next-number 42.")
    counted = counter(series, today)
    last = tx.business.last_number(counted)
    if number <= last:
        raise BadArgument(f"{number} is taken: the series is at {last}, and a number is never given twice.")
    tx.business.reach_number(counted, number - 1)


def _shown(tx: Transaction, workspace: Workspace, today: date) -> Iterator[tuple[str, str]]:
    from billing.numbering import counter, document_number

    business, logo = tx.business.get(), tx.business.logo()
    place = business.address
    parts = (*place.street, place.city, " ".join(filter(None, (place.region, place.postcode))), place.country)
    bank = business.bank
    details = (("Name", bank.account_name), ("IBAN", bank.iban), ("BIC", bank.bic), *bank.lines) if bank else ()
    yield "Name", business.legal_name or workspace.name
    yield "Address", ", ".join(filter(None, parts)) or _NOTHING_YET
    yield "E-mail", business.email or _NOTHING_YET
    yield "Phone", business.phone or _NOTHING_YET
    yield business.tax_label or "Tax number", business.tax_number or _NOTHING_YET
    yield "Bank", ", ".join(f"{label} {value}" for label, value in details if value) or _NOTHING_YET
    yield "Tax", f"{business.tax_rate}%, {business.tax_behavior}, rounded by {business.tax_rounding}"
    if business.series:
        following = tx.business.last_number(counter(business.series, today)) + 1
        yield "Numbers", f"{business.series}, next {document_number(business.series, following, today)}"
    else:
        yield "Numbers", "as Evie's own, INV-1001"
    days, part = workspace.portal_days, workspace.least_part_percent
    yield "Receipts", "sent to clients" if workspace.receipts else "not sent"
    yield "Portal links", f"live for {days} days" if days else "live for ever"
    yield "Part payment", f"at least {part}% of an invoice" if part else "not offered"
    yield "Terms", business.terms or _NOTHING_YET
    yield "Footer", business.footer or _NOTHING_YET
    yield "Logo", f"{logo.media_type}, {len(logo.content) / 1024:.0f} KB" if logo else _NOTHING_YET
