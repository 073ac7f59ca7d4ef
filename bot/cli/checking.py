"""`evie eval`, `evie doctor`, `evie manifest`: how good it is, how it is set up, how it is registered."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from bot.evaluation.summary import Summary

# The moment in which the cases of the development set are set.
_NOW: Final = "2026-03-11T10:00:00+10:00"


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("eval")(evaluate)
    app.command("doctor")(doctor)
    app.command("manifest")(manifest)


def evaluate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Cases, one a line.", show_default=False)],
    *,
    workspace: Annotated[
        Path | None,
        typer.Option(metavar="W", help="The records that exist; left out, workspace.json beside FILE."),
    ] = None,
    now: Annotated[str, typer.Option(metavar="ISO", help="The time in every case.")] = _NOW,
    misses: Annotated[Path | None, typer.Option(metavar="FILE", help="Write every miss as JSON Lines.")] = None,
) -> None:
    """Run sentences with known meanings and print how many are understood, wrong writes first."""
    from bot.cli.opening import content_of, instant
    from bot.evaluation.table import show
    from bot.exchange import read_workspace
    from bot.terminal.screen import Screen

    moment = instant(now)
    data = read_workspace(content_of(workspace or file.with_name("workspace.json")), moment)
    summary = _run(content_of(file), data, moment)
    if misses is not None:
        _write_misses(misses, summary)  # first: whoever reads the figures may stop reading
    show(summary, Screen().console)


def _run(content: bytes, data: object, moment: datetime) -> Summary:
    from functools import partial

    from bot.cli.rooms import rehearsal
    from bot.evaluation.cases import read_cases
    from bot.evaluation.comparing import Comparison
    from bot.evaluation.running import run_case
    from bot.evaluation.summary import summarise
    from bot.settings import load
    from skills.registry import SKILLS

    cases = read_cases(content.decode("utf-8", "replace"))
    room = partial(rehearsal, data, moment, load())
    turns = [turn for case in cases for turn in run_case(case, room, Comparison(SKILLS))]
    return summarise(turns, SKILLS)


def _write_misses(file: Path, summary: Summary) -> None:
    import json

    from bot.cli.opening import write_text
    from bot.evaluation.summary import miss

    write_text(file, "".join(json.dumps(miss(one), ensure_ascii=False) + "\n" for one in summary.misses))


def doctor() -> None:
    """Check settings, database, Slack, Stripe, mail and model: a line each, and how to mend what is wrong."""
    from bot.bootstrap import build
    from bot.doctor import Level, examine
    from bot.terminal.screen import Screen
    from skills.cards import Tone

    tones = {Level.OK: Tone.GOOD, Level.WARN: Tone.WARNING, Level.FAIL: Tone.BAD}
    screen = Screen()
    worst = False
    for finding in examine(build):
        screen.finding(finding.level, tones[finding.level], finding.name, finding.text)
        worst = worst or finding.level is Level.FAIL
    if worst:
        raise typer.Exit(1)


def manifest(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port, where EVIE_BASE_URL is not set.")] = 8000,
) -> None:
    """Print the Slack app's manifest with this installation's addresses."""
    from bot.settings import load
    from bot.slack.manifest import manifest as text

    settings = load()
    sys.stdout.write(text(settings.base_url(port), socket_mode=settings.slack_app_token is not None))
