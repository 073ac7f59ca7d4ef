"""Slash commands are the beginning of a sentence, and answered to one person unless they are shared."""

from __future__ import annotations

import pytest

from bot.slack.commanding import is_shared, sentence
from tests.support.slack_office import Office


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [
        ("/evie", "show unpaid invoices", "show unpaid invoices"),
        ("/evie", "", ""),
        ("/invoice", "Bluebird 500 due Friday", "invoice Bluebird 500 due Friday"),
        ("/invoice", "", "invoice"),
        ("/payments", "", "list payments"),
        ("/payments", "from Bluebird, and share it", "list payments from Bluebird"),
        ("/evie", "show unpaid invoices share it", "show unpaid invoices"),
        ("/evie", "Share", ""),
        ("/invoice", "Ride Share 500", "invoice Ride Share 500"),
        ("/evie", "help with sharepoint", "help with sharepoint"),
        ("/evie", "record a payment of the shareholders", "record a payment of the shareholders"),
    ],
)
def test_a_command_is_the_beginning_of_a_sentence(command: str, words: str, said: str) -> None:
    assert sentence(command, words) == said


@pytest.mark.parametrize(
    "words",
    ["help, share", "help and share", "help, and share", "help please share this here!", "help share it", "SHARE"],
)
def test_words_that_end_in_share_are_for_everybody(words: str) -> None:
    assert is_shared(words)


@pytest.mark.parametrize("words", ["share portal with Bluebird", "help", "show the invoices of Ride Share", "shared"])
def test_other_words_are_for_one_person(words: str) -> None:
    assert not is_shared(words)


def test_an_answer_is_whispered_unless_it_is_shared(office: Office) -> None:
    office.hear(office.slack.command("from Bluebird", name="/payments"))
    assert [shown["text"] for shown in office.slack.ephemerals] == ["You said: list payments from Bluebird"]
    assert office.slack.posts == []
    office.hear(office.slack.command("this month and share", name="/payments"))
    assert [post["text"] for post in office.slack.posts] == ["You said: list payments this month"]
    assert "thread_ts" not in office.slack.posts[0]
