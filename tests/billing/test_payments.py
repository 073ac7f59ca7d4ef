from __future__ import annotations

import pytest

from billing.payments import Interval
from tests.support.records import a_link


@pytest.mark.parametrize("interval", [each for each in Interval if each is not Interval.ONE_TIME])
def test_a_link_with_an_interval_charges_again_and_again(interval: Interval) -> None:
    assert a_link(interval=interval).recurring


def test_a_one_time_link_does_not() -> None:
    assert not a_link(interval=Interval.ONE_TIME).recurring
