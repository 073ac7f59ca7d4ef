"""The program: all commands, and what a command says when it cannot do its work.

What a command needs is imported when it runs, so that `evie --help` need not wait for it.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import typer

from bot.cli import (
    asking,
    auditing,
    businesses,
    checking,
    demonstrating,
    erasing,
    exchanging,
    keeping,
    logging_payments,
    portals,
    reminding,
    requesting,
    retrying,
    routing_news,
    serving,
    talking,
)

_LOG_FILE = Path("evie.log")


def program() -> typer.Typer:
    """Return the command-line application."""
    app = typer.Typer(
        name="evie",
        help="A billing assistant: say it, send it, get paid, see it in the channel.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_before_a_command)
    for group in (
        demonstrating,
        serving,
        talking,
        asking,
        logging_payments,
        exchanging,
        erasing,
        keeping,
        businesses,
        portals,
        reminding,
        auditing,
        routing_news,
        requesting,
        retrying,
        checking,
    ):
        group.register(app)
    return app


def main() -> None:
    """Run the command that the arguments name; end the process with 0, 2 for bad usage, or 1 for a failure."""
    _write_anything()
    try:
        program()(prog_name="evie")
    except Exception as error:  # noqa: BLE001 - the last stop: whatever it is, nobody gets a traceback
        from bot.cli.failures import exit_code, sentence

        sys.stderr.write(f"{sentence(error)}\n")
        sys.exit(exit_code(error))


def _before_a_command() -> None:
    from bot.logs import log_to_file

    log_to_file(_LOG_FILE)


def _write_anything() -> None:
    """A terminal that knows no “→” gets a question mark, not an exception."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
