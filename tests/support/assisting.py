"""An assistant over the studio whose sentences are understood as a test says, so that only what follows is tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from billing.conversations import Actor, SkillCall
from billing.roles import Role
from bot.assistant.assistant import Assistant, Parts
from bot.assistant.reply import Reply
from bot.assistant.requests import Press, Request
from bot.assistant.understanding import Memory, Surroundings, Understanding
from bot.formats import WorkspaceFormats
from skills.registry import SKILLS
from skills.runner import Runner
from tests.support.studio import Studio


@dataclass
class ScriptedParser:
    """Understands each sentence as it was told to; a sentence it was not told of is small talk."""

    meanings: dict[str, Understanding] = field(default_factory=dict)
    heard: list[Memory] = field(default_factory=list)

    def parse(self, text: str, memory: Memory, surroundings: Surroundings) -> Understanding:
        self.heard.append(memory)
        return self.meanings.get(text, Understanding(say="Hello."))


@dataclass
class Chat:
    """The assistant, and ways to talk to it."""

    studio: Studio
    parser: ScriptedParser = field(default_factory=ScriptedParser)
    said: int = 0

    @property
    def assistant(self) -> Assistant:
        """A new assistant each time: what it remembers has to be in the store."""
        context = self.studio.context()
        return Assistant(
            Parts(
                skills=SKILLS,
                runner=Runner(SKILLS),
                parser=self.parser,
                services=context.services,
                formats_for=lambda workspace: WorkspaceFormats(workspace, self.studio.clock),
            ),
        )

    def actor(self, role: Role = Role.ADMIN, front: str = "terminal") -> Actor:
        return Actor(self.studio.id, role.value.capitalize(), role, front)

    def means(self, text: str, *calls: tuple[str, Mapping[str, Any]], **understood: Any) -> str:
        meant = tuple(SkillCall(skill, arguments) for skill, arguments in calls)
        self.parser.meanings[text] = Understanding(calls=meant, **understood)
        return text

    def says(
        self, text: str, role: Role = Role.ADMIN, *, key: str | None = None, front: str = "terminal", yes: bool = False
    ) -> Reply:
        self.said += 1
        request = Request(self.actor(role, front), "c1", text, key or f"turn:{self.said}", confirmed=yes)
        return self.assistant.answer(request)

    def clicks(self, proposal: str, role: Role = Role.ADMIN, *, confirm: bool = True, key: str | None = None) -> Reply:
        self.said += 1
        return self.assistant.press(Press(self.actor(role), "c1", proposal, confirm, key or f"click:{self.said}"))


def proposal_of(reply: Reply) -> str:
    """Return the id on the green button of the reply's last card."""
    found = [button.confirm for button in reply.cards[-1].buttons if button.confirm]
    assert found, reply
    return str(found[0])


@pytest.fixture
def chat(studio: Studio) -> Chat:
    """A chat with the studio's assistant."""
    return Chat(studio)
