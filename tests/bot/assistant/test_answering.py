"""Answering: calls in order, the reply object, memory, and one answer for one message."""

from __future__ import annotations

from billing.conversations import SkillCall
from billing.roles import Role
from bot.assistant.understanding import Question
from tests.support.assisting import Chat

INVOICE = ("create_invoice", {"opportunity": "OPP-1", "amount": "500"})
LINK = ("create_payment_link", {"invoice": "$1"})
SEND = ("send_invoice", {"invoice": "$1"})


def test_the_reply_object_is_the_contracts(chat: Chat) -> None:
    chat.means("bill them", INVOICE)
    assert chat.says("bill them").public() == {
        "conversation": "c1",
        "calls": [
            {
                "skill": "create_invoice",
                "arguments": {"opportunity": "OPP-1", "amount": "500.00"},
                "status": "done",
                "result": {"number": "INV-1001"},
                "error": None,
            },
        ],
        "clarify": None,
        "declined": False,
        "reply": "Invoice INV-1001 for Bluebird shop sign: A$500.00, due 25 March.",
        "route": "rules",
    }


def test_a_later_call_names_what_an_earlier_one_made(chat: Chat) -> None:
    chat.studio.connect()
    reply = chat.says(chat.means("all of it", INVOICE, LINK, SEND))
    assert [(call.skill, call.status) for call in reply.calls] == [
        ("create_invoice", "done"),
        ("create_payment_link", "done"),
        ("send_invoice", "needs_confirmation"),
    ]
    assert [call.arguments.get("invoice") for call in reply.calls] == [None, "INV-1001", "INV-1001"]
    assert reply.reply.endswith("Send INV-1001 to tess@bluebird.example? Say yes to go ahead.")
    assert len([card for card in reply.cards if "INV-1001" in card.title]) == 2


def test_the_first_call_that_fails_ends_the_row(chat: Chat) -> None:
    reply = chat.says(chat.means("all of it", INVOICE, LINK, SEND))
    assert [(call.skill, call.status) for call in reply.calls] == [
        ("create_invoice", "done"),
        ("create_payment_link", "failed"),
    ]
    assert reply.calls[1].error == {
        "code": "stripe_not_connected",
        "message": "Stripe is not connected yet. An admin can say “connect Stripe” to get started.",
    }


def test_a_partly_forbidden_request_does_what_is_allowed_and_says_so(chat: Chat) -> None:
    reply = chat.says(chat.means("both", INVOICE, ("connect_stripe", {}), INVOICE), Role.EDITOR)
    assert [call.status for call in reply.calls] == ["done", "refused"]
    assert not reply.declined
    assert "you need to be an admin" in reply.reply


def test_what_is_forbidden_altogether_is_declined(chat: Chat) -> None:
    assert chat.says(chat.means("bill them", INVOICE), Role.VIEWER).declined


def test_a_list_of_one_filter_value_is_shown_as_the_value(chat: Chat) -> None:
    reply = chat.says(chat.means("drafts", ("list_invoices", {"status": ["draft"]})))
    assert reply.calls[0].arguments == {"status": "draft"}


def test_the_same_message_again_gets_the_same_reply_and_does_nothing_more(chat: Chat) -> None:
    chat.means("bill them", INVOICE)
    assert chat.says("bill them", key="same") == chat.says("bill them", key="same")
    with chat.studio.store.transaction(chat.studio.id) as tx:
        assert len(tx.invoices.list()) == 1


def test_small_talk_makes_no_call(chat: Chat) -> None:
    reply = chat.says("good morning")
    assert (reply.reply, reply.calls, reply.declined) == ("Hello.", (), False)


def test_a_question_offers_the_candidates(chat: Chat) -> None:
    question = Question("create_invoice", {"amount": "5"}, ("opportunity",), ("OPP-1", "OPP-2"))
    reply = chat.says(chat.means("bill", question=question))
    assert reply.reply == "Which opportunity do you mean: OPP-1 (Bluebird shop sign) or OPP-2 (Ash portrait)?"
    assert reply.public()["clarify"] == {
        "skill": "create_invoice",
        "missing": ["opportunity"],
        "options": ["OPP-1", "OPP-2"],
    }
    chat.says("hm")
    assert chat.parser.heard[-1].question == question


def test_what_the_runner_asks_keeps_the_rest_of_the_message_for_the_answer(chat: Chat) -> None:
    chat.studio.connect()
    vague = ("create_invoice", {"opportunity": "OPP-2", "percent": "30"})
    second_link = ("create_payment_link", {"invoice": "$2"})
    reply = chat.says(chat.means("two", INVOICE, vague, second_link, LINK))
    assert reply.clarify is not None
    assert reply.clarify.missing == ("amount",)
    chat.says("hm")
    question = chat.parser.heard[-1].question
    assert question is not None
    # The call that asked is the first of the message that answers, and what was made before has its number.
    assert question.then == (
        SkillCall("create_payment_link", {"invoice": "$1"}),
        SkillCall("create_payment_link", {"invoice": "INV-1001"}),
    )


def test_the_conversation_remembers_what_it_was_about_in_the_store(chat: Chat) -> None:
    chat.says(chat.means("bill them", INVOICE))
    chat.says("hm")
    memory = chat.parser.heard[-1]
    assert memory.focus == ("INV-1001", "OPP-1")
    assert memory.created == ("INV-1001",)
    assert [(call.skill, call.status) for call in memory.last_calls] == [("create_invoice", "done")]


def test_a_guess_may_read_but_never_write(chat: Chat) -> None:
    assert chat.says(chat.means("list?", ("list_invoices", {}), confidence=0.2)).calls[0].status == "done"
    reply = chat.says(chat.means("bill?", INVOICE, confidence=0.2))
    assert (reply.calls, reply.declined) == ((), True)


def test_yes_to_nothing_says_so(chat: Chat) -> None:
    assert chat.says(chat.means("yes", confirm=True)).reply == "Nothing is waiting for a yes."
