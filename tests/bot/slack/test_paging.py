"""A list goes on at a click, as it is by then and as the person who clicks may see it."""

from billing.contacts import Contact
from bot.assistant.reply import Reply
from skills.cards import Card, Listed, Row
from tests.support.slack_office import OFFICE, Office


def listed(office: Office, clients: int) -> dict[str, str]:
    """Let Ada ask for a list of that many clients, and return the button that goes on."""
    with office.store.transaction(OFFICE) as tx:
        for number in range(1, clients + 1):
            tx.contacts.add(Contact(OFFICE, f"CON-{number}", f"Client {number}", office.clock()))
    rows = tuple(Row(f"CON-{number}") for number in range(1, clients + 1))
    card = Card("Clients", f"Clients: {clients}", rows=rows, listed=Listed("find_contacts", {}))
    office.answers.script["clients"] = lambda request: Reply(request.conversation, "Here.", cards=(card,))
    office.hear(office.slack.message("clients"))
    actions = next(block for block in office.slack.posts[0]["blocks"] if block["type"] == "actions")
    button: dict[str, str] = actions["elements"][0]
    return button


def test_a_click_shows_the_next_page_below_and_the_one_after_it(office: Office) -> None:
    button = listed(office, 35)
    office.hear(office.slack.click(button["action_id"], button["value"], office.slack.posts[0]))
    page = office.slack.posts[1]
    assert page["thread_ts"] == office.slack.posts[0]["thread_ts"]
    assert page["text"] == "Here is more of it."
    words = str(page["blocks"])
    assert ("CON-15 ·" in words, "CON-16 ·" in words, "CON-30 ·" in words, "CON-31 ·" in words) == (
        False,
        True,
        True,
        False,
    )
    assert "evie_more" in words


def test_a_list_that_became_shorter_ends_in_a_sentence(office: Office) -> None:
    button = listed(office, 16)
    gone = button["value"].replace('"start":15', '"start":16')
    office.hear(office.slack.click(button["action_id"], gone, office.slack.posts[0]))
    assert office.slack.posts[1]["text"] == "That was all of it."


def test_a_click_that_was_sent_twice_is_answered_once(office: Office) -> None:
    button = listed(office, 16)
    click = office.slack.click(button["action_id"], button["value"], office.slack.posts[0])
    office.hear(click)
    office.hear(click)
    assert len(office.slack.posts) == 2
