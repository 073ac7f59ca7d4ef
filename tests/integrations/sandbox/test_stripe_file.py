"""A sandbox in a file: it outlives its process, and several processes share it."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from integrations.sandbox.stripe.checkout import Paid
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from tests.support.stripe import SettableClock, a_payer
from tests.support.stripe_api import make_link

if TYPE_CHECKING:
    from pathlib import Path


def opened(path: Path) -> SandboxStripe:
    return SandboxStripe(SandboxSettings("http://s.example", path=path), SettableClock())


def pay_from_elsewhere(path: Path, link: str) -> bool:
    """Pay in a process of its own."""
    sandbox = opened(path)
    paid = isinstance(sandbox.pay(link, a_payer()), Paid)
    sandbox.close()
    return paid


def test_what_was_made_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    first = opened(tmp_path / "stripe.db")
    account, link = first.connect("Bluebird"), make_link(first)
    first.close()

    again = opened(tmp_path / "stripe.db")
    assert again.connect("Bluebird") == account
    assert isinstance(again.pay(link["id"], a_payer()), Paid)
    again.close()


def test_of_several_processes_that_pay_one_link_one_does(tmp_path: Path) -> None:
    path = tmp_path / "stripe.db"
    sandbox = opened(path)
    link = make_link(sandbox, **{"restrictions[completed_sessions][limit]": "1"})["id"]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as elsewhere:
        paid = list(elsewhere.map(pay_from_elsewhere, [path] * 4, [link] * 4))
    sandbox.close()

    assert sorted(paid) == [False, False, False, True]
