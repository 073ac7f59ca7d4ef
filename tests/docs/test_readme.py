"""The README's lists are compared with the program, so that neither is changed alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from starlette.routing import Mount, Route
from typer.main import get_command

from bot.bootstrap import dry_run
from bot.cli.program import program
from bot.settings import Settings
from bot.speaking import only_workspace, speaker
from bot.studio.seed import studio as seeded
from integrations.stripe_events import DEAUTHORIZED, MONEY_EVENTS
from tests.support.site import StudioSite
from tests.support.source import ROOT

# Pages for people who come by, and parts of pages.
UNTOLD = {
    "/",
    "/static/{name}",
    "/mailbox/{mail_id}",
    "/mailbox/{mail_id}/html",
    "/slack/install",
    "/slack/oauth_redirect",
}
README = (ROOT / "README.md").read_text("utf-8")


def _section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def test_every_setting_is_in_the_table_and_every_variable_of_the_table_is_a_setting() -> None:
    named = set(
        re.findall(r"`([A-Z][A-Z_]+)`", "".join(re.findall(r"^\| (.*?) \|", _section("Settings"), re.MULTILINE)))
    )

    assert named == {name.upper() for name in Settings.model_fields}


def test_every_command_is_in_the_table() -> None:
    named = set(re.findall(r"`evie ([\w-]+)", "".join(re.findall(r"^\| (.*?) \|", _section("Commands"), re.MULTILINE))))

    assert named == set(get_command(program()).commands)  # type: ignore[attr-defined] # a group has commands


def test_the_webhook_events_are_those_that_are_handled() -> None:
    named = set(re.findall(r"^[a-z_]+\.[a-z_.]+$", _section("Stripe"), re.MULTILINE))

    assert named == {*MONEY_EVENTS, DEAUTHORIZED}


def test_the_routes_are_those_that_are_served(studio_site: StudioSite) -> None:
    async def elsewhere(*_: object) -> None:
        """Stand where Slack's and the sandbox's applications are."""

    studio_site.changes = {"slack": elsewhere, "stripe_sandbox": elsewhere}
    table = "".join(re.findall(r"^\| (.*?) \|", _section("Routes"), re.MULTILINE))
    named = {path.partition("?")[0] for path in re.findall(r"`(?:GET |POST )?(/[^`]*)`", table)}
    served = {route.path for route in studio_site.app().routes if isinstance(route, Route | Mount)}

    assert named <= served
    assert served - named - UNTOLD == set()


_TWO = re.compile(r"and make|and tell")
_WHY = "why didn't the deposit automation fire for Bluebird?"


def test_the_sentences_of_the_readme_are_understood() -> None:
    now = datetime(2026, 3, 11, 1, 0, tzinfo=UTC)
    sentences = re.findall(r"^> (.+)$", README, re.MULTILINE)
    application = dry_run(seeded(now.date()), now, Settings(_env_file=None, openai_api_key=None))
    said = speaker(application.store, application.assistant, only_workspace(application.store))

    replies = {sentence: said.say("readme", sentence) for sentence in sentences}
    application.close()

    ended = {sentence: [call.status for call in reply.calls] for sentence, reply in replies.items()}
    assert len(ended) > 1
    assert ended == {sentence: ["done"] * (2 if _TWO.search(sentence) else 1) for sentence in sentences} | {
        "send it": ["needs_confirmation"],
        # The studio has a deposit automation already, so it is asked which one is meant.
        _WHY: [],
    }
    why = replies[_WHY].clarify
    assert why is not None
    assert (why.skill, why.missing) == ("automation_runs", ("automation",))
