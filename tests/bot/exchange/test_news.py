"""Where news goes comes along: a deal's own channel, who is asked for a person, and the daily digest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from billing.digesting import queue_digest
from billing.ports import Store
from bot.exchange.dumping import dump_workspace
from bot.exchange.loading import load_workspace, read_workspace
from bot.exchange.refusal import DocumentRefused
from storage.store import memory_store
from tests.support.workspaces import NOW, SMALL

CHANNELS = [{"name": "#billing"}, {"name": "#bluebird"}, {"name": "#help"}]
DEAL = str(SMALL["opportunities"][0]["number"])
NEWS: dict[str, Any] = {
    "people": "#help",
    "digest": {"channel": "#billing", "hour": 9},
    "deals": [{"opportunity": DEAL, "channel": "#bluebird"}],
}


@pytest.fixture
def stores() -> Iterator[tuple[Store, Store]]:
    made = memory_store(lambda: NOW), memory_store(lambda: NOW)
    yield made
    for store in made:
        store.close()


def document(**news: Any) -> dict[str, Any]:
    return {**SMALL, "channels": CHANNELS, "notifications": [], "automations": [], "news": {**NEWS, **news}}


def test_what_is_set_about_news_comes_out_and_goes_in_again_as_the_same(stores: tuple[Store, Store]) -> None:
    first, second = stores
    workspace = load_workspace(first, document(), NOW)
    dumped = dump_workspace(first, workspace.id)
    again = load_workspace(second, dumped, NOW)
    assert dumped["news"] == NEWS
    assert dump_workspace(second, again.id) == dumped
    with second.transaction(again.id) as tx:
        route = tx.news.deal_route(DEAL)
        assert route is not None
        assert route.channel == "#bluebird"
        assert not queue_digest(tx, now=NOW)


def test_a_workspace_that_has_set_nothing_says_nothing(stores: tuple[Store, Store]) -> None:
    first, second = stores
    workspace = load_workspace(first, document(people=None, digest=None, deals=[]), NOW)
    dumped = dump_workspace(first, workspace.id)
    assert "news" not in dumped
    assert dump_workspace(second, load_workspace(second, dumped, NOW).id) == dumped


def test_a_colleague_can_be_the_one_who_is_asked(stores: tuple[Store, Store]) -> None:
    colleague = f"@{SMALL['members'][0]['name']}"
    workspace = load_workspace(stores[0], document(people=colleague), NOW)
    assert dump_workspace(stores[0], workspace.id)["news"]["people"] == colleague


@pytest.mark.parametrize(
    ("news", "said"),
    [
        ({"people": "@Nobody"}, "news.people: @Nobody is not among the members and channels."),
        ({"people": "help"}, "news.people: is not of the form that this field has."),
        ({"digest": {"channel": "#nowhere", "hour": 9}}, "news.digest.channel: #nowhere is not among the channels."),
        ({"digest": {"channel": "#billing", "hour": 24}}, "news.digest.hour: "),
        (
            {"deals": [{"opportunity": "OPP-999", "channel": "#billing"}]},
            "news.deals[0].opportunity: OPP-999 is not among the opportunities.",
        ),
        ({"deals": NEWS["deals"] * 2}, f"news.deals[1].opportunity: {DEAL} is there twice."),
    ],
)
def test_what_is_wrong_about_news_is_named(news: dict[str, Any], said: str, stores: tuple[Store, Store]) -> None:
    with pytest.raises(DocumentRefused) as refused:
        load_workspace(stores[0], document(**news), NOW)
    assert said in refused.value.user_message
    assert stores[0].directory.workspaces() == []


def test_a_file_with_news_is_accepted() -> None:
    assert read_workspace(json.dumps(document()).encode(), NOW) == document()
