"""The fields of a form as Block Kit's inputs. Each block's id is the argument that it is filled in for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.slack.elements import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.slack.elements import Block, Element

# The names of what is searched for while somebody types: `evie_choose_opportunity`.
CHOOSE: Final = "evie_choose_"
# And of what decides which other fields there are: `evie_decided_trigger`.
DECIDED: Final = "evie_decided_"

OPTION_LIMIT: Final = 75
_LABEL_LIMIT: Final = 150
_HINT_LIMIT: Final = 300
_PLACEHOLDER_LIMIT: Final = 150
_INPUT_LIMIT: Final = 3000

Said = dict[str, Any]


def text_field(  # noqa: PLR0913 - what a field can have
    name: str,
    label: str,
    *,
    hint: str = "",
    placeholder: str = "",
    value: str = "",
    rows: bool = False,
    most: int = _INPUT_LIMIT,
    optional: bool = True,
) -> Block:
    """Return a field for typing in; `rows` gives it several lines."""
    element: Element = {"type": "plain_text_input", "multiline": rows, "max_length": most}
    if value:
        element["initial_value"] = value[:most]
    return _input(name, label, _prompted(element, placeholder), hint=hint, optional=optional)


def date_field(name: str, label: str, *, hint: str = "", value: str = "") -> Block:
    """Return a field for a day; `value` is an ISO date."""
    element: Element = {"type": "datepicker"}
    if value:
        element["initial_date"] = value
    return _input(name, label, element, hint=hint, optional=True)


def choice_field(  # noqa: PLR0913 - what a field can have
    name: str,
    label: str,
    options: Sequence[Element],
    *,
    value: str = "",
    hint: str = "",
    optional: bool = False,
    decisive: bool = False,
) -> Block:
    """Return a field for one of some options (see `option`); `value` is the chosen one's.

    Slack tells of each choice in a `decisive` one at once.
    """
    element: Element = {"type": "static_select", "options": list(options)}
    chosen = next((one for one in options if one["value"] == value), None)
    if chosen is not None:
        element["initial_option"] = chosen
    return _input(name, label, element, hint=hint, optional=optional, decisive=decisive)


def several_field(  # noqa: PLR0913 - what a field can have
    name: str,
    label: str,
    options: Sequence[Element],
    *,
    values: Iterable[str] = (),
    hint: str = "",
    optional: bool = False,
    decisive: bool = False,
) -> Block:
    """Return a field for any number of some options; Slack tells of each choice in a `decisive` one at once."""
    chosen = set(values)
    element: Element = {"type": "multi_static_select", "options": list(options)}
    initial = [one for one in options if one["value"] in chosen]
    if initial:
        element["initial_options"] = initial
    return _input(name, label, element, hint=hint, optional=optional, decisive=decisive)


def search_field(  # noqa: PLR0913 - what a field can have
    name: str,
    label: str,
    record: str,
    *,
    chosen: Element | None = None,
    placeholder: str = "",
    hint: str = "",
    optional: bool = False,
) -> Block:
    """Return a field that finds records of a kind while somebody types."""
    element: Element = {"type": "external_select", "min_query_length": 0}
    if chosen is not None:
        element["initial_option"] = chosen
    return _input(
        name, label, _prompted(element, placeholder), hint=hint, optional=optional, action_id=f"{CHOOSE}{record}"
    )


def channel_field(name: str, label: str, *, value: str = "", hint: str = "") -> Block:
    """Return a field for a channel, which Slack lets people look for; `value` is its id there."""
    element: Element = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if value:
        element["initial_conversation"] = value
    return _input(name, label, element, hint=hint, optional=True)


def option(text: str, value: str) -> Element:
    """Return one option."""
    return {"text": plain(" ".join(text.split()), OPTION_LIMIT), "value": value}


def said_in(view: Mapping[str, Any]) -> Said:
    """Return what was filled in, by block: a text, a value or a list of values; empty fields are left out."""
    found: Said = {}
    for block, elements in (view.get("state") or {}).get("values", {}).items():
        for state in elements.values():
            value = _value(state)
            if value:
                found[block] = value
    return found


def _value(state: Mapping[str, Any]) -> str | list[str]:
    if "selected_options" in state:
        return [str(one["value"]) for one in state["selected_options"] or []]
    if "selected_option" in state:
        return str((state["selected_option"] or {}).get("value", ""))
    typed = state.get("value") or state.get("selected_date") or state.get("selected_conversation") or ""
    return str(typed).strip()


def _input(  # noqa: PLR0913 - what a field can have
    name: str,
    label: str,
    element: Element,
    *,
    hint: str,
    optional: bool,
    action_id: str = "",
    decisive: bool = False,
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, _LABEL_LIMIT),
        "element": element | {"action_id": action_id or f"{DECIDED if decisive else 'evie_'}{name}"},
        "optional": optional,
    }
    told = {"dispatch_action": True} if decisive else {}
    return block | told | ({"hint": plain(hint, _HINT_LIMIT)} if hint else {})


def _prompted(element: Element, placeholder: str) -> Element:
    return element | ({"placeholder": plain(placeholder, _PLACEHOLDER_LIMIT)} if placeholder else {})
