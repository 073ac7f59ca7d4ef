"""Who a Slack user is to us: a member of the workspace with a role, or somebody who is turned away politely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from billing.alerting import alert
from billing.auditing import SLACK, note, on_behalf_of
from billing.conversations import SkillCall
from billing.roles import Role
from billing.workspaces import AWAY, Member
from bot.slack.errors import SlackRefused, slack_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from slack_sdk import WebClient

    from billing.ports import Store, Transaction
    from billing.workspaces import Workspace

_NO_ADMIN: Final = "Evie has no admin any more"
_LAST_ADMIN: Final = (
    "the only admin, was deactivated or made a guest in Slack. Name another one by their Slack id in EVIE_ADMINS."
)
_INVISIBLE = frozenset({"user_not_found", "user_not_visible"})


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody Evie does not work for, and the sentence that says so."""

    name: str
    sentence: str


class Members:
    """Matches Slack users with members by their Slack id; a colleague who is new becomes a viewer.

    With `admins` (Slack user ids) exactly these are admins; without, Slack's owners and admins are when they
    first appear. Nobody is ever matched by name: anybody may call themselves anything.
    """

    def __init__(self, client_for: Callable[[Workspace], WebClient], store: Store, admins: Iterable[str] = ()) -> None:
        self._client_for = client_for
        self._store = store
        self._admins = frozenset(admins)

    def of(self, workspace: Workspace, slack_user_id: str) -> Member | Stranger:
        """Return the member, made on the spot for a new colleague; raises ProviderUnavailable."""
        with self._store.transaction(workspace.id) as tx:
            known = self._known(tx, tx.people.members(), slack_user_id)
        if known is not None:
            return known
        profile = self._profile(workspace, slack_user_id)
        if isinstance(profile, Stranger):
            return profile
        with self._store.transaction(workspace.id) as tx:
            # Read once: of two first messages at the same time, both then choose the same name and write the same row.
            members = tx.people.members()
            known = self._known(tx, members, slack_user_id) or _returned(tx, members, slack_user_id)
            return known or self._added(tx, members, slack_user_id, profile)

    def again(self, workspace: Workspace, slack_user_id: str) -> Member | Stranger:
        """Look at Slack's word again: who is no full member any more is away, without a role; who is again, a viewer.

        Raises ProviderUnavailable.
        """
        profile = self._profile(workspace, slack_user_id)
        if not isinstance(profile, Stranger):
            return self.of(workspace, slack_user_id)
        with self._store.transaction(workspace.id) as tx:
            members = tx.people.members(lock=True)
            member = next((one for one in members if one.slack_user_id == slack_user_id), None)
            if member is not None:
                _send_away(tx, members, member)
        return profile

    def admit(self, workspace: Workspace, slack_user_id: str, profile: Mapping[str, Any], role: Role) -> Member:
        """Return the member of that profile, made or promoted to the role; where admins are set, that rules."""
        wanted = self._first_role(slack_user_id, profile) if self._admins else role
        with self._store.transaction(workspace.id) as tx:
            members = tx.people.members()
            known = next((one for one in members if one.slack_user_id == slack_user_id), None)
            member = known or _returned(tx, members, slack_user_id)
            member = member or self._added(tx, members, slack_user_id, profile)
            if not member.role.allows(wanted):
                member = replace(member, role=wanted)
                _save(tx, member)
        return member

    def _known(self, tx: Transaction, members: list[Member], slack_user_id: str) -> Member | None:
        member = next((one for one in members if one.slack_user_id == slack_user_id), None)
        if member is None or slack_user_id not in self._admins or member.role is Role.ADMIN:
            return member
        # The setting was changed after the person was first seen.
        promoted = replace(member, role=Role.ADMIN)
        _save(tx, promoted)
        return promoted

    def _added(self, tx: Transaction, members: list[Member], slack_user_id: str, profile: Mapping[str, Any]) -> Member:
        taken = {member.name.casefold() for member in members}
        names = (name if number == 1 else f"{name} {number}" for name in [_name(profile)] for number in count(1))
        free = next(name for name in names if name.casefold() not in taken)
        member = Member(tx.workspace_id, free, self._first_role(slack_user_id, profile), slack_user_id)
        _save(tx, member)
        return member

    def _first_role(self, slack_user_id: str, profile: Mapping[str, Any]) -> Role:
        if self._admins:
            return Role.ADMIN if slack_user_id in self._admins else Role.VIEWER
        return Role.ADMIN if profile.get("is_owner") or profile.get("is_admin") else Role.VIEWER

    def _profile(self, workspace: Workspace, slack_user_id: str) -> Mapping[str, Any] | Stranger:
        try:
            with slack_errors():
                profile = self._client_for(workspace).users_info(user=slack_user_id)["user"]
        except SlackRefused as error:
            if error.reason not in _INVISIBLE:
                raise
            return Stranger(slack_user_id, "I cannot see who you are in this workspace, so I cannot help here.")
        reason = _unwelcome(profile, workspace)
        return Stranger(_name(profile), reason) if reason else profile


def _send_away(tx: Transaction, members: list[Member], member: Member) -> None:
    """Take the role from somebody whom Slack has made a guest or deactivated; the business hears of its last admin."""
    _save(tx, replace(member, role=Role.VIEWER, slack_user_id=f"{AWAY}{member.slack_user_id}"))
    if [one.name for one in members if one.role is Role.ADMIN] == [member.name]:
        text = f"{member.name}, {_LAST_ADMIN}"
        alert(tx, f"last_admin:{member.name}:{tx.now().isoformat()}", subject=_NO_ADMIN, text=text, now=tx.now())


def _returned(tx: Transaction, members: list[Member], slack_user_id: str) -> Member | None:
    """Return the member who was away, as a viewer now, whatever they were before."""
    away = next((one for one in members if one.slack_user_id == f"{AWAY}{slack_user_id}"), None)
    if away is None:
        return None
    member = replace(away, role=Role.VIEWER, slack_user_id=slack_user_id)
    _save(tx, member)
    return member


def _save(tx: Transaction, member: Member) -> None:
    """Keep a member whose role follows from Slack or from the settings, and note that nobody here gave it."""
    tx.people.save_member(member)
    deed = SkillCall("set_role", {"member": f"@{member.name}", "role": "none" if member.away else member.role.value})
    note(tx, on_behalf_of(tx, "", SLACK), deed, now=tx.now())


def _name(profile: Mapping[str, Any]) -> str:
    details = profile.get("profile") or {}
    names = (details.get("display_name"), details.get("real_name"), profile.get("real_name"), profile.get("name"))
    return next((" ".join(name.split()) for name in names if name and name.strip()), str(profile["id"]))


def _unwelcome(profile: Mapping[str, Any], workspace: Workspace) -> str:
    """Return why Evie does not work for this user, in a sentence, or nothing."""
    enterprise: Mapping[str, Any] = profile.get("enterprise_user") or {}
    teams = {profile.get("team_id"), enterprise.get("enterprise_id"), *enterprise.get("teams", [])}
    if profile.get("is_bot") or profile.get("is_workflow_bot"):
        return "I take requests from people only."
    if profile.get("is_stranger") or workspace.slack_team_id not in teams:
        return f"I work for the people of {workspace.name} only. Please ask one of them."
    if profile.get("is_restricted") or profile.get("is_ultra_restricted"):
        return "I do not show billing to guests. Please ask a full member of the workspace."
    if profile.get("deleted"):
        return "This account is deactivated."
    return ""
