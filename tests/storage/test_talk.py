"""Conversations, turns, proposals and the audit log, in the order of writing even where the clock stands still."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from billing.conversations import ProposalState
from storage import SqlStore
from tests.support.books import a_conversation, a_proposal, a_turn, add_workspace, an_audit_entry
from tests.support.records import NOW, WORKSPACE


def test_a_conversation_is_remembered_as_it_was_last_saved(any_store: SqlStore) -> None:
    add_workspace(any_store)
    changed = a_conversation(state={}, address={"thread": "1.2"})
    with any_store.transaction(WORKSPACE) as tx:
        assert tx.talk.conversation("c1") is None
        tx.talk.save_conversation(a_conversation())
        assert tx.talk.conversation("c1") == a_conversation()
        tx.talk.save_conversation(changed)
        assert tx.talk.conversation("c1") == changed


def test_a_repeated_event_is_one_turn(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        assert tx.talk.add_turn(a_turn())
        assert not tx.talk.add_turn(a_turn(text="send it again"))

        assert tx.talk.turn("k1") == a_turn()
        assert tx.talk.turn("k2") is None


def test_what_a_model_cost_is_added_up_for_one_member_from_a_time_on(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        assert tx.talk.model_tokens("Ada", NOW) == 0
        tx.talk.add_turn(a_turn(key="yesterday", said_at=NOW - timedelta(days=1), model_tokens=5))
        tx.talk.add_turn(a_turn(key="now", model_tokens=20))
        tx.talk.add_turn(a_turn(key="again", model_tokens=300))
        tx.talk.add_turn(a_turn(key="other", member="Bo", model_tokens=4_000))

        assert tx.talk.model_tokens("Ada", NOW) == 320
        assert tx.talk.model_tokens("Ada", NOW - timedelta(days=2)) == 325


def test_the_newest_turns_are_read_in_the_order_they_were_said(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        for key in ("z", "a", "m"):
            tx.talk.add_turn(a_turn(key=key))
        tx.talk.add_turn(a_turn(key="elsewhere", conversation="c2"))

        assert [turn.key for turn in tx.talk.turns("c1", limit=2)] == ["a", "m"]
        assert [turn.key for turn in tx.talk.turns("c1", limit=9)] == ["z", "a", "m"]


def test_the_newest_pending_proposal_of_that_person_there_is_found(any_store: SqlStore) -> None:
    add_workspace(any_store)
    newest = a_proposal(id="prop_0")
    with any_store.transaction(WORKSPACE) as tx:
        for proposal in (
            a_proposal(),
            newest,
            a_proposal(id="other person", member="Eli"),
            a_proposal(id="other place", conversation="c2"),
            a_proposal(id="used", state=ProposalState.DONE),
        ):
            tx.talk.save_proposal(proposal)

        assert tx.talk.pending("c1", "Ada") == newest
        assert tx.talk.pending("c3", "Ada") is None


def test_a_confirmed_proposal_says_who_confirmed_it_when(any_store: SqlStore) -> None:
    add_workspace(any_store)
    confirmed = a_proposal(state=ProposalState.CONFIRMED, confirmed_by="Ada", confirmed_at=NOW)
    with any_store.transaction(WORKSPACE) as tx:
        tx.talk.save_proposal(a_proposal())
        assert tx.talk.proposal("prop_1", lock=True) == a_proposal()
        tx.talk.save_proposal(confirmed)

        assert tx.talk.proposal("prop_1") == confirmed
        assert tx.talk.proposal("prop_2") is None
        assert tx.talk.pending("c1", "Ada") == confirmed
        tx.talk.save_proposal(replace(confirmed, state=ProposalState.DONE))
        assert tx.talk.pending("c1", "Ada") is None


def test_the_audit_log_has_one_entry_a_key_and_the_newest_first(any_store: SqlStore) -> None:
    add_workspace(any_store)
    proposed = an_audit_entry(status="needs_confirmation", proposal="prop_1")
    done = replace(proposed, status="done")
    with any_store.transaction(WORKSPACE) as tx:
        tx.talk.audit(proposed)
        tx.talk.audit(an_audit_entry(key="a2"))
        tx.talk.audit(done)

        assert tx.talk.audit_entries(limit=9) == [an_audit_entry(key="a2"), done]
        assert tx.talk.audit_entries(limit=1) == [an_audit_entry(key="a2")]
