"""The other places in Slack where people meet Evie: commands, her home, the agent view, shortcuts, lists, people."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.slack import FakeSlack
from tests.support.slack_requests import sent
from tests.support.walking import Evie
from tests.support.walking_slack import Colleague, Message

pytestmark = pytest.mark.walk

Json = dict[str, Any]


@pytest.fixture
def evie_at_work(evie: Evie, workspace: Json) -> Evie:
    """Evie in a business with forty clients and a second colleague, who may only look."""
    workspace["members"].append({"name": "Sam", "role": "viewer", "slack_user_id": "U2"})
    workspace["contacts"] += [
        {"number": f"CON-{number}", "name": f"Client Number {number}", "email": f"c{number}@client.example"}
        for number in range(2, 41)
    ]
    workspace["invoices"] = [
        {
            "number": "INV-1001",
            "opportunity": "OPP-1",
            "kind": "standard",
            "amount": "500.00",
            "issued": "2026-03-01",
            "due": "2026-03-15",
            "status": "open",
        },
    ]
    evie.move_in(workspace)
    evie.serve()
    return evie


def tell(evie: Evie, payload: Json) -> Json:
    """Let Slack send a request that is taken; return what it is answered."""
    status, answer = sent(evie.url, payload)
    assert status == 200, evie.logs
    return answer


def opened(evie: Evie, slack: FakeSlack, tab: str, user: str = "U1") -> None:
    tell(evie, slack.event({"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": tab}))


def words(view: Json) -> str:
    return Message({"blocks": view["blocks"]}).words


def test_a_command_is_answered_to_one_person_and_a_list_is_turned_where_it_stands(
    evie_at_work: Evie, slack: FakeSlack
) -> None:
    evie = evie_at_work
    tell(evie, slack.command("help invoices", user="U2"))
    [told] = evie.until(lambda: slack.ephemerals, "the help")
    assert (told["user"], "About invoices" in str(told["blocks"]), slack.posts) == ("U2", True, [])
    tell(evie, slack.command("help payments and share"))
    evie.until(lambda: [post for post in slack.posts if "About payments" in str(post["blocks"])], "the shared help")

    ada = Colleague(evie, slack)
    listed = ada.says("show contacts")
    assert "1–15 of 40" in listed.words
    more = listed.button("Show more")
    tell(evie, slack.click(more["action_id"], more["value"], listed.post))
    [page] = evie.until(lambda: slack.updates, "the next page")
    assert (page["ts"], "16–30 of 40" in Message(page).words) == (listed.post["ts"], True)
    assert len(ada.heard()) == 1


def test_home_and_the_agent_view_fit_the_person_and_change_with_the_business(
    evie_at_work: Evie, slack: FakeSlack
) -> None:
    evie = evie_at_work
    for user in ("U1", "U2"):
        opened(evie, slack, "home", user)
    evie.until(lambda: {"U1", "U2"} <= slack.homes.keys(), "both homes")
    assert ("Settings" in words(slack.homes["U1"]), "Settings" in words(slack.homes["U2"])) == (True, False)

    opened(evie, slack, "messages")
    [offered] = evie.until(lambda: slack.called("assistant.threads.setSuggestedPrompts"), "sentences to begin with")
    assert offered["prompts"][0]["title"] == "Connect Stripe"

    Colleague(evie, slack).says("change INV-1001 to 2,400")
    evie.until(lambda: "A$2,400.00" in words(slack.homes["U2"]), "what is outstanding on the other's home")


def test_a_crowd_in_one_channel_is_answered_once_each_and_no_faster_than_slack_takes_it(
    evie_at_work: Evie, slack: FakeSlack
) -> None:
    # Wide enough for a machine that stands still for some seconds, and too narrow for all of them at once.
    slack.rates.burst = 8.0
    crowd = [Colleague(evie_at_work, slack, channel="C3") for _ in range(11)]
    for one in crowd:
        tell(evie_at_work, one.message("show INV-1001"))
    evie_at_work.until(lambda: all(one.heard() for one in crowd), "an answer to each")
    evie_at_work.until_quiet()
    assert [len(one.heard()) for one in crowd] == [1] * 11
    assert slack.rates.refused == []


def test_news_that_waited_leaves_at_once_when_evie_is_started_with_a_new_token(
    evie_at_work: Evie, slack: FakeSlack, workspace: Json
) -> None:
    evie = evie_at_work
    assert workspace["notifications"][0] == {"event": "payment_succeeded", "channel": "#billing"}
    slack.channels["C1"]["is_member"] = False
    ada = Colleague(evie, slack)
    ada.clicks("Record", ada.says("INV-1001 was paid by bank transfer"))
    evie.until(
        lambda: [row for row in evie.rows("outbox", kind="notify") if row["last_error"].startswith("WaitsForPerson")],
        "news that waits",
    )
    evie.stop()
    slack.channels["C1"]["is_member"] = True
    slack.tokens = {"xoxb-another"}
    evie.settings["SLACK_BOT_TOKEN"] = "xoxb-another"
    evie.serve()
    evie.until(lambda: [post for post in slack.posts if post["channel"] == "C1"], "the news")
    evie.until_quiet()
    assert len([post for post in slack.posts if post["channel"] == "C1"]) == 1


def test_a_shortcut_and_a_form_that_unfolds_and_a_request_for_a_person(evie_at_work: Evie, slack: FakeSlack) -> None:
    evie = evie_at_work
    tell(evie, slack.shortcut("evie_new_invoice"))
    [form] = evie.until(lambda: list(slack.views), "the form")
    assert tell(evie, slack.submission(form, {"opportunity": "OPP-1", "amount": "10%"})) == {}
    evie.until(lambda: [post for post in slack.posts if "A$800.00" in post["text"]], "the invoice")

    card: Json = {"channel": "D1", "ts": "5.1", "text": "Home", "blocks": []}
    tell(evie, slack.click("evie_form_0", "create_automation", card))
    form = evie.until(lambda: slack.views[1:], "the form of an automation")[0]
    tell(evie, slack.choosing(form, "do", {"do": "move_opportunity"}))
    evie.until(lambda: slack.views[1]["hash"] != form["hash"], "the fields of its step")
    filled: Json = {"trigger": ["payment_failed"], "do": "move_opportunity", "stage": "lost"}
    assert tell(evie, slack.submission(slack.views[1], filled)) == {}
    evie.until(lambda: evie.rows("automations", number="AUT-2"), "the automation")

    sam = Colleague(evie, slack, user="U2", channel="D2")
    assert "passed this on to Ada" in sam.says("I want to talk to a person").words
    [asked] = evie.until(lambda: [p for p in slack.posts if "wants to talk" in p["text"]], "the request")
    take = Message(asked).button("I'll take it")
    tell(evie, slack.click(take["action_id"], take["value"], asked))
    sam.hears("Ada has taken your request")
