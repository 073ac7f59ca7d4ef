"""The Slack app's manifest. `manifest.yml` in the repository is what this prints for https://evie.example."""

from __future__ import annotations

from typing import Any, Final

import yaml

from bot.slack.commanding import COMMANDS, SHORTCUTS
from bot.slack.prompts import PROMPTS

PLACEHOLDER_URL: Final = "https://evie.example"

_INSTRUCTIONS = "# At https://api.slack.com/apps: Create New App, From a manifest, paste this, install.\n"

# Each is used today; a test compares them with the methods that are called and the events that are heard.
BOT_SCOPES: Final = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
)
BOT_EVENTS: Final = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "tokens_revoked",
    "user_change",
)

_LONG_DESCRIPTION = (
    "Evie takes billing requests in plain words. Ask for an invoice, a deposit or a payment link, have it sent to "
    "the client, and read in your channel when it is paid. She shows what she is about to send and waits for your "
    "yes before anything reaches a client or moves money."
)


def manifest(base_url: str = PLACEHOLDER_URL, *, socket_mode: bool = False) -> str:
    """Return the manifest as YAML, with this installation's addresses; Socket Mode needs none."""
    text: str = yaml.safe_dump(
        _manifest(base_url.rstrip("/"), socket_mode=socket_mode),
        sort_keys=False,
        allow_unicode=True,
        width=1000,
    )
    return _INSTRUCTIONS + text


def _manifest(base_url: str, *, socket_mode: bool) -> dict[str, Any]:
    events_url = f"{base_url}/slack/events"
    request_url = {} if socket_mode else {"request_url": events_url}
    options_url = {} if socket_mode else {"message_menu_options_url": events_url}
    # A socket belongs to one installation; over HTTP any workspace, or a whole organisation, may install Evie.
    redirect_urls = {} if socket_mode else {"redirect_urls": [f"{base_url}/slack/oauth_redirect"]}
    return {
        "display_information": {
            "name": "Evie",
            "description": "Billing in plain words: ask, send, get paid, see it here.",
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#1f3a5f",
        },
        "features": _features({} if socket_mode else {"url": events_url}),
        "oauth_config": {**redirect_urls, "scopes": {"bot": list(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(BOT_EVENTS)},
            "interactivity": {"is_enabled": True, **request_url, **options_url},
            "org_deploy_enabled": not socket_mode,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def _features(command_url: dict[str, str]) -> dict[str, Any]:
    return {
        "agent_view": {
            "agent_description": "Invoices, payment links and who has paid: ask in plain words.",
            "suggested_prompts": [dict(prompt) for prompt in PROMPTS],
        },
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Evie", "always_online": True},
        "shortcuts": [
            {
                "name": shortcut.name,
                "type": shortcut.type,
                "callback_id": shortcut.callback_id,
                "description": shortcut.description,
            }
            for shortcut in SHORTCUTS
        ],
        "slash_commands": [
            {
                "command": command.name,
                **command_url,
                "description": command.description,
                "usage_hint": command.usage_hint,
                "should_escape": True,
            }
            for command in COMMANDS.values()
        ],
    }
