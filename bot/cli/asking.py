"""`evie ask`: one request, or a line-by-line conversation for scripts, on the real records or on a copy."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.assistant.reply import Reply
    from bot.cli.rooms import Room


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("ask")(ask)


def ask(
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT", help="What to ask.", show_default=False)] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reply object.")] = False,
    speaker: Annotated[str | None, typer.Option("--as", metavar="NAME", help="Speak as this member.")] = None,
    conversation: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Go on with this conversation.", show_default=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm what is proposed.")] = False,
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help='Read {"conversation", "as", "text"} lines, print one reply object for each.'),
    ] = False,
    dry_run: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Work on a throw-away copy of the workspace in FILE.", show_default=False),
    ] = None,
    now: Annotated[
        str | None,
        typer.Option(metavar="ISO", help="The time in the dry run.", show_default=False),
    ] = None,
) -> None:
    """Ask one thing, or many with --jsonl."""
    words = " ".join(text or ()).strip()
    if bool(words) == jsonl:
        message = "say what to ask, or give --jsonl and write lines to standard input"
        raise typer.BadParameter(message)
    if now is not None and dry_run is None:
        message = "--now sets the clock of a --dry-run only"
        raise typer.BadParameter(message)
    with _room(dry_run, now) as room:
        if jsonl:
            _ask_lines(room, speaker, confirmed=yes)
        else:
            _ask_once(room, words, speaker, conversation, as_json=as_json, confirmed=yes)


@contextmanager
def _room(dry_run: Path | None, now: str | None) -> Iterator[Room]:
    from bot.cli.opening import content_of, instant, opened, workspace_of
    from bot.cli.rooms import DryRoom, LiveRoom
    from bot.exchange import read_workspace
    from bot.settings import load

    settings = load()
    with ExitStack() as stack:
        if dry_run is None:
            application = stack.enter_context(opened(settings))
            yield LiveRoom(application, workspace_of(application))
        else:
            moment = instant(now) if now else datetime.now(UTC)
            yield stack.enter_context(DryRoom(read_workspace(content_of(dry_run), moment), moment, settings))


def _ask_once(
    room: Room,
    words: str,
    name: str | None,
    conversation: str | None,
    *,
    as_json: bool,
    confirmed: bool,
) -> None:
    import secrets

    conversation = conversation or f"ask-{secrets.token_hex(4)}"
    reply = room.speaker(conversation, name).say(conversation, words, confirmed=confirmed)
    if as_json:
        _print(reply)
    else:
        _show(reply)
    room.settle()


def _show(reply: Reply) -> None:
    from bot.terminal.screen import Screen

    screen = Screen()
    screen.reply(reply)
    if any(call.status == "needs_confirmation" for call in reply.calls):
        screen.note(f"To confirm: evie ask yes --conversation {reply.conversation}")


def _ask_lines(room: Room, name: str | None, *, confirmed: bool) -> None:
    from billing.errors import UnknownRecord
    from bot.cli.failures import BadInput
    from bot.cli.lines import BadLine, read_line

    for number, raw in enumerate(sys.stdin.buffer, 1):
        if not raw.strip():
            continue
        try:
            line = read_line(raw)
            speaker = room.speaker(line.conversation, line.speaker or name)
        except (BadLine, UnknownRecord) as error:
            raise BadInput(f"Line {number}: {error}") from None
        _print(speaker.say(line.conversation, line.text, confirmed=confirmed))
        room.settle()


def _print(reply: Reply) -> None:
    sys.stdout.write(json.dumps(reply.public(), ensure_ascii=False) + "\n")
    sys.stdout.flush()
