"""The manifest is what Slack accepts, what the repository shows, and no more than Evie uses."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from slack_sdk import WebClient

from bot.slack.commanding import COMMANDS, SHORTCUTS
from bot.slack.manifest import BOT_EVENTS, BOT_SCOPES, manifest
from tests.support.source import ROOT, modules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sized

Json = dict[str, Any]

# From Slack's documentation of 20 August 2026: what each method and event that is used here needs.
SCOPES_OF_METHODS: Final = {
    "auth_teams_list": set[str](),
    "oauth_v2_access": set[str](),
    "assistant_threads_setStatus": {"chat:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
    "auth_test": set[str](),
    "assistant_threads_setTitle": {"assistant:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_stopStream": {"chat:write"},
    "chat_stream": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "users_info": {"users:read"},
    "views_open": set[str](),
    "views_publish": set[str](),
    "views_update": set[str](),
}
SCOPES_OF_EVENTS: Final = {
    "app_home_opened": set[str](),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set[str](),
    "tokens_revoked": set[str](),
    "user_change": {"users:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
}

KINDS: Final = {"object": dict, "array": list, "string": str, "boolean": bool}


def parsed(**changes: Any) -> Json:
    data: Json = yaml.safe_load(manifest(**changes))
    return data


def calls() -> Iterator[ast.Call]:
    """Every call of a method in the Slack front."""
    for module in modules("bot/slack"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node


def problems(value: object, schema: Json, root: Json, path: str = "manifest") -> Iterator[str]:
    """Yield where a value breaks a JSON Schema; knows the keywords that Slack's schema uses."""
    if "$ref" in schema:
        schema = root["definitions"][schema["$ref"].removeprefix("#/definitions/")]
    if not isinstance(value, KINDS[schema["type"]]):
        yield f"{path} is no {schema['type']}"
    elif isinstance(value, dict):
        known = schema["properties"]
        yield from (f"{path} lacks {name}" for name in schema.get("required", []) if name not in value)
        yield from (f"{path} has an unknown {name}" for name in value if name not in known)
        for name in value.keys() & known.keys():
            yield from problems(value[name], known[name], root, f"{path}.{name}")
    elif isinstance(value, list):
        yield from too_long(value, schema, "Items", path)
        for entry in value:
            yield from problems(entry, schema["items"], root, path)
    elif isinstance(value, str):
        yield from too_long(value, schema, "Length", path)
        if not re.search(schema.get("pattern") or schema.get("regex") or "", value):
            yield f"{path} does not look right: {value}"


def too_long(value: Sized, schema: Json, what: str, path: str) -> Iterator[str]:
    if not schema.get(f"min{what}", 0) <= len(value) <= schema.get(f"max{what}", len(value)):
        yield f"{path} has {len(value)}"


def test_every_name_and_description_is_as_short_as_slacks_settings_ask_for() -> None:
    """What the schema leaves open: its settings page refuses longer ones, and its menus cut them."""
    features = parsed()["features"]
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24, shortcut
        assert len(shortcut["description"]) <= 150, shortcut
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z_-]{1,31}", command["command"])
        assert len(command["description"]) <= 100, command
        assert len(command["usage_hint"]) <= 100, command
    for prompt in features["agent_view"]["suggested_prompts"]:
        assert len(prompt["title"]) <= 75, prompt
    names = [features["bot_user"]["display_name"], parsed()["display_information"]["name"]]
    assert all(len(name) <= 35 for name in names)


@pytest.mark.parametrize("socket_mode", [False, True])
def test_slack_accepts_the_manifest(*, socket_mode: bool) -> None:
    schema = json.loads((Path(__file__).parent / "manifest_schema.json").read_text("utf-8"))
    assert list(problems(parsed(socket_mode=socket_mode), schema, schema)) == []
    assert list(problems({"features": {"agent_view": {"suggested_prompts": [{"title": 1}] * 5}}}, schema, schema)) == [
        "manifest lacks display_information",
        "manifest.features.agent_view.suggested_prompts has 5",
        *[
            "manifest.features.agent_view.suggested_prompts lacks message",
            "manifest.features.agent_view.suggested_prompts.title is no string",
        ]
        * 5,
    ]


def test_the_repositorys_manifest_is_what_the_program_prints() -> None:
    assert (ROOT / "manifest.yml").read_text("utf-8") == manifest()


def test_the_manifest_has_this_installations_addresses() -> None:
    data = parsed(base_url="https://billing.example/")
    address = "https://billing.example/slack/events"
    assert data["features"]["slash_commands"][0]["url"] == address
    assert data["settings"]["event_subscriptions"]["request_url"] == address
    assert data["settings"]["interactivity"]["request_url"] == address
    assert "evie.example" not in manifest("https://billing.example")


def test_socket_mode_needs_no_address() -> None:
    assert "https://evie.example" not in manifest(socket_mode=True)
    assert parsed(socket_mode=True)["settings"]["socket_mode_enabled"] is True


def test_every_event_and_command_that_is_heard_is_subscribed_to_and_no_other() -> None:
    heard = {
        node.args[0].value
        for node in calls()
        if isinstance(node.func, ast.Attribute) and node.func.attr == "event" and isinstance(node.args[0], ast.Constant)
    }
    assert {name.partition(".")[0] for name in BOT_EVENTS} == heard
    assert [entry["command"] for entry in parsed()["features"]["slash_commands"]] == list(COMMANDS)


def test_every_shortcut_is_offered_and_what_is_searched_for_has_an_address() -> None:
    data = parsed(base_url="https://billing.example")
    assert [one["callback_id"] for one in data["features"]["shortcuts"]] == [one.callback_id for one in SHORTCUTS]
    assert {one["type"] for one in data["features"]["shortcuts"]} == {"global", "message"}
    options_url = data["settings"]["interactivity"]["message_menu_options_url"]
    assert options_url == data["settings"]["interactivity"]["request_url"]


def test_every_scope_is_used_and_none_is_missing() -> None:
    called = {
        node.func.attr
        for node in calls()
        if isinstance(node.func, ast.Attribute)
        and re.match("[a-z]+_", node.func.attr)
        and hasattr(WebClient, node.func.attr)
        # The one door that they all go through.
        and node.func.attr != "api_call"
    }
    assert called == SCOPES_OF_METHODS.keys()
    needed = {scope for method in called for scope in SCOPES_OF_METHODS[method]}
    needed |= {scope for event in BOT_EVENTS for scope in SCOPES_OF_EVENTS[event]}
    assert needed | {"commands"} == set(BOT_SCOPES)
    assert list(BOT_SCOPES) == sorted(set(BOT_SCOPES))
