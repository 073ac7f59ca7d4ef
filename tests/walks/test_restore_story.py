"""The machine is lost: a back-up that was made while Evie worked goes on in a fresh place."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.slack import FakeSlack
from tests.support.walking import Evie, slack_settings
from tests.support.walking_slack import Channel, Colleague
from tests.support.walking_stripe import deliver, foreign_stripe

pytestmark = pytest.mark.walk


def test_a_back_up_goes_on_elsewhere_with_its_numbers_and_nothing_is_sent_twice(
    tmp_path: Path, slack: FakeSlack, workspace: dict[str, Any]
) -> None:
    lost, fresh = tmp_path / "lost", tmp_path / "fresh"
    lost.mkdir()
    fresh.mkdir()
    with foreign_stripe() as stripe:
        settings = slack_settings(slack) | stripe.settings()
        with Evie(lost, **settings) as evie:
            evie.move_in(workspace)
            evie.serve()
            answer = Colleague(evie, slack).says("create a 30% deposit invoice for Quist and make a payment link")
            evie.until_quiet()
            copied = evie.run("backup", "copy.db")
            assert copied.returncode == 0, copied.stderr
            secret = evie.settings["EVIE_SECRET_KEY"]
        shutil.copyfile(lost / "copy.db", fresh / "copy.db")
        shutil.rmtree(lost)
        posts = len(slack.posts)
        with Evie(fresh, **settings | {"EVIE_SECRET_KEY": secret}) as evie:
            back = evie.run("restore", "copy.db")
            assert "The newest here: INV-1001." in back.stdout, back.stderr
            evie.serve()
            token = answer.link("Open pay page").rpartition("/")[2]
            stripe.pay(f"{evie.url}/pay/{token}", "Nora Quist")
            assert {deliver(evie.url, event) for event in stripe.events()} == {200}
            Channel(evie, slack, "C1").hears("INV-1001 is paid")
            again = Colleague(evie, slack).says("create a 20% progress invoice for Quist")
            assert "INV-1002" in again.words
            evie.until_quiet()
            assert len(slack.posts) == posts + 2
            assert len(evie.rows("outbox", kind="notify", state="done")) == 1
