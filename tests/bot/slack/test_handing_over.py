"""Somebody wants a person: the card in Slack, one click that wins, and the word to who asked."""

import pytest

from billing.conversations import Actor, Conversation
from billing.handing_over import Wanted, hand_over, take
from billing.news_settings import set_people
from billing.roles import Role
from billing.workspaces import Member
from bot.slack.address import SlackAddress
from tests.support.slack import Fault
from tests.support.slack_office import OFFICE, Office, until
from tests.support.slack_sending import TEAM

PLACE = SlackAddress(TEAM, "D9", "U9", "9.1")


@pytest.fixture(autouse=True)
def _people(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Bea", Role.ADMIN, "U2"))
        tx.people.save_member(Member(OFFICE, "Vic *bold* <!channel>", Role.VIEWER, "U9"))
        tx.people.save_member(Member(OFFICE, "Nora", Role.ADMIN))
        tx.talk.save_conversation(
            Conversation(OFFICE, PLACE.conversation, office.clock(), {}, PLACE.stored()),
        )


def ask(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        wanted = Wanted("Vic *bold* <!channel>", PLACE.conversation, "a <!here> chargeback", "said:1")
        hand_over(tx, wanted, now=office.clock())
    office.worker.drain()


def test_each_admin_in_slack_is_asked_directly_with_all_text_as_text(office: Office) -> None:
    ask(office)
    assert [post["channel"] for post in office.slack.posts] == ["D1", "D2"]
    post = office.slack.posts[0]
    assert post["text"] == ("Vic *bold* &lt;!channel&gt; wants to talk to a person about “a &lt;!here&gt; chargeback”")
    (button,) = next(block for block in post["blocks"] if block["type"] == "actions")["elements"]
    assert (button["action_id"], button["value"], button["text"]["text"]) == ("evie_take", "HLP-1", "I'll take it")


def test_the_first_click_takes_it_every_card_says_so_and_the_asker_hears_who(office: Office) -> None:
    ask(office)
    cards = list(office.slack.posts)
    for card, user in zip(cards, ["U1", "U2"], strict=True):
        assert office.send(office.slack.click("evie_take", "HLP-1", card, user=user)) == 200
    office.worker.drain()
    assert sorted((post["channel"], post["text"]) for post in office.slack.posts[2:]) == [
        ("D1", "It's yours. I've told Vic *bold* &lt;!channel&gt;."),
        ("D2", "Ada has taken this already."),
        (
            "D9",
            (
                "Vic *bold* &lt;!channel&gt;, Ada has taken your request about “a &lt;!here&gt; chargeback” "
                "and will get back to you."
            ),
        ),
    ]
    assert {update["ts"] for update in office.slack.updates} == {card["ts"] for card in cards}
    assert all(update["text"].startswith("Ada has taken Vic") for update in office.slack.updates)
    assert "evie_take" not in str(office.slack.updates)


def test_two_clicks_at_once_have_one_winner(office: Office) -> None:
    ask(office)
    card = office.slack.posts[0]
    office.send(office.slack.click("evie_take", "HLP-1", card, user="U1"))
    office.send(office.slack.click("evie_take", "HLP-1", card | {"channel": "D2"}, user="U2"))
    office.worker.start()
    until(lambda: len(office.slack.posts) == 5)
    office.worker.stop()
    words = [post["text"] for post in office.slack.posts[2:]]
    assert sum(text.startswith("It's yours.") for text in words) == 1
    assert sum(text.endswith("has taken this already.") for text in words) == 1


def test_a_click_of_somebody_who_may_not_is_answered_to_that_person_alone(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        set_people(tx, Actor(OFFICE, "Ada", Role.ADMIN, "terminal"), "#billing")
    ask(office)
    (card,) = office.slack.posts
    assert card["channel"] == "C1"
    office.hear(office.slack.click("evie_take", "HLP-1", card, user="U9"))
    assert [(one["user"], one["text"]) for one in office.slack.ephemerals] == [
        ("U9", "You asked for this yourself, so somebody else has to take it.")
    ]
    assert office.slack.updates == []


@pytest.mark.parametrize(("user", "sentence"), [("U0GUEST", "to guests"), ("U0OTHER", "Lantern Office only")])
def test_neither_a_guest_nor_somebody_of_another_organisation_takes_a_request_or_turns_a_page(
    office: Office, user: str, sentence: str
) -> None:
    ask(office)
    card = office.slack.posts[0] | {"channel": "C1"}
    for button, value in (("evie_take", "HLP-1"), ("evie_more", '{"skill":"list_invoices","arguments":{},"start":15}')):
        office.hear(office.slack.click(button, value, card, user=user))
    assert [sentence in one["text"] for one in office.slack.ephemerals] == [True, True]
    with office.store.transaction(OFFICE) as tx:
        assert tx.hand_overs.get("HLP-1").taken_by is None
    assert office.answers.deeds == []


def test_who_asked_by_a_command_hears_it_directly_and_once_though_they_have_left(office: Office) -> None:
    place = SlackAddress(TEAM, "C3", "U9", private=True, response_url=f"{office.slack.url}/response/1")
    with office.store.transaction(OFFICE) as tx:
        tx.talk.save_conversation(Conversation(OFFICE, place.conversation, office.clock(), {}, place.stored()))
        hand_over(tx, Wanted("Vic *bold* <!channel>", place.conversation, "", "said:2"), now=office.clock())
    office.slack.add_user("U9", "Vic")
    office.worker.drain()
    office.slack.fail("chat.postMessage", Fault(cut=True))
    card = office.slack.posts[0]
    with office.store.transaction(OFFICE) as tx:
        take(tx, "HLP-1", Actor(OFFICE, "Ada", Role.ADMIN, "slack"), now=office.clock())
    office.worker.drain()
    office.clock.advance(seconds=600)
    office.worker.drain()
    told = [post["text"] for post in office.slack.posts if post["channel"] == "D9"]
    assert told == ["Vic *bold* &lt;!channel&gt;, Ada has taken your request and will get back to you."]
    assert (office.slack.ephemerals, office.slack.responses) == ([], [])
    assert card["channel"] == "D1"
