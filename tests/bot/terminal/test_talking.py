"""A conversation at the terminal: lines in, answers out, and a yes only when somebody meant it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import pytest
from rich.console import Console

from billing.conversations import Actor
from billing.roles import Role
from bot.assistant.reply import Reply
from bot.assistant.requests import Deed, Press, Request
from bot.speaking import Speaker
from bot.terminal.screen import Screen
from bot.terminal.talking import Talk
from skills.cards import Button, Card

PROPOSAL = Reply("c", "Send it?", cards=(Card("Send it?", "", buttons=(Button("Send", confirm="prop_1"),)),))


@dataclass
class Evie:
    """An assistant that answers what it is told to, and remembers what it was asked."""

    replies: list[Reply | Exception] = field(default_factory=list)
    heard: list[Request | Press] = field(default_factory=list)

    def answer(self, request: Request, on_text: Any = None) -> Reply:
        return self._next(request)

    def press(self, press: Press) -> Reply:
        return self._next(press)

    def perform(self, deed: Deed) -> Reply:
        raise AssertionError(deed)

    def _next(self, asked: Request | Press) -> Reply:
        self.heard.append(asked)
        reply = self.replies.pop(0) if self.replies else Reply("c", "Fine.")
        if isinstance(reply, Exception):
            raise reply
        return reply


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Stage:
    evie: Evie
    clock: Clock
    talk: Talk
    file: io.StringIO

    @property
    def shown(self) -> str:
        return self.file.getvalue()


@pytest.fixture
def stage() -> Stage:
    evie, clock, file = Evie(), Clock(), io.StringIO()
    speaker = Speaker(evie, Actor("w", "Ada", Role.ADMIN, "terminal"))
    return Stage(evie, clock, Talk(speaker, Screen(Console(file=file, width=80)), "c", clock), file)


def test_what_is_typed_is_said_and_the_answer_is_shown(stage: Stage) -> None:
    assert stage.talk.handle("  show unpaid \n")
    (request,) = stage.evie.heard
    assert isinstance(request, Request)
    assert (request.text, request.conversation, request.actor.member) == ("show unpaid", "c", "Ada")
    assert stage.shown == "Fine.\n\n"


def test_the_same_words_twice_are_two_requests(stage: Stage) -> None:
    stage.talk.handle("help")
    stage.talk.handle("help")
    assert len({request.key for request in stage.evie.heard}) == 2


@pytest.mark.parametrize("word", ["exit", "Quit", " bye "])
def test_a_farewell_ends_the_talk(stage: Stage, word: str) -> None:
    assert not stage.talk.handle(word)
    assert stage.evie.heard == []


def test_an_empty_line_is_nothing_when_nothing_waits(stage: Stage) -> None:
    assert stage.talk.handle("\n")
    assert stage.evie.heard == []


def test_enter_says_yes_to_a_proposal_that_could_be_read(stage: Stage) -> None:
    stage.evie.replies = [PROPOSAL]
    stage.talk.handle("send it")
    assert stage.talk.awaits_decision
    stage.clock.seconds += 1
    stage.talk.handle("")
    press = stage.evie.heard[-1]
    assert isinstance(press, Press)
    assert (press.proposal, press.confirm) == ("prop_1", True)
    assert not stage.talk.awaits_decision


def test_a_hasty_second_enter_sends_nothing(stage: Stage) -> None:
    stage.evie.replies = [PROPOSAL]
    stage.talk.handle("send it")
    stage.clock.seconds += 0.1
    stage.talk.handle("")
    assert len(stage.evie.heard) == 1
    assert stage.talk.awaits_decision


def test_an_answer_in_words_takes_the_proposals_place(stage: Stage) -> None:
    stage.evie.replies = [PROPOSAL]
    stage.talk.handle("send it")
    stage.talk.handle("no")
    assert not stage.talk.awaits_decision
    assert isinstance(stage.evie.heard[-1], Request)


def test_a_crash_is_told_with_a_reference_and_the_talk_goes_on(stage: Stage) -> None:
    stage.evie.replies = [RuntimeError("secret")]
    assert stage.talk.handle("help")
    assert "Something went wrong on my side (reference " in stage.shown
    assert "secret" not in stage.shown
    assert stage.talk.handle("help")
