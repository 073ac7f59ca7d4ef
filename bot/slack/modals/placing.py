"""Channels that were chosen in a form: Slack hands over their ids, and the skills know them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing.conversations import SkillCall

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def with_channels(
    calls: tuple[SkillCall, ...], channels: Mapping[str, str], named: Callable[[str], str]
) -> tuple[SkillCall, ...]:
    """Return the calls with each name that stands in for a channel's replaced by what `named` finds for its id."""
    names = {stand_in: named(slack_channel_id) for stand_in, slack_channel_id in channels.items()}

    def placed(value: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
        if isinstance(value, dict):
            return {name: placed(part) for name, part in value.items()}
        return names.get(value, value) if isinstance(value, str) else value

    return tuple(SkillCall(call.skill, placed(dict(call.arguments))) for call in calls) if names else calls
