"""Conversations, turns, proposals and the audit log of a workspace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Text, func, select, type_coerce

from billing.conversations import ProposalState
from storage import mappers
from storage.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection

    from billing.conversations import AuditEntry, Conversation, Proposal, Turn


class SqlTalk:
    """What was said, proposed and done in one workspace (`billing.ports.Talk`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._conversations = Rows(connection, mappers.CONVERSATION, workspace_id)
        self._turns = Rows(connection, mappers.TURN, workspace_id)
        self._proposals = Rows(connection, mappers.PROPOSAL, workspace_id)
        self._audit = Rows(connection, mappers.AUDIT, workspace_id)

    def conversation(self, conversation: str) -> Conversation | None:
        """Return it, or None if nothing was said in it yet."""
        return self._conversations.one(self._conversations.columns.id == conversation)

    def save_conversation(self, conversation: Conversation) -> None:
        """Insert or update."""
        self._conversations.put(conversation)

    def turn(self, key: str) -> Turn | None:
        """Return the turn of that key."""
        return self._turns.one(self._turns.columns.key == key)

    def turns(self, conversation: str, *, limit: int) -> list[Turn]:
        """Return the newest `limit` turns, oldest first."""
        columns = self._turns.columns
        newest = self._turns.many(columns.conversation == conversation, order=[columns.position.desc()], limit=limit)
        return newest[::-1]

    def add_turn(self, turn: Turn) -> bool:
        """Insert unless one of that key exists; say whether it is new."""
        return self._turns.add_if_new(turn)

    def model_tokens(self, member: str, since: datetime) -> int:
        """Return what a model read and wrote for this member from then on, in tokens."""
        columns = self._turns.columns
        query = select(func.coalesce(func.sum(columns.model_tokens), 0))
        return int(self._turns.execute(query.where(columns.member == member, columns.said_at >= since)).scalar_one())

    def proposal(self, proposal_id: str, *, lock: bool = False) -> Proposal | None:
        """Return the proposal."""
        return self._proposals.one(self._proposals.columns.id == proposal_id, lock=lock)

    def pending(self, conversation: str, member: str) -> Proposal | None:
        """Return the person's newest proposal there that waits or was begun and not ended, whether expired or not."""
        columns = self._proposals.columns
        where = self._proposals.equal({"conversation": conversation, "member": member})
        waits = columns.state.in_([ProposalState.PENDING, ProposalState.CONFIRMED])
        newest = self._proposals.many(*where, waits, order=[columns.position.desc()], limit=1)
        return newest[0] if newest else None

    def undecided(self) -> list[Proposal]:
        """Return the proposals that automations made and that wait, whether expired or not, oldest first."""
        where = self._proposals.equal({"conversation": "", "member": "", "state": ProposalState.PENDING})
        return self._proposals.many(*where, order=[self._proposals.columns.position])

    def save_proposal(self, proposal: Proposal) -> None:
        """Insert or update."""
        self._proposals.put(proposal)

    def audit(self, entry: AuditEntry) -> None:
        """Insert, or update the entry of the same key."""
        self._audit.put(entry)

    def audit_entries(self, *, limit: int, member: str | None = None, about: str = "") -> list[AuditEntry]:
        """Return the newest entries, newest first: all, or a member's, or those whose arguments name a record."""
        columns = self._audit.columns
        where = [] if member is None else [columns.member == member]
        if about:
            where.append(type_coerce(columns.arguments, Text).contains(json.dumps(about), autoescape=True))
        return self._audit.many(*where, order=[columns.position.desc()], limit=limit)

    def confirmed(self, proposals: Collection[str]) -> dict[str, str]:
        """Return who said yes to which of these proposals, by their ids."""
        columns = self._proposals.columns
        query = select(columns.id, columns.confirmed_by).where(
            columns.id.in_(proposals), columns.confirmed_by.is_not(None)
        )
        return {row[0]: row[1] for row in self._proposals.execute(query)}
