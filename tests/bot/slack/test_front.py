"""What leaves for Slack, and what becomes of Slack's refusals."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from billing.errors import BillingError, ProviderRefused, ProviderUnavailable, WaitsForPerson
from billing.queues import OutboxKind, OutboxMessage
from billing.workspaces import Channel
from bot.assistant.reply import Reply
from bot.slack.address import SlackAddress
from bot.slack.client import identity, web_client
from bot.slack.parts import SlackParts
from skills.cards import Bar, Card, Chart
from tests.support.slack import FakeSlack, Fault
from tests.support.slack_office import OFFICE, Office
from tests.support.slack_sending import BOT, TEAM

BILLING = Channel(OFFICE, "#billing", "C1")
THREAD = SlackAddress(TEAM, "C1", "U1", "5.1").stored()
PAID = Card("Invoice INV-1", "INV-1 is paid: A$500.00 from Tess Blue", badge="paid")


def a_reply(text: str = "Done.") -> Reply:
    return Reply(f"slack:{TEAM}:C1:5.1", text)


def test_news_goes_to_a_channel_with_a_sentence_for_the_notification(office: Office, slack_parts: SlackParts) -> None:
    receipt = slack_parts.front.post_notice(office.workspace(), BILLING, PAID.summary, (PAID,), "paid:1")
    (post,) = office.slack.posts
    assert receipt == {"channel": "C1", "ts": post["ts"]}
    assert post["text"] == "INV-1 is paid: A$500.00 from Tess Blue"
    assert post["metadata"]["event_payload"] == {"key": "paid:1"}
    assert (post["mrkdwn"], post["parse"], post["unfurl_links"]) == (False, "none", False)


def test_the_story_of_an_invoice_stays_together_and_is_seen_in_the_channel(
    office: Office, slack_parts: SlackParts
) -> None:
    for number, story in enumerate(["INV-1", "INV-2", "INV-1"]):
        slack_parts.front.post_notice(office.workspace(), BILLING, "News.", (), f"news:{number}", story=story)
    first, other, second = office.slack.posts
    assert "thread_ts" not in first
    assert "thread_ts" not in other
    assert (second["thread_ts"], second["reply_broadcast"]) == (first["ts"], True)


def test_a_story_of_months_stays_in_one_thread(office: Office, slack_parts: SlackParts) -> None:
    for number, days in enumerate((0, 14, 20, 30, 300)):
        office.clock.advance(seconds=days * 86_400)
        slack_parts.front.post_notice(office.workspace(), BILLING, "News.", (), f"news:{number}", story="INV-1")
    first, *rest = office.slack.posts
    assert [post["thread_ts"] for post in rest] == [first["ts"]] * 4


@pytest.mark.parametrize(
    "reason",
    [
        "thread_not_found",
        "message_not_found",
        "cannot_reply_to_message",
        "restricted_action_thread_locked",
        "restricted_action_non_threadable_channel",
    ],
)
def test_a_story_whose_beginning_was_deleted_or_closed_begins_anew(
    office: Office, slack_parts: SlackParts, reason: str
) -> None:
    post = partial(slack_parts.front.post_notice, office.workspace(), BILLING, "News.", ())
    post("news:1", story="INV-1")
    office.slack.fail("chat.postMessage", Fault(reason))
    post("news:2", story="INV-1")
    post("news:3", story="INV-1")
    _, second, third = office.slack.posts
    assert "thread_ts" not in second
    assert third["thread_ts"] == second["ts"]


def test_a_channel_that_is_known_by_name_only_is_looked_up_once(office: Office, slack_parts: SlackParts) -> None:
    ops = Channel(OFFICE, "#Ops")
    slack_parts.front.post_notice(office.workspace(), ops, "Hello.", (), "hello:1")
    assert office.slack.posts[0]["channel"] == "C3"
    assert office.channels() == {"#billing": "C1", "#Ops": "C3"}
    assert [call["exclude_archived"] for call in office.slack.called("conversations.list")] == ["1", "1"]


def test_a_channel_that_nobody_sees_is_a_plain_sentence(office: Office, slack_parts: SlackParts) -> None:
    with pytest.raises(ProviderUnavailable, match="I see no channel #secret in Slack"):
        slack_parts.front.post_notice(office.workspace(), Channel(OFFICE, "#secret"), "Hello.", (), "hello:1")


def test_a_sentence_is_said_in_a_conversation(office: Office, slack_parts: SlackParts) -> None:
    slack_parts.front.say(office.workspace(), THREAD, "Stripe is connected.", "say:1")
    assert (office.slack.posts[0]["thread_ts"], office.slack.posts[0]["text"]) == ("5.1", "Stripe is connected.")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault(error="channel_not_found"), "Slack shows me no such channel. Invite me there with /invite @Evie."),
        (Fault(error="not_in_channel"), "I am not in that channel. Invite me there with /invite @Evie."),
        (Fault(error="is_archived"), "That channel is archived. Unarchive it or choose another one."),
        (Fault(error="token_revoked"), "Slack does not accept my token any more. Install the Slack app again."),
        (Fault(error="something_new"), "Slack refused it (something_new)."),
        (
            Fault(error="invalid_auth", status=403),
            "Slack does not accept my token any more. Install the Slack app again.",
        ),
    ],
)
def test_what_a_person_has_to_mend_is_a_plain_sentence(
    office: Office, slack_parts: SlackParts, fault: Fault, sentence: str
) -> None:
    office.slack.fail("chat.postMessage", fault)
    with pytest.raises(BillingError) as refused:
        slack_parts.front.post_notice(office.workspace(), BILLING, "Paid.", (), "paid:1")
    assert refused.value.user_message == sentence
    assert isinstance(refused.value, WaitsForPerson)


@pytest.mark.parametrize("reason", ["not_in_channel", "is_archived", "channel_not_found"])
def test_news_waits_until_the_channel_is_mended_and_each_admin_is_told_once(office: Office, reason: str) -> None:
    def news(key: str) -> None:
        payload = {"channel": "#billing", "text": key}
        with office.store.transaction(OFFICE) as tx:
            tx.send(OutboxMessage(OFFICE, key, OutboxKind.SAY, "channel:#billing", payload, office.clock()))

    office.slack.fail("chat.postMessage", Fault(reason))
    news("first")
    news("second")
    office.worker.drain()
    told = [(post["channel"], post["text"]) for post in office.slack.posts]
    assert [channel for channel, _ in told] == ["D1"]
    assert told[0][1].startswith("News for #billing is waiting.")

    office.clock.now += timedelta(minutes=6)
    office.slack.fail("chat.postMessage", Fault(reason))
    office.worker.drain()
    office.clock.now += timedelta(minutes=6)
    office.worker.drain()
    assert [post["text"] for post in office.slack.posts[1:]] == ["first", "second"]


@pytest.mark.parametrize(
    ("fault", "retry_after"),
    [
        (Fault(status=429, retry_after=17), 17),
        (Fault(status=429), 30),
        (Fault(error="ratelimited", retry_after=3), 3),
        (Fault(error="internal_error"), None),
        (Fault(status=502), None),
        (Fault(status=404), None),
        (Fault(status=200), None),
        (Fault(cut=True), None),
    ],
)
def test_what_may_pass_is_tried_again_when_slack_says_so(
    office: Office, slack_parts: SlackParts, fault: Fault, retry_after: float | None
) -> None:
    office.slack.fail("chat.postMessage", fault)
    with pytest.raises(ProviderUnavailable) as away:
        slack_parts.front.post_reply(office.workspace(), THREAD, a_reply(), "reply:1")
    assert away.value.retry_after == retry_after
    assert len(office.slack.called("chat.postMessage")) == 1


def test_a_slack_that_is_not_there_is_unavailable(office: Office, slack: FakeSlack) -> None:
    with pytest.raises(ProviderUnavailable):
        identity(web_client(replace(slack.config, api_base_url="http://127.0.0.1:9"), slack.config.bot_token))


@pytest.mark.parametrize("story", ["", "INV-1"])
def test_the_second_try_finds_what_the_first_has_posted(office: Office, slack_parts: SlackParts, story: str) -> None:
    workspace = office.workspace()
    for number in range(3):
        slack_parts.front.post_notice(workspace, BILLING, "Paid.", (), f"paid:{number}", story=story)
    again = slack_parts.front.post_notice(workspace, BILLING, "Paid.", (), "paid:1", story=story, again=office.clock())
    assert again == {"channel": "C1", "ts": office.slack.posts[1]["ts"]}
    assert len(office.slack.posts) == 3
    slack_parts.front.post_notice(workspace, BILLING, "Paid.", (), "paid:9", story=story, again=office.clock())
    assert len(office.slack.posts) == 4


@pytest.mark.parametrize("thread", ["", "5.1"])
def test_it_is_found_however_much_was_said_there_since(office: Office, slack_parts: SlackParts, thread: str) -> None:
    address = SlackAddress(TEAM, "C1", "U1", thread or None).stored()

    def talk() -> None:
        said = {"channel": "C1"} | ({"thread_ts": thread} if thread else {})
        office.slack.posts.extend(said | {"ts": office.slack.next_ts(), "text": "Hm."} for _ in range(1_100))

    talk()
    office.clock.advance(seconds=5 * 3600)
    begun = office.clock()
    first = slack_parts.front.say(office.workspace(), address, "Paid.", "paid:1")
    talk()
    assert slack_parts.front.say(office.workspace(), address, "Paid.", "paid:1", again=begun) == first
    asked = office.slack.called("conversations.replies" if thread else "conversations.history")
    assert len(asked) == (1 if thread else 2)
    assert float(asked[0]["oldest"]) > float(office.slack.posts[1_099]["ts"])


def test_a_response_url_that_is_slow_is_tried_again_and_an_expired_one_is_not(
    office: Office, slack_parts: SlackParts
) -> None:
    address = SlackAddress(TEAM, "C2", "U1", private=True, response_url="http://127.0.0.1:9/response").stored()
    with pytest.raises(ProviderUnavailable):
        slack_parts.front.post_reply(office.workspace(), address, a_reply(), "reply:1")
    address["response_url"] = f"{office.slack.url}/response/1"
    office.slack.expired_urls.add(address["response_url"])
    receipt = slack_parts.front.post_reply(office.workspace(), address, a_reply(), "reply:1")
    assert receipt["channel"] == "D1"


@pytest.mark.parametrize("reason", ["is_archived", "not_in_channel", "restricted_action"])
def test_an_answer_that_its_channel_does_not_take_comes_as_a_direct_message(
    office: Office, slack_parts: SlackParts, reason: str
) -> None:
    office.slack.fail("chat.postMessage", Fault(error=reason))
    receipt = slack_parts.front.post_reply(office.workspace(), THREAD, a_reply(), "reply:1")
    (post,) = office.slack.posts
    assert (receipt["channel"], post["channel"], post["text"]) == ("D1", "D1", "Done.")
    assert "thread_ts" not in post


def test_a_direct_message_that_is_not_taken_is_not_sent_there_again(office: Office, slack_parts: SlackParts) -> None:
    office.slack.fail("chat.postMessage", Fault(error="channel_not_found"))
    place = SlackAddress(TEAM, "D1", "U1", "5.1").stored()
    with pytest.raises(ProviderRefused):
        slack_parts.front.post_reply(office.workspace(), place, a_reply(), "reply:1")
    assert office.slack.posts == []


@pytest.mark.parametrize("reason", ["invalid_blocks", "msg_blocks_too_long"])
def test_an_answer_whose_blocks_are_refused_arrives_as_its_sentence(
    office: Office, slack_parts: SlackParts, reason: str
) -> None:
    office.slack.fail("chat.postMessage", Fault(error=reason))
    slack_parts.front.post_reply(office.workspace(), THREAD, a_reply("It is <done> & sent."), "reply:1")
    (post,) = office.slack.posts
    assert post["text"] == "It is &lt;done&gt; &amp; sent."
    assert "blocks" not in post
    assert post["thread_ts"] == "5.1"


def test_a_picture_that_slack_cannot_fetch_does_not_cost_the_card(office: Office, slack_parts: SlackParts) -> None:
    office.slack.fail("chat.postMessage", Fault(error="invalid_blocks"))
    chart = Chart("Collected, AUD", (Bar("May", "A$1.00", 1000),), "https://evie.example/charts/gA.png")
    card = Card("Report", "Report", charts=(chart,))
    slack_parts.front.post_reply(office.workspace(), THREAD, replace(a_reply("The numbers."), cards=(card,)), "reply:1")
    (post,) = office.slack.posts
    assert "image" not in {block["type"] for block in post["blocks"]}
    assert "Collected, AUD. May: A$1.00." in str(post["blocks"])


def test_a_token_says_whom_it_speaks_for(slack: FakeSlack) -> None:
    who = identity(web_client(slack.config, slack.config.bot_token))
    assert (who.team, who.team_name, who.user) == (TEAM, "Lantern Studio", BOT)
    with pytest.raises(ProviderRefused, match="does not accept my token"):
        identity(web_client(slack.config, "xoxb-wrong"))


def test_secrets_are_not_in_the_settings_representation(slack: FakeSlack) -> None:
    config = replace(slack.config, app_token="xapp-secret")
    assert not any(secret in repr(config) for secret in ("xoxb", "xapp", "a-signing-secret"))
