"""An office that uses Evie in a Slack of its own: the real store and worker, the fake Slack, a scripted assistant."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache, partial
from typing import Any

import pytest
from slack_bolt import App
from sqlalchemy import select

from billing.conversations import Conversation, Proposal, ProposalState, SkillCall
from billing.mail import InvoiceMail, Note, Sent
from billing.ports import Formats
from billing.roles import Role
from billing.workspaces import Channel, Member, Workspace
from bot.addresses import PublicAddresses
from bot.assistant.assistant import Assistant, Parts
from bot.assistant.forms import Forms
from bot.assistant.model.route import ModelRoute
from bot.assistant.parser import Parser
from bot.assistant.reply import Reply
from bot.assistant.requests import Deed, Press, Request
from bot.formats import WorkspaceFormats
from bot.sealing import Sealer
from bot.slack.config import SlackConfig
from bot.slack.http import asgi_app
from bot.slack.parts import SlackParts, Surroundings
from bot.worker.fronts import LocalFront
from bot.worker.outbox import Outbox
from bot.worker.outlets import Outlets
from bot.worker.worker import Work, Worker
from skills.cards import Card
from skills.context import Services
from skills.registry import EVERY_SKILL, SKILLS
from skills.runner import Runner
from storage import SqlStore, tables
from tests.support.databases import SetClock
from tests.support.gateway import FakeGateways
from tests.support.serving import serving
from tests.support.slack import FakeSlack
from tests.support.slack_requests import send, sent
from tests.support.slack_sending import TEAM
from tests.support.stage import Stage

Json = dict[str, Any]

OFFICE = "ws_office"


@dataclass
class NoMail:
    """A mailer of which nothing is asked here but notes to the business."""

    notes: list[Note] = field(default_factory=list)

    def tell(self, note: Note) -> Sent:
        self.notes.append(note)
        return Sent(f"<{note.key}@evie.example>")

    def send(self, mail: InvoiceMail, formats: Formats, handing_over: Callable[[], None] = lambda: None) -> Sent:
        raise AssertionError(mail)


def until(done: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something has happened in another thread; fails after that time."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.005)


@dataclass
class ScriptedAnswers:
    """An assistant that says what a script tells it to, and otherwise repeats what it heard; forms are really done.

    Like the real one it keeps the conversation, and lets only the person who was asked decide a proposal.
    """

    store: SqlStore
    clock: SetClock
    requests: list[Request] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    speech: dict[str, list[str | Callable[[], object]]] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    overrules: bool = False
    script: dict[str, Callable[[Request], Reply]] = field(default_factory=dict)

    def answer(self, request: Request, on_text: Callable[[str], None] | None = None) -> Reply:
        self.requests.append(request)
        with self.store.transaction(request.actor.workspace_id) as tx:
            tx.talk.save_conversation(
                Conversation(tx.workspace_id, request.conversation, self.clock(), {}, dict(request.address)),
            )
        if request.text in self.speech:
            return self._spoken(request, on_text or (lambda _: None))
        scripted = self.script.get(request.text)
        return scripted(request) if scripted else Reply(request.conversation, f"You said: {request.text}")

    def _spoken(self, request: Request, on_text: Callable[[str], None]) -> Reply:
        """Say it piece by piece, as a model does; a function among the pieces happens in between."""
        pieces = self.speech[request.text]
        for piece in pieces:
            piece() if callable(piece) else on_text(piece)
        if self.overrules:
            return self.script[request.text](request)
        words = "".join(piece for piece in pieces if isinstance(piece, str))
        return Reply(request.conversation, words, route="model", cards=self.cards)

    def press(self, press: Press) -> Reply:
        self.presses.append(press)
        with self.store.transaction(press.actor.workspace_id) as tx:
            proposal = tx.talk.proposal(press.proposal, lock=True)
            if proposal is None or proposal.state is not ProposalState.PENDING:
                return Reply(press.conversation, "That card is no longer open.", error=True)
            if proposal.member != press.actor.member:
                return Reply(press.conversation, f"Only {proposal.member} can decide it.", error=True)
            if proposal.expires_at <= self.clock():
                return Reply(press.conversation, "That card has expired.", error=True)
            decided = replace(proposal, state=ProposalState.DROPPED)
            if press.confirm:
                decided = replace(
                    proposal,
                    state=ProposalState.DONE,
                    confirmed_by=press.actor.member,
                    confirmed_at=self.clock(),
                )
            tx.talk.save_proposal(decided)
        return Reply(press.conversation, "Sent." if press.confirm else "All right, cancelled.")

    def perform(self, deed: Deed) -> Reply:
        self.deeds.append(deed)
        return self.real.perform(deed)

    @property
    def real(self) -> Assistant:
        """The assistant itself, for scripts that let it answer."""
        services, formats_for = office_services(self.store, self.clock), partial(WorkspaceFormats, clock=self.clock)
        return Assistant(Parts(SKILLS, Runner(EVERY_SKILL), a_parser(), services, formats_for))


@dataclass
class Office:
    """The workspace, its Slack, and the ways in which tests use them."""

    slack: FakeSlack
    store: SqlStore
    clock: SetClock
    answers: ScriptedAnswers
    worker: Worker
    url: str
    nudges: int = 0
    id: str = OFFICE

    def nudge(self) -> None:
        self.nudges += 1

    def send(self, payload: Json | bytes, headers: dict[str, str] | None = None) -> int:
        """Let Slack send a request, and return how it was answered."""
        return send(self.url, payload, headers)

    def hear(self, payload: Json) -> None:
        """Let Slack send a request that is taken, and all that follows from it be done."""
        assert self.send(payload) == 200
        self.worker.drain()

    def ask(self, payload: Json) -> Json:
        """Let Slack ask something that is answered in the response, and return that answer."""
        status, answer = sent(self.url, payload)
        assert status == 200
        return answer

    def opens(self, payload: Json) -> Json:
        """Let Slack send a request that opens a modal, and return that."""
        before = len(self.slack.views)
        assert self.send(payload) == 200
        until(lambda: len(self.slack.views) > before)
        return self.slack.views[-1]

    def refuses(self, payload: Json) -> str:
        """Let Slack send a request that opens nothing, and return what the person is told."""
        before = len(self.told())
        assert self.send(payload) == 200
        until(lambda: self.rows("outbox"))
        self.worker.drain()
        assert len(self.told()) > before
        assert self.slack.views == []
        return self.told()[-1]

    def told(self) -> list[str]:
        """Return all that Evie has said, wherever that was."""
        return [str(said["text"]) for said in (*self.slack.posts, *self.slack.ephemerals, *self.slack.responses)]

    def submits(self, view: Json, user: str = "U1", **values: Any) -> Json:
        """Let somebody send off a modal; return what Slack is answered, with what follows done."""
        answer = self.ask(self.slack.submission(view, values, user=user))
        self.worker.drain()
        return answer

    def rows(self, table: str) -> list[Json]:
        """Return the rows of `inbox` or `outbox`, oldest first."""
        wanted = getattr(tables, table)
        with self.store.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(wanted).order_by(wanted.c.position)).mappings()]

    def propose(self, conversation: str, member: str = "Ada", proposal: str = "prop_1") -> str:
        with self.store.transaction(self.id) as tx:
            tx.talk.save_proposal(
                Proposal(
                    workspace_id=self.id,
                    id=proposal,
                    conversation=conversation,
                    member=member,
                    calls=(SkillCall("send_invoice", {"invoice": "INV-1"}),),
                    state=ProposalState.PENDING,
                    created_at=self.clock(),
                    expires_at=self.clock() + timedelta(hours=1),
                ),
            )
        return proposal

    def workspace(self) -> Workspace:
        with self.store.transaction(self.id) as tx:
            return tx.people.workspace()

    def members(self) -> dict[str, Role]:
        with self.store.transaction(self.id) as tx:
            return {member.name: member.role for member in tx.people.members()}

    def channels(self) -> dict[str, str | None]:
        with self.store.transaction(self.id) as tx:
            return {channel.name: channel.slack_channel_id for channel in tx.people.channels()}


@pytest.fixture
def answers(store: SqlStore, clock: SetClock) -> ScriptedAnswers:
    return ScriptedAnswers(store, clock)


def slack_parts_for(config: SlackConfig, store: SqlStore, clock: SetClock, sealer: Sealer | None = None) -> SlackParts:
    """Return Slack's parts for a configuration."""
    links = PublicAddresses("https://evie.example")
    formats_for = partial(WorkspaceFormats, clock=clock)
    return SlackParts.of(Surroundings(config, store, clock, sealer or Sealer(), links, formats_for))


def an_app(config: SlackConfig, store: SqlStore, clock: SetClock) -> App:
    """Return the Bolt app of a configuration."""
    return slack_parts_for(config, store, clock).app(lambda: None, office_forms(store, clock))


@pytest.fixture
def slack_parts(slack: FakeSlack, store: SqlStore, clock: SetClock) -> SlackParts:
    return slack_parts_for(slack.config, store, clock)


@pytest.fixture(scope="module")
def office_stage() -> Iterator[Stage]:
    """Where the Evie of each test listens."""
    stage = Stage()
    with serving(stage) as stage.url:
        yield stage


@pytest.fixture
def office(slack: FakeSlack, answers: ScriptedAnswers, slack_parts: SlackParts, office_stage: Stage) -> Office:
    """An office with one known member, Ada, who is U1 in Slack and an admin."""
    store, clock = answers.store, answers.clock
    store.directory.add_workspace(
        Workspace(OFFICE, "Lantern Office", "AUD", "AU", "en_AU", "Australia/Brisbane", clock(), slack_team_id=TEAM),
    )
    with store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Ada", Role.ADMIN, "U1"))
        tx.people.save_channel(Channel(OFFICE, "#billing", "C1"))
    worker = a_worker(slack_parts, answers)
    slack.now = lambda: clock().timestamp()
    office = Office(slack, store, clock, answers, worker, office_stage.url)
    office_stage.app = asgi_app(slack_parts.app(office.nudge, office_forms(store, clock)), slack.config)
    return office


def office_forms(store: SqlStore, clock: SetClock, model: ModelRoute | None = None) -> Forms:
    """Return what reads forms: the real parser and the real skills."""
    formats_for = partial(WorkspaceFormats, clock=clock)
    return Forms(SKILLS, Runner(EVERY_SKILL), a_parser(), office_services(store, clock), formats_for, model)


def office_services(store: SqlStore, clock: SetClock) -> Services:
    """Return what the skills are handed."""
    return Services(store, FakeGateways(), PublicAddresses("https://evie.example"), clock, seal=Sealer().seal)


@cache
def a_parser() -> Parser:
    """Return the parser, which takes a while to make and keeps nothing."""
    parser = Parser(SKILLS)
    # Not while Slack waits, which it does for three seconds.
    parser.prepare()
    return parser


def a_worker(slack_parts: SlackParts, answers: ScriptedAnswers) -> Worker:
    """Return a worker that handles Slack's rows and delivers to Slack."""
    store, clock = answers.store, answers.clock

    def formats_for(workspace: Workspace) -> Formats:
        return WorkspaceFormats(workspace, clock)

    outbox = Outbox(
        Outlets(
            store=store,
            gateways=FakeGateways(),
            mailer=NoMail(),
            links=PublicAddresses("https://evie.example"),
            clock=clock,
            formats_for=formats_for,
            local=LocalFront(),
            slack=slack_parts.front,
        ),
    )
    events = slack_parts.events(answers)
    return Worker(store, Work(handle=events.handle, deliver=outbox.deliver))
