"""`evie payments`: the payment log at a prompt, and as CSV for a spreadsheet or another program."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from billing.payment_log import LogFilter
    from bot.payment_log import PaymentLog

_DAY = "YYYY-MM-DD"


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("payments")(payments)


def payments(
    *,
    type_: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="charge, refund, subscription, dispute or payout.")
    ] = "",
    client: Annotated[str, typer.Option(metavar="NAME", help="Only those of this client, by name or number.")] = "",
    invoice: Annotated[str, typer.Option(metavar="NUMBER", help="Only those of this invoice.")] = "",
    start: Annotated[str, typer.Option("--from", metavar=_DAY, help="The first day.")] = "",
    end: Annotated[str, typer.Option("--to", metavar=_DAY, help="The last day.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many of the newest to show.")] = 20,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write all of them as CSV; - is standard output.")
    ] = None,
) -> None:
    """Show the payment log, newest first: every charge, refund, subscription, dispute and payout."""
    from bot.cli.opening import opened
    from bot.payment_log import Asked, PaymentLog
    from bot.settings import load
    from bot.speaking import only_workspace

    with opened(load()) as application:
        log = PaymentLog(application.services, only_workspace(application.store))
        wanted = log.wanted(Asked(type_, client, invoice, start, end))
        if csv is not None:
            _write(log, wanted, csv)
        else:
            _show(log, wanted, application.formats_for(log.workspace), limit)


def _show(log: PaymentLog, wanted: LogFilter, formats: Any, limit: int) -> None:  # noqa: ANN401 - as Application says
    from bot.terminal.drawing import reply_parts
    from bot.terminal.screen import Screen
    from skills.payment_lines import log_row
    from skills.presenting import list_card

    rows = [log_row(line, formats) for line in log.page(wanted, limit=limit)]
    card = list_card("Payments", rows)
    screen = Screen()
    for part in reply_parts("" if card else "No payment fits.", [card] if card else []):
        screen.console.print(part)


def _write(log: PaymentLog, wanted: LogFilter, file: Path) -> None:
    """Write a file that only its owner reads; raises CommandFailed."""
    from bot.cli.failures import CommandFailed
    from bot.payment_csv import csv_text

    try:
        with _stream(file) as stream:
            for piece in csv_text(log.all(wanted), log.workspace):
                stream.write(piece.encode())
    except OSError as error:
        raise CommandFailed(f"{file} cannot be written: {error.strerror}.") from None


def _stream(file: Path) -> AbstractContextManager[Any]:
    if str(file) == "-":
        return nullcontext(sys.stdout.buffer)
    file.touch(mode=0o600)
    return file.open("wb")
