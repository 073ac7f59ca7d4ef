from __future__ import annotations

import pytest

from billing.payments import Interval
from billing.rhythms import how_often
from tests.support.mails import FORMATS


@pytest.mark.parametrize(
    ("interval", "count", "words"),
    [
        (Interval.DAY, 1, "every day"),
        (Interval.WEEK, 2, "every 2 weeks"),
        (Interval.MONTH, 1, "every month"),
        (Interval.MONTH, 3, "every 3 months"),
        (Interval.YEAR, 1, "every year"),
        (Interval.ONE_TIME, 1, ""),
    ],
)
def test_how_often_a_client_is_charged_is_said_in_words(interval: Interval, count: int, words: str) -> None:
    assert how_often(interval, count, FORMATS) == words
