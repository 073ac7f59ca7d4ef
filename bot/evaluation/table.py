"""The printed table of a run: wrong writes first, because they are what hurts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bot.evaluation.judging import made_calls
from bot.evaluation.summary import expected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, RenderableType

    from bot.assistant.reply import Reply
    from bot.evaluation.running import Answered
    from bot.evaluation.summary import Share, Summary


def show(summary: Summary, console: Console) -> None:
    """Print the figures and each miss."""
    for part in _parts(summary):
        console.print(part)


def _parts(summary: Summary) -> Iterator[RenderableType]:
    yield Text(
        f"wrong writes       {_listed(summary.wrong_writes)}", "bold red" if summary.wrong_writes else "bold green"
    )
    yield Text(f"exact turns        {_figure(summary.turns)}", "bold")
    yield Text(f"  of known skills  {_figure(summary.reachable)}")
    yield Text(f"exact cases        {_figure(summary.cases)}", "bold")
    yield Text(f"needless questions {_listed(summary.needless_questions)}")
    yield Text(f"seconds a turn     p50 {summary.p50_seconds:.3f}   p99 {summary.p99_seconds:.3f}")
    yield Text()
    yield _table("tag", summary.tags)
    yield Text()
    yield _table("skill", summary.skills)
    for one in summary.misses:
        yield _miss(one)


def _listed(ids: Sequence[str]) -> str:
    return f"{len(ids)}   {' '.join(ids)}".rstrip()


def _figure(share: Share) -> str:
    return f"{share.exact} of {share.turns}   {share.exact / max(share.turns, 1):.1%}"


def _table(name: str, shares: Sequence[Share]) -> Table:
    table = Table(name, "exact", "turns", "share", box=None, pad_edge=False, padding=(0, 3, 0, 0), title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for share in shares:
        style = "" if share.exact == share.turns else "yellow"
        table.add_row(share.name, str(share.exact), str(share.turns), f"{share.exact / share.turns:.0%}", style=style)
    return table


def _miss(one: Answered) -> Text:
    text = Text()
    text.append(f"\n{one.case.id}.{one.position + 1} {one.case.speaker}: ", "bold")
    text.append(f"{one.turn.user}\n")
    text.append(f"   right  {json.dumps(expected(one.turn), ensure_ascii=False)}\n", "green")
    text.append(f"   got    {_got(one.reply)}", "red")
    return text


def _got(reply: Reply) -> str:
    calls = [
        f"{call.skill} {json.dumps(call.arguments, ensure_ascii=False)} {call.status}" for call in made_calls(reply)
    ]
    if reply.clarify is not None:
        calls.append(f"asks {reply.clarify.skill} {list(reply.clarify.missing)}")
    if reply.declined:
        calls.append("declines")
    return "; ".join(calls) or f"says “{reply.reply}”"
