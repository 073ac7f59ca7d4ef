"""What Slack's Web API refuses, as its documentation has it: arguments, text, blocks and metadata of a message."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from tests.support.slack_streams import stream_refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Json = dict[str, Any]

_MESSAGE: Final = {"channel", "text", "blocks", "parse", "thread_ts", "link_names"}

_STREAM: Final = {"markdown_text", "chunks"}

# Method: (arguments it must have, arguments it may have). What is not listed is a mistake of ours.
METHODS: Final[Mapping[str, tuple[set[str], set[str]]]] = {
    "auth.test": (set(), set()),
    "apps.connections.open": (set(), set()),
    "oauth.v2.access": (set(), {"code", "redirect_uri", "grant_type", "refresh_token"}),
    "auth.teams.list": (set(), {"limit", "cursor"}),
    "users.info": ({"user"}, {"include_locale"}),
    "conversations.list": (set(), {"types", "exclude_archived", "limit", "cursor", "team_id"}),
    "conversations.info": ({"channel"}, set()),
    "conversations.open": ({"users"}, set()),
    "conversations.history": ({"channel"}, {"include_all_metadata", "limit", "cursor", "oldest", "latest"}),
    "conversations.replies": ({"channel", "ts"}, {"include_all_metadata", "limit", "cursor", "oldest", "latest"}),
    "chat.postMessage": (
        {"channel"},
        _MESSAGE | {"mrkdwn", "reply_broadcast", "metadata", "unfurl_links", "unfurl_media"},
    ),
    "chat.postEphemeral": ({"channel", "user"}, _MESSAGE),
    "chat.update": ({"channel", "ts"}, _MESSAGE - {"thread_ts"} | {"metadata"}),
    "chat.startStream": ({"channel", "thread_ts"}, _STREAM | {"recipient_team_id", "recipient_user_id"}),
    "chat.appendStream": ({"channel", "ts"}, _STREAM),
    "chat.stopStream": ({"channel", "ts"}, _STREAM | {"blocks", "metadata"}),
    "assistant.threads.setTitle": ({"channel_id", "thread_ts", "title"}, set()),
    "views.publish": ({"user_id", "view"}, {"hash"}),
    "views.open": ({"trigger_id", "view"}, set()),
    "views.update": ({"view_id", "view"}, {"hash"}),
    "assistant.threads.setStatus": ({"channel_id", "thread_ts", "status"}, {"loading_messages"}),
    "assistant.threads.setSuggestedPrompts": ({"channel_id", "prompts"}, {"thread_ts", "title"}),
}

_MOST_BLOCKS: Final = 50
_MOST_BLOCKS_IN_A_VIEW: Final = 100
_TEXT: Final = 40_000
_METADATA: Final = 16_000
# Slack names no figure; people measured one (github.com/slackapi/bolt-js, issues 2509 and 2867).
_BLOCKS_IN_ALL: Final = 13_200


def refusal(method: str, arguments: Json) -> str | None:  # noqa: PLR0911 - one for each kind of call
    """Return the error code with which Slack answers a malformed call."""
    if method not in METHODS:
        return "unknown_method"
    needed, allowed = METHODS[method]
    if needed - arguments.keys() or arguments.keys() - needed - allowed:
        return "invalid_arguments"
    if "" in (arguments.get("user_id"), arguments.get("channel"), arguments.get("user")):
        return "invalid_arguments"
    if method.startswith("views."):
        view = arguments["view"]
        return home_refusal(view) if method == "views.publish" else modal_refusal(view)
    if method.endswith("Stream"):
        return stream_refusal(method, arguments) or ("invalid_blocks" if any(problems(_blocks(arguments))) else None)
    if method.startswith("chat."):
        return message_refusal(arguments)
    if len(arguments.get("prompts", [])) > 4 or not all(
        set(prompt) == {"title", "message"} for prompt in arguments.get("prompts", [])
    ):
        return "invalid_arguments"
    return None


def _blocks(arguments: Json) -> list[Json]:
    return list(arguments.get("blocks") or [])


def home_refusal(view: Json) -> str | None:
    """Return the error code with which Slack answers a malformed home."""
    if view.get("type") != "home" or set(view) - {"type", "blocks", "private_metadata", "callback_id"}:
        return "invalid_arguments"
    return "invalid_arguments" if any(problems(view["blocks"], most=_MOST_BLOCKS_IN_A_VIEW)) else None


def message_refusal(message: Json) -> str | None:
    """Return the error code with which Slack answers a malformed message."""
    if not message.get("text") and not message.get("blocks"):
        return "no_text"
    if len(message.get("text") or "") > _TEXT:
        return "msg_too_long"
    if any(problems(message.get("blocks", []))):
        return "invalid_blocks"
    if len(json.dumps(message.get("blocks", []), ensure_ascii=False).replace("\\", "")) > _BLOCKS_IN_ALL:
        return "msg_blocks_too_long"
    metadata = message.get("metadata")
    if metadata is not None and (
        set(metadata) != {"event_type", "event_payload"} or len(json.dumps(metadata)) > _METADATA
    ):
        return "invalid_metadata_format"
    return None


def modal_refusal(view: Json) -> str | None:
    """Return the error code with which Slack answers a malformed modal."""
    return "invalid_arguments" if any(modal_problems(view)) else None


def modal_problems(view: Json) -> Iterator[str]:
    """Yield what is wrong with a modal."""
    if view.get("type") != "modal" or set(view) - _MODAL:
        yield f"not a modal: {sorted(view)}"
    for name in {"title", "submit", "close"} & view.keys():
        yield from _text(view[name], 24)
    yield from problems(view["blocks"], most=_MOST_BLOCKS_IN_A_VIEW)
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    if inputs and "submit" not in view:
        yield "inputs need a submit"
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    if len(set(ids)) < len(ids) or any(len(block_id) > 255 for block_id in ids):
        yield "block ids are unique and at most 255 characters"
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        yield "too much metadata"


def _input(block: Json) -> Iterator[str]:
    if set(block) - {"type", "block_id", "label", "element", "optional", "hint", "dispatch_action"}:
        yield f"not an input: {block}"
    yield from _plain_text(block["label"], 2000)
    if "hint" in block:
        yield from _plain_text(block["hint"], 2000)
    element = block["element"]
    allowed = _INPUTS.get(element["type"])
    if allowed is None or set(element) - allowed - {"type", "action_id", "placeholder"}:
        yield f"not an element of an input: {element}"
    if len(element["action_id"]) > 255:
        yield "an action id is at most 255 characters"
    if "placeholder" in element:
        yield from _plain_text(element["placeholder"], 150)
    yield from _element(element)


def _element(element: Json) -> Iterator[str]:
    if not 1 <= element.get("max_length", 1) <= 3000 or len(element.get("initial_value", "")) > 3000:
        yield "a text is at most 3000 characters"
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", element.get("initial_date", "2026-01-01")):
        yield "a date is YYYY-MM-DD"
    if "options" in element and not 0 < len(element["options"]) <= 100:
        yield "a select has one to 100 options"
    initial = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    for one in [*element.get("options", []), *initial]:
        yield from option_problems(one)
    if "options" in element and any(one not in element["options"] for one in initial):
        yield "what is chosen is none of the options"


def option_problems(option: Json) -> Iterator[str]:
    """Yield what is wrong with an option of a select."""
    yield from _plain_text(option["text"], 75)
    if not 0 < len(option["value"]) <= 150 or set(option) - {"text", "value", "description"}:
        yield f"not an option: {option}"


def _plain_text(text: Json, limit: int) -> Iterator[str]:
    if text["type"] != "plain_text":
        yield "only plain text is allowed here"
    yield from _text(text, limit)


def problems(blocks: list[Json], *, most: int = _MOST_BLOCKS) -> Iterator[str]:
    """Yield what is wrong with the blocks of a message or a view."""
    if len(blocks) > most:
        yield f"{len(blocks)} blocks"
    for block in blocks:
        check = _BLOCKS.get(block["type"])
        yield from check(block) if check else [f"unknown block {block['type']}"]


def _text(text: Json, limit: int) -> Iterator[str]:
    extra = {"plain_text": {"emoji"}, "mrkdwn": {"verbatim"}}.get(text["type"])
    if extra is None or set(text) - {"type", "text"} - extra:
        yield f"not a text object: {text}"
    if not 0 < len(text["text"]) <= limit:
        yield f"{len(text['text'])} characters where {limit} are allowed"


def _header(block: Json) -> Iterator[str]:
    if block["text"]["type"] != "plain_text":
        yield "a header is plain text"
    yield from _text(block["text"], 150)


def _section(block: Json) -> Iterator[str]:
    if ("text" in block) == ("fields" in block):
        yield "a section has a text or fields"
    if "text" in block:
        yield from _text(block["text"], 3000)
    if "fields" in block and not 0 < len(block["fields"]) <= 10:
        yield "a section has one to ten fields"
    for field in block.get("fields", []):
        yield from _text(field, 2000)


def _context(block: Json) -> Iterator[str]:
    if not 0 < len(block["elements"]) <= 10:
        yield "a context has one to ten elements"
    for element in block["elements"]:
        yield from _text(element, 2000)


def _actions(block: Json) -> Iterator[str]:
    elements = block["elements"]
    if not 0 < len(elements) <= 25:
        yield "an actions block has one to 25 elements"
    ids = [element["action_id"] for element in elements]
    if len(set(ids)) < len(ids):
        yield "two elements with one action_id"
    for element in elements:
        yield from _button(element)


def _button(element: Json) -> Iterator[str]:
    if element["type"] != "button" or set(element) - {"type", "text", "action_id", "value", "url", "style"}:
        yield f"not a button: {element}"
    if element["text"]["type"] != "plain_text":
        yield "a button's text is plain text"
    yield from _text(element["text"], 75)
    for name, limit in (("action_id", 255), ("value", 2000), ("url", 3000)):
        if len(element.get(name, "")) > limit:
            yield f"{name} is longer than {limit}"
    if element.get("style", "primary") not in {"primary", "danger"}:
        yield f"unknown style {element['style']}"


def _context_actions(block: Json) -> Iterator[str]:
    if not 0 < len(block["elements"]) <= 5:
        yield "a context_actions block has one to five elements"
    for element in block["elements"]:
        if set(element) != {"type", "action_id", "positive_button", "negative_button"}:
            yield f"not feedback_buttons: {element}"
        for button in (element["positive_button"], element["negative_button"]):
            yield from _plain_text(button["text"], 75)
            if not 0 < len(button["value"]) <= 2000 or len(button.get("accessibility_label", "")) > 75:
                yield f"not a feedback button: {button}"


def _rich_text(block: Json) -> Iterator[str]:
    for part in block["elements"]:
        if part["type"] not in {"rich_text_section", "rich_text_preformatted"}:
            yield f"unknown rich text {part['type']}"
        for element in part["elements"]:
            content = {"text": "text", "link": "url"}.get(element["type"])
            if content is None or not element[content]:
                yield f"unknown or empty rich text element {element}"


def _image(block: Json) -> Iterator[str]:
    if set(block) - {"type", "image_url", "alt_text", "title", "block_id"}:
        yield f"not an image: {block}"
    if not str(block["image_url"]).startswith("https://") or len(block["image_url"]) > 3000:
        yield "an image's URL is https and at most 3000 characters"
    if not 0 < len(block["alt_text"]) <= 2000:
        yield "an image has words of at most 2000 characters"


_MODAL: Final = {"type", "title", "submit", "close", "blocks", "private_metadata", "callback_id", "notify_on_close"}
_INPUTS: Final[Mapping[str, set[str]]] = {
    "plain_text_input": {"multiline", "max_length", "min_length", "initial_value"},
    "datepicker": {"initial_date"},
    "static_select": {"options", "initial_option"},
    "multi_static_select": {"options", "initial_options", "max_selected_items"},
    "external_select": {"min_query_length", "initial_option"},
    "conversations_select": {"initial_conversation", "filter"},
}
_BLOCKS: Final[Mapping[str, Callable[[Json], Iterator[str]]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
    "image": _image,
    "divider": lambda _: iter(()),
    "input": _input,
    "context_actions": _context_actions,
}
