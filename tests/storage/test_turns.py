"""Turns at writing are handed on in order, and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.turns import Turns


def queue_up(turns: Turns, order: list[str], name: str, *, first: bool = False) -> threading.Thread:
    """Let a thread ask for a turn, and return when it waits for it."""

    def work() -> None:
        with turns.turn(first=first):
            order.append(name)

    thread = threading.Thread(target=work)
    waiting = len(turns._waiting)
    thread.start()
    while len(turns._waiting) == waiting:
        time.sleep(0.001)
    return thread


def test_turns_are_taken_in_the_order_in_which_they_were_asked_for_but_for_who_goes_first() -> None:
    turns, order = Turns(10.0), list[str]()
    with turns.turn():
        threads = [queue_up(turns, order, name) for name in ("a", "b", "c")]
        threads.append(queue_up(turns, order, "urgent", first=True))
    for thread in threads:
        thread.join()
    assert order == ["urgent", "a", "b", "c"]


def test_who_has_waited_too_long_goes_on_without_a_turn_and_the_next_one_gets_it() -> None:
    turns, order = Turns(0.01), list[str]()
    with turns.turn(), turns.turn():
        order.append("went on")
    with turns.turn():
        order.append("next")
    assert order == ["went on", "next"]


def test_a_failure_gives_the_turn_back() -> None:
    turns = Turns(10.0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), turns.turn():
            _ = 1 // 0


def test_one_at_a_time_holds_it_among_many() -> None:
    turns, inside, most = Turns(10.0), [0], [0]

    def work(number: int) -> None:
        with turns.turn(first=number % 3 == 0):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.001)
            inside[0] -= 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(work, range(60)))
    assert most == [1]
