"""One post a second in a channel."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.slack.pacing import Pace


@dataclass
class Time:
    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def test_a_second_post_to_a_channel_waits_for_its_second() -> None:
    time = Time()
    pace = Pace(time.clock, time.sleep)
    for _ in range(3):
        pace.wait("C1")
    assert time.slept == [1.0, 1.0]


def test_other_channels_and_later_posts_do_not_wait() -> None:
    time = Time()
    pace = Pace(time.clock, time.sleep)
    pace.wait("C1")
    pace.wait("C2")
    time.now += 1.0
    pace.wait("C1")
    assert time.slept == []


def test_those_who_come_at_once_each_get_a_second_of_their_own() -> None:
    waited: list[float] = []
    pace = Pace(lambda: 100.0, waited.append)
    for _ in range(4):
        pace.wait("C1")
    assert waited == [1.0, 2.0, 3.0]
