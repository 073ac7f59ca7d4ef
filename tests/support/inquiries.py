"""Inquiries as the assistant makes them, with toy skills, and a door that ends each call as a test tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from billing.conversations import Actor, SkillCall, Turn
from billing.roles import Role
from bot.assistant.model.answer import Inquiry, Ran
from bot.assistant.reply import CallReport, Status
from bot.assistant.understanding import Question, Surroundings
from skills.arguments import Amount, Count, Email, Flag, Invoice, Name, PeriodArgument, Statuses
from skills.context import Context, Outcome
from skills.names import Catalog, Names
from skills.spec import Effect, skill


@skill(effect=Effect.WRITE, role=Role.EDITOR, examples=("make {name} {amount}",))
def make_thing(context: Context, name: Name, amount: Amount | None = None, active: Flag | None = None) -> Outcome:
    """Make a thing."""
    raise AssertionError


@skill(effect=Effect.OUTWARD, role=Role.EDITOR, examples=("post {invoice}",))
def post_thing(context: Context, invoice: Invoice, to: Email | None = None) -> Outcome:
    """Post a thing."""
    raise AssertionError


@skill(effect=Effect.READ, role=Role.VIEWER, examples=("list things",))
def list_things(
    context: Context,
    status: Statuses | None = None,
    period: PeriodArgument | None = None,
    count: Count = 1,
) -> Outcome:
    """List things."""
    raise AssertionError


CATALOG = Catalog(
    [
        Names("invoice", "INV-7", "Bluebird deposit", ("Bluebird",)),
        Names("invoice", "INV-8", "Bluebird final", ("Bluebird",)),
    ]
)
SURROUNDINGS = Surroundings(
    today=date(2026, 3, 11),
    timezone="Australia/Brisbane",
    currency="AUD",
    country="AU",
    member="Alex",
    members=("Alex",),
    channels=("#billing",),
    catalog=CATALOG,
)
ACTOR = Actor("ws-secret-id", "Alex", Role.ADMIN, "front-canary")


def an_inquiry(text: str = "make a print", **changes: Any) -> Inquiry:
    """Alex, an admin, says something on Wednesday 11 March 2026 in Brisbane."""
    fields: dict[str, Any] = {
        "text": text,
        "actor": ACTOR,
        "surroundings": SURROUNDINGS,
        "tools": [make_thing, post_thing, list_things],
    }
    return Inquiry(**fields | changes)


def a_turn(text: str, reply: dict[str, Any], *, minute: int = 0, member: str = "Alex") -> Turn:
    """Something that was said on the day before at nine in Brisbane."""
    said_at = datetime(2026, 3, 9, 23, minute, tzinfo=UTC)
    return Turn("ws-secret-id", "c1", f"key-{minute}-{text}", member, text, reply, said_at)


class Door:
    """Plays the runner: ends each call as told, `done` where nothing was told, and keeps what was called."""

    def __init__(self) -> None:
        self.called: list[SkillCall] = []
        self.endings: list[Ran | Question] = []

    def __call__(self, call: SkillCall) -> Ran | Question:
        self.called.append(call)
        return self.endings.pop(0) if self.endings else ran(call.skill, dict(call.arguments))


def ran(name: str, arguments: dict[str, Any] | None = None, status: Status = "done", **rest: Any) -> Ran:
    """A call that went through: `result` and `error` are the report's, `text` and `card` what was shown."""
    shown = {key: rest.pop(key) for key in ("text", "card") if key in rest}
    report: dict[str, Any] = {"result": {"number": "INV-9"} if status == "done" else None, **rest}
    return Ran(CallReport(name, arguments or {}, status, **report), **shown)
