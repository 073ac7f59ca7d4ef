"""`evie news` and `evie requests`: where news goes, and who waits to talk to a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Evie
from tests.support.workspaces import SMALL

VIEWER = "Vi"


@pytest.fixture(autouse=True)
def _workspace(evie: Evie, home: Path) -> None:
    (home / "small.json").write_text(json.dumps(SMALL))
    assert evie("import", "small.json").code == 0


def test_where_news_goes_is_set_shown_and_taken_back(evie: Evie) -> None:
    assert evie("news", "deal", "opp-1", "#acme").out == "News about OPP-1 goes to #acme.\n"
    assert evie("news", "people", "#help").out == "Whoever wants to talk to a person is passed on to #help.\n"
    assert evie("news", "digest", "#billing", "--hour", "8").out == "A daily digest goes to #billing at 8:00.\n"
    shown = evie("news").out
    assert [line for line in shown.splitlines() if "#acme" in line or "#help" in line] == [
        "all of OPP-1             #acme",
        "wants a person           #help",
    ]
    assert evie("news", "deal", "OPP-1", "none").out == "News about OPP-1 goes to where all news goes.\n"
    assert evie("news", "people", "admins").out.endswith("passed on to all admins.\n")
    assert evie("news", "digest", "off").out.startswith("No daily digest.")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("deal", "OPP-99", "#acme"), 1, "There is no OPP-99"),
        (("deal", "OPP-1", "acme"), 1, "is not a channel"),
        (("people", "@Zed"), 1, "nobody called Zed"),
        (("digest", "billing"), 1, "is not a channel"),
    ],
)
def test_what_cannot_be_set_is_refused_in_a_sentence(
    evie: Evie, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ran = evie("news", *arguments)
    assert (ran.code, said in " ".join(ran.err.split())) == (code, True)


def test_without_slack_a_request_is_kept_and_taken_on_the_command_line(evie: Evie) -> None:
    assert evie("requests").out == "Nobody waits to talk to a person.\n"
    asked = evie("ask", "get me a human", "--as", VIEWER)
    assert asked.code == 0, asked.err
    assert evie("requests").out.startswith(f"HLP-1  {VIEWER}")
    assert evie("requests", "take", "hlp-1").out == f"It's yours. I've told {VIEWER}.\n"
    assert evie("requests").out == "Nobody waits to talk to a person.\n"


def test_a_booking_link_is_offered_where_one_is_set(evie: Evie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIE_BOOKING_URL", "https://book.example/me")
    monkeypatch.setenv("EVIE_BOOKING_TEXT", "60 minutes, Google Meet, free")
    said = evie("ask", "get me a human about a chargeback", "--as", VIEWER).out
    assert "60 minutes, Google Meet, free" in said
    assert "https://book.example/me" in said
