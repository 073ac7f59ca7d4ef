"""One post a second in a channel, with bursts for replies alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from slack_sdk.errors import SlackApiError

from billing.errors import NotYet, ProviderUnavailable
from billing.queues import OutboxKind, OutboxMessage
from bot.assistant.reply import Reply
from bot.slack.address import SlackAddress
from bot.slack.client import web_client
from bot.slack.pacing import Pace
from bot.slack.parts import SlackParts
from tests.support.slack import TOKEN, FakeSlack, Fault
from tests.support.slack_office import OFFICE, Office, until
from tests.support.slack_sending import TEAM


@dataclass
class Time:
    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def ticks(self) -> float:
        return self.now

    def clock(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace(time.clock, time.ticks, time.sleep)


def test_a_second_piece_of_news_waits_for_its_second(time: Time, pace: Pace) -> None:
    for number in range(3):
        pace.wait("C1", f"news:{number}", news=True)
    assert time.slept == [1.0, 1.0]


def test_replies_may_come_in_a_burst_and_then_one_a_second(time: Time, pace: Pace) -> None:
    for number in range(6):
        pace.wait("C1", f"reply:{number}")
    assert time.slept == [1.0, 1.0, 1.0]


def test_a_reply_does_not_wait_behind_news(time: Time, pace: Pace) -> None:
    for number in range(20):
        pace.wait("C1", f"news:{number}", news=True)
    before = list(time.slept)
    pace.wait("C1", "reply:1")
    pace.wait("C1", "reply:2")
    assert time.slept == before


def test_other_channels_and_later_posts_do_not_wait(time: Time, pace: Pace) -> None:
    pace.wait("C1", "a", news=True)
    pace.wait("C2", "b", news=True)
    time.now += 1.0
    pace.wait("C1", "c", news=True)
    assert time.slept == []


def test_of_a_crowd_each_has_a_second_of_its_own_and_who_would_wait_long_comes_again(time: Time) -> None:
    waited: list[float] = []
    pace, later = Pace(time.clock, time.ticks, waited.append), {}
    for number in range(9):
        try:
            pace.wait("C1", f"reply:{number}")
        except NotYet as error:
            later[f"reply:{number}"] = error.retry_after
    assert waited == [1.0, 2.0, 3.0]
    assert later == {"reply:6": 4.0, "reply:7": 5.0, "reply:8": 6.0}

    time.now += 5.0
    del waited[:]
    for key in ("reply:6", "reply:7"):
        pace.wait("C1", key)
    assert waited == []
    pace.wait("C1", "reply:9")
    assert waited == [2.0]


def test_what_slack_refuses_for_being_too_fast_holds_up_the_whole_channel(time: Time, pace: Pace) -> None:
    with pytest.raises(ProviderUnavailable), pace.turn("C1", "reply:1"):
        raise ProviderUnavailable("Slack asks for a pause.", retry_after=20.0)
    for key, news in (("reply:2", False), ("news:1", True)):
        with pytest.raises(NotYet) as held:
            pace.wait("C1", key, news=news)
        assert held.value.retry_after is not None
        assert held.value.retry_after >= 20.0
    pace.wait("C2", "reply:3")
    time.now += 20.0
    pace.wait("C1", "reply:2")
    assert time.slept == []


def test_another_failure_holds_nobody_up(time: Time, pace: Pace) -> None:
    with pytest.raises(ProviderUnavailable), pace.turn("C1", "reply:1"):
        raise ProviderUnavailable("Slack did not answer.")
    pace.wait("C1", "reply:2")
    assert time.slept == []


def test_what_need_not_be_posted_takes_only_a_turn_that_is_free(pace: Pace) -> None:
    assert [pace.take("C1") for _ in range(4)] == [True, True, True, False]
    assert pace.take("C2")


def test_a_clock_that_is_set_back_makes_no_pause_longer(time: Time) -> None:
    jumping = Time()
    pace = Pace(jumping.clock, time.ticks, time.sleep)
    pace.pause("C1", 10.0)
    assert not pace.take("C1")
    jumping.now -= 3600.0
    time.now += 10.0
    pace.wait("C1", "reply:1")
    assert pace.take("C1")


def test_a_promise_that_nobody_came_back_for_is_forgotten(time: Time) -> None:
    pace = Pace(time.clock, time.ticks, lambda _: None)
    for number in range(6):
        pace.wait("C1", f"reply:{number}")
    with pytest.raises(NotYet):
        pace.wait("C1", "reply:6")
    time.now += 20.0
    assert not pace.take("C1")
    time.now += 700.0
    assert pace.take("C1")


def queue(office: Office, *names: str) -> None:
    for name in names:
        address = SlackAddress(TEAM, "C1", "U1", f"{name}.1")
        reply = Reply(address.conversation, f"Answer {name}")
        payload = {"conversation": address.conversation, "reply": reply.stored(), "address": address.stored()}
        row = OutboxMessage(OFFICE, f"reply:{name}", OutboxKind.REPLY, address.conversation, payload, office.clock())
        with office.store.transaction(OFFICE) as tx:
            tx.send(row)


def test_replies_that_wait_for_their_turn_are_sent_once_and_not_looked_for(office: Office) -> None:
    office.slack.fail("chat.postMessage", Fault(status=429, retry_after=600))
    queue(office, "1", "2", "3")
    office.worker.drain()
    assert len(office.slack.called("chat.postMessage")) == 1
    assert office.slack.posts == []

    office.clock.advance(seconds=700)
    office.worker.drain()
    assert sorted(post["text"] for post in office.slack.posts) == ["Answer 1", "Answer 2", "Answer 3"]
    # Of the first alone it could not be known whether it had arrived.
    assert len(office.slack.called("conversations.replies")) == 1


def test_the_slack_of_these_tests_takes_a_burst_and_then_one_a_second(slack: FakeSlack) -> None:
    now = Time()
    slack.rates.ticks = now.ticks
    client = web_client(slack.config, TOKEN)
    taken = [client.chat_postMessage(channel="C1", text=f"{number}")["ok"] for number in range(5)]
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C1", text="too much")
    assert (len(taken), refused.value.response.status_code) == (5, 429)
    assert refused.value.response.headers["Retry-After"] == "1"
    assert client.chat_postMessage(channel="C3", text="elsewhere")["ok"]
    now.now += 1.0
    assert client.chat_postMessage(channel="C1", text="in its turn")["ok"]
    assert slack.rates.refused == ["C1"]


def test_where_slack_refuses_more_than_we_pace_nothing_is_lost_and_nothing_comes_twice(office: Office) -> None:
    # As where other processes post in the channel, of which this one knows nothing.
    office.slack.rates.burst = 1.0
    office.slack.rates.ticks = lambda: office.clock().timestamp()
    asked = [str(number) for number in range(1, 7)]
    queue(office, *asked)

    def all_are_posted() -> bool:
        office.worker.drain()
        office.clock.advance(seconds=2)
        return all(row["state"] == "done" for row in office.rows("outbox"))

    until(all_are_posted, seconds=30)
    assert sorted(post["text"] for post in office.slack.posts) == [f"Answer {name}" for name in asked]
    assert office.slack.rates.refused


def test_an_answer_in_a_paused_channel_holds_up_no_other_one(office: Office) -> None:
    office.slack.fail("chat.postMessage", Fault(status=429, retry_after=600))
    queue(office, "1", "2")
    office.hear(office.slack.message("hello"))
    assert [(post["channel"], post["text"]) for post in office.slack.posts] == [("D1", "You said: hello")]


def test_in_a_crowded_channel_a_models_words_come_at_once_at_the_end(office: Office, slack_parts: SlackParts) -> None:
    asked = "how is bluebird doing"
    office.answers.speech[asked] = ["Bluebird has paid its deposit. " * 20]
    slack_parts.streams.pace.pause("C1", 600.0)
    office.hear(office.slack.message(f"<@U0EVIE> {asked}", channel="C1", type="app_mention"))
    assert office.slack.posts == []
    office.clock.advance(seconds=700)
    office.worker.drain()
    assert office.slack.called("chat.startStream") == []
    assert len(office.slack.posts) == 1
