"""Who speaks where there is no Slack: a member of the workspace at this machine, in the terminal or a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.conversations import Actor
from billing.errors import UnknownRecord
from billing.roles import Role
from bot.assistant.assistant import random_key
from bot.assistant.requests import Press, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.ports import Store
    from billing.workspaces import Member, Workspace
    from bot.assistant.reply import Reply
    from bot.assistant.requests import Answers

FRONT = "terminal"


@dataclass(frozen=True, slots=True)
class Speaker:
    """A member who talks to the assistant. Saying the same words twice is two requests."""

    assistant: Answers
    actor: Actor

    def say(
        self,
        conversation: str,
        text: str,
        *,
        confirmed: bool = False,
        on_text: Callable[[str], None] | None = None,
    ) -> Reply:
        """Return the answer. `confirmed` runs at once what would be proposed; `on_text` gets a model's words."""
        request = Request(self.actor, conversation, text, random_key(), confirmed=confirmed)
        return self.assistant.answer(request, on_text)

    def press(self, conversation: str, proposal: str, *, confirm: bool) -> Reply:
        """Say yes or no to a proposal."""
        return self.assistant.press(Press(self.actor, conversation, proposal, confirm, random_key()))


def speaker(store: Store, assistant: Answers, workspace: Workspace, name: str | None = None) -> Speaker:
    """Return the member of that name, or the first admin; raises UnknownRecord with the names that there are."""
    with store.transaction(workspace.id) as tx:
        members = tx.people.members()
    member = _chosen(members, name)
    return Speaker(assistant, Actor(workspace.id, member.name, member.role, FRONT))


def _chosen(members: list[Member], name: str | None) -> Member:
    wanted = None if name is None else name.strip().removeprefix("@").casefold()
    for member in members:
        if member.name.casefold() == wanted or (wanted is None and member.role is Role.ADMIN):
            return member
    names = ", ".join(member.name for member in members) or "nobody yet"
    if name is None:
        raise UnknownRecord(f"This workspace has no admin to speak as; its members: {names}.")
    raise UnknownRecord(f"Nobody here is called “{name}”; the members are: {names}.")


def only_workspace(store: Store) -> Workspace:
    """Return the database's workspace; raises UnknownRecord where there is none, or more than one."""
    workspaces = store.directory.workspaces()
    if not workspaces:
        raise UnknownRecord("There is no workspace in this database yet. Import one with: evie import FILE")
    if len(workspaces) > 1:
        raise UnknownRecord("This database has several workspaces; this command works where there is only one.")
    return workspaces[0]
