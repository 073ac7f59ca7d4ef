"""A yes: once, in time, by the person who asked, and only while that person may."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest

from billing.ports import Store, Transaction
from billing.queues import OutboxKind
from billing.roles import Role
from bot.assistant.carrying_out import PROPOSAL_LIFETIME
from bot.assistant.reply import Reply
from skills.cards import Tone
from tests.support.assisting import Chat, proposal_of
from tests.support.books import a_subscription
from tests.support.rules import REMIND, THANK, a_rule

SEND = ("send_invoice", {"invoice": "INV-1001"})


@pytest.fixture
def asked(chat: Chat) -> Reply:
    """An invoice that Editor has asked to send."""
    chat.means("yes", confirm=True)
    chat.means("no", drop=True)
    chat.studio.done("create_invoice", opportunity="OPP-1", amount="500")
    return chat.says(chat.means("send it", SEND), Role.EDITOR)


def mails(chat: Chat) -> int:
    return len(chat.studio.outbox(OutboxKind.MAIL))


def test_a_yes_runs_the_same_call_now_done(chat: Chat, asked: Reply) -> None:
    done = chat.says("yes", Role.EDITOR)
    assert [(call.skill, call.arguments, call.status) for call in done.calls] == [
        ("send_invoice", {"invoice": "INV-1001"}, "done"),
    ]
    assert done.reply == "INV-1001 is on its way to tess@bluebird.example."
    assert mails(chat) == 1


def test_a_yes_after_something_else_shows_the_card_again_before_it_counts(chat: Chat, asked: Reply) -> None:
    chat.says(chat.means("deals", ("list_opportunities", {})), Role.EDITOR)
    again = chat.says("yes", Role.EDITOR)
    assert again.reply.startswith("This has been waiting since before. Send INV-1001 to tess@bluebird.example?")
    assert [call.status for call in again.calls] == ["needs_confirmation"]
    assert proposal_of(again) == proposal_of(asked)
    assert mails(chat) == 0
    assert [call.status for call in chat.says("yes", Role.EDITOR).calls] == ["done"]
    assert mails(chat) == 1


def test_a_click_is_a_yes(chat: Chat, asked: Reply) -> None:
    assert chat.clicks(proposal_of(asked), Role.EDITOR).calls[0].status == "done"
    with chat.studio.store.transaction(chat.studio.id) as tx:
        proposal = tx.talk.proposal(proposal_of(asked))
    assert proposal is not None
    assert (proposal.state, proposal.confirmed_by, proposal.confirmed_at) == ("done", "Editor", chat.studio.now)


def test_a_second_yes_finds_nothing_waiting(chat: Chat, asked: Reply) -> None:
    chat.says("yes", Role.EDITOR)
    assert chat.says("yes", Role.EDITOR).reply == "Nothing is waiting for a yes."
    assert "no longer open" in chat.clicks(proposal_of(asked), Role.EDITOR).reply
    assert mails(chat) == 1


def test_somebody_elses_yes_or_click_does_nothing(chat: Chat, asked: Reply) -> None:
    assert chat.says("yes", Role.ADMIN).reply == "Nothing is waiting for a yes."
    for confirm in (True, False):
        reply = chat.clicks(proposal_of(asked), Role.ADMIN, confirm=confirm)
        assert reply.reply == "Only Editor, who asked for this, can decide it. You can ask for it yourself."
        assert reply.error
    assert mails(chat) == 0
    assert chat.clicks(proposal_of(asked), Role.EDITOR).calls[0].status == "done"


def test_a_card_that_expired_does_nothing(chat: Chat, asked: Reply) -> None:
    chat.studio.now += PROPOSAL_LIFETIME + timedelta(seconds=1)
    assert chat.says("yes", Role.EDITOR).reply == "Nothing is waiting for a yes."
    assert "has expired" in chat.clicks(proposal_of(asked), Role.EDITOR).reply
    assert mails(chat) == 0


@pytest.mark.parametrize("how", ["no", "click"])
def test_a_dropped_card_does_nothing(chat: Chat, asked: Reply, how: str) -> None:
    proposal = proposal_of(asked)
    dropped = chat.says("no", Role.EDITOR) if how == "no" else chat.clicks(proposal, Role.EDITOR, confirm=False)
    assert dropped.reply == "All right, cancelled: send invoice INV-1001. Nothing of it was done."
    assert "no longer open" in chat.clicks(proposal, Role.EDITOR).reply
    assert mails(chat) == 0


def test_what_was_not_switched_on_is_told_by_its_name(chat: Chat) -> None:
    chat.means("no", drop=True)
    a_rule(chat.studio, THANK, active=False)
    chat.says(chat.means("turn it on", ("set_automation", {"automation": "AUT-1", "active": True})), Role.ADMIN)
    assert chat.says("no", Role.ADMIN).reply == "All right, cancelled: switch on AUT-1. Nothing of it was done."
    chat.says(chat.means("dunning", ("use_automation", {"ready": "dunning"})), Role.ADMIN)
    assert chat.says("no", Role.ADMIN).reply == "All right, cancelled: switch on Dunning. Nothing of it was done."


def test_several_switches_on_one_card_show_the_words_of_each(chat: Chat) -> None:
    a_rule(chat.studio, THANK, active=False)
    a_rule(chat.studio, REMIND, active=False)
    both = [("set_automation", {"automation": number, "active": True}) for number in ("AUT-1", "AUT-2")]
    card = chat.says(chat.means("both on", *both), Role.ADMIN).cards[-1]
    assert card.title == "Switch on these 2?"
    assert THANK.arguments["text"] in card.rows[0].detail
    assert "remind" in card.rows[1].detail


def test_no_to_nothing_is_taken_calmly(chat: Chat) -> None:
    assert chat.says(chat.means("no", drop=True)).reply == "All right, I've left it."


def test_a_newer_card_takes_the_place_of_the_older(chat: Chat, asked: Reply) -> None:
    newer = chat.says(
        chat.means("to the other", ("send_invoice", {"invoice": "INV-1001", "to": "b@c.example"})), Role.EDITOR
    )
    assert "no longer open" in chat.clicks(proposal_of(asked), Role.EDITOR).reply
    done = chat.clicks(proposal_of(newer), Role.EDITOR)
    assert done.calls[0].arguments["to"] == "b@c.example"


def test_a_role_that_was_taken_away_is_looked_at_again(chat: Chat, asked: Reply) -> None:
    actor = chat.actor(Role.VIEWER)
    from dataclasses import replace

    from bot.assistant.requests import Press

    demoted = replace(actor, member="Editor")
    reply = chat.assistant.press(Press(demoted, "c1", proposal_of(asked), confirm=True, key="k"))
    assert reply.calls[0].status == "refused"
    assert mails(chat) == 0


def test_a_forged_card_is_unknown(chat: Chat) -> None:
    assert "no longer open" in chat.clicks("prop_made_up").reply


def test_the_same_click_again_gets_the_same_reply(chat: Chat, asked: Reply) -> None:
    first = chat.clicks(proposal_of(asked), Role.EDITOR, key="click")
    assert chat.clicks(proposal_of(asked), Role.EDITOR, key="click") == first
    assert mails(chat) == 1


def test_many_clicks_at_once_send_one_mail(chat: Chat, asked: Reply) -> None:
    proposal = proposal_of(asked)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: chat.clicks(proposal, Role.EDITOR, key=f"k{n}"), range(8)))
    assert mails(chat) == 1
    assert chat.studio.invoice("INV-1001").status == "sent"


def test_a_crash_between_the_yes_and_its_end_is_finished_by_the_repeated_click(chat: Chat, asked: Reply) -> None:
    from billing.conversations import ProposalState
    from bot.assistant.confirming import claim

    proposal = proposal_of(asked)
    context = chat.studio.context(Role.EDITOR)
    claimed, _ = claim(context, proposal, lambda _: True)
    assert claimed is not None
    assert claimed.state is ProposalState.CONFIRMED
    assert chat.clicks(proposal, Role.EDITOR).calls[0].status == "done"
    assert mails(chat) == 1


def died(chat: Chat, asked: Reply) -> None:
    """Confirm the card as a process does that dies before it has carried out a call."""
    from bot.assistant.confirming import claim

    assert claim(chat.studio.context(Role.EDITOR), proposal_of(asked), lambda _: True)[0] is not None


def test_a_crash_between_the_yes_and_its_end_is_finished_when_the_yes_is_heard_again(chat: Chat, asked: Reply) -> None:
    died(chat, asked)
    assert chat.says("yes", Role.EDITOR).calls[0].status == "done"
    assert chat.says("yes", Role.EDITOR).reply == "Nothing is waiting for a yes."
    assert mails(chat) == 1


@pytest.mark.parametrize("how", ["no", "click"])
def test_nobody_is_told_that_nothing_was_done_once_a_yes_was_given(chat: Chat, asked: Reply, how: str) -> None:
    died(chat, asked)
    late = chat.says("no", Role.EDITOR) if how == "no" else chat.clicks(proposal_of(asked), Role.EDITOR, confirm=False)
    assert late.reply == "That was confirmed already, so it cannot be cancelled any more."
    assert late.error
    assert chat.clicks(proposal_of(asked), Role.EDITOR).calls[0].status == "done"


class PowerCut(BaseException):
    """The end of a process, which nothing in it survives."""


@dataclass
class Dying:
    """A store whose process dies when it has opened so many transactions more."""

    store: Store
    left: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    @contextmanager
    def transaction(self, workspace_id: str) -> Iterator[Transaction]:
        if self.left == 0:
            raise PowerCut
        self.left -= 1
        with self.store.transaction(workspace_id) as tx:
            yield tx


@pytest.mark.parametrize("how", ["yes", "click"])
@pytest.mark.parametrize("after", range(16))
def test_wherever_the_process_dies_a_yes_that_is_heard_again_does_all_of_it_once(
    chat: Chat, asked: Reply, how: str, after: int
) -> None:
    chat.studio.done("create_invoice", opportunity="OPP-3", amount="70")
    both = chat.says(chat.means("both", SEND, ("send_invoice", {"invoice": "INV-1002"})), Role.EDITOR)

    def confirmed() -> Reply:
        if how == "yes":
            return chat.says("yes", Role.EDITOR, key="the yes")
        return chat.clicks(proposal_of(both), Role.EDITOR, key="the yes")

    healthy = chat.studio.store
    chat.studio.store = cast("Store", Dying(healthy, after))
    with suppress(PowerCut):
        confirmed()
    chat.studio.store = healthy
    assert [call.status for call in confirmed().calls] == ["done", "done"]
    assert mails(chat) == 2
    assert confirmed() == confirmed()


def test_several_outward_calls_wait_on_one_card(chat: Chat, asked: Reply) -> None:
    chat.studio.done("create_invoice", opportunity="OPP-3", amount="70")
    both = chat.says(chat.means("both", SEND, ("send_invoice", {"invoice": "INV-1002"})), Role.EDITOR)
    card = both.cards[-1]
    assert card.title == "Send these 2?"
    assert [row.title for row in card.rows] == [
        "Send INV-1001 to tess@bluebird.example?",
        "Send INV-1002 to ida@elm.example?",
    ]
    assert card.rows[0].detail == (
        "Subject: Invoice INV-1001 from Lantern Studio: A$500.00 due 25 March · Client: Bluebird Cafe · "
        "For: Bluebird shop sign · Pay now button: no: Stripe is not connected · Leaves: now"
    )
    assert [call.status for call in chat.says("yes", Role.EDITOR).calls] == ["done", "done"]
    assert mails(chat) == 2


def test_different_outward_calls_say_so_on_their_card(chat: Chat, asked: Reply) -> None:
    chat.studio.connect()
    both = chat.says(chat.means("two things", SEND, ("disconnect_stripe", {})))
    assert both.cards[-1].title == "Do these 2?"
    assert both.cards[-1].buttons[0].label == "Do it"
    assert both.cards[-1].buttons[0].tone is Tone.BAD


def test_ending_a_subscription_and_leaving_it_alone_are_not_both_called_cancel(chat: Chat, asked: Reply) -> None:
    with chat.studio.store.transaction(chat.studio.id) as tx:
        tx.subscriptions.put(a_subscription(workspace_id=chat.studio.id, stripe_account_id=""))
    ended = chat.says(chat.means("end it", ("cancel_subscription", {"invoice": "INV-1001"})))
    assert [button.label for button in ended.cards[-1].buttons] == ["Cancel", "Keep it"]


def test_yes_on_the_command_line_confirms_beforehand(chat: Chat, asked: Reply) -> None:
    assert chat.says("send it", Role.EDITOR, yes=True).calls[0].status == "done"


def test_a_slash_command_confirms_only_what_may_be_confirmed_that_way(chat: Chat, asked: Reply) -> None:
    chat.studio.connect()
    assert chat.says("send it", Role.EDITOR, front="slack", yes=True).calls[0].status == "done"
    disconnect = chat.means("disconnect", ("disconnect_stripe", {}))
    assert chat.says(disconnect, front="slack", yes=True).calls[0].status == "needs_confirmation"
