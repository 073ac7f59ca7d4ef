"""The windows and homes of a fake Slack: what Evie has opened there, each click good for one window."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.support.slack_sending import TEAM, Sending

Json = dict[str, Any]


@dataclass
class Views(Sending):
    """The part of a fake Slack that has views."""

    posts: list[Json] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)
    views: list[Json] = field(default_factory=list)
    spent_triggers: set[str] = field(default_factory=set)

    def _views_publish(self, arguments: Json) -> Json:
        self.homes[arguments["user_id"]] = arguments["view"]
        return {"view": arguments["view"]}

    def _views_open(self, arguments: Json) -> Json:
        trigger = arguments["trigger_id"]
        if trigger in self.spent_triggers:
            return {"error": "exchanged_trigger_id"}
        self.spent_triggers.add(trigger)
        view = arguments["view"] | {"id": f"V{len(self.views):08}", "hash": self.next_ts(), "team_id": TEAM}
        self.views.append(view)
        return {"view": view}

    def _views_update(self, arguments: Json) -> Json:
        for place, view in enumerate(self.views):
            if view["id"] == arguments["view_id"]:
                if arguments.get("hash", view["hash"]) != view["hash"]:
                    return {"error": "hash_conflict"}
                self.views[place] = view | arguments["view"] | {"hash": self.next_ts()}
                return {"view": self.views[place]}
        return {"error": "not_found"}
