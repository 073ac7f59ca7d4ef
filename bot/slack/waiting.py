"""News that waits for somebody to mend something: it stays in the outbox, and the admins are told once.

Of a channel that is closed they are told in Slack, once a day while it is; of what Slack may refuse everywhere, the
business gets a mail as well. Of a token that is worth nothing any more Slack can tell nobody: there is only the mail,
once for each installation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.alerting import alert
from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role

if TYPE_CHECKING:
    from billing.ports import Store, Transaction
    from billing.workspaces import Channel, Workspace
    from bot.slack.errors import SlackRefused

# Evie can say nothing at all: neither news nor to whom it may concern.
_SILENT: Final = frozenset("account_inactive invalid_auth not_authed token_expired token_revoked".split())
# What is wrong with the message itself, which no admin of a Slack can put right: waiting would hold up all later news.
# Every other refusal waits for a person, also one that Slack invents tomorrow.
UNPOSTABLE: Final = frozenset(
    "invalid_arg_name invalid_arguments invalid_array_arg invalid_blocks invalid_blocks_format "
    "invalid_metadata_format invalid_metadata_schema markdown_text_conflict metadata_too_large msg_blocks_too_long "
    "msg_too_long no_text".split(),
)
# What is wrong with one channel alone. With anything else, a direct message may be refused as well.
_OF_CHANNEL: Final = UNPOSTABLE | frozenset(
    "channel_not_found is_archived not_in_channel restricted_action restricted_action_read_only_channel".split(),
)
UNTIL_MENDED_SECONDS: Final = 300.0
_SUBJECT: Final = "Evie cannot post in Slack"
_KEPT: Final = "Nothing is lost: it follows by itself once that is mended."
_ASIDE: Final = "It is set aside: “evie retry” lists it and has it tried again."


def tell_admins(store: Store, workspace: Workspace, channel: Channel, error: SlackRefused, installation: str) -> None:
    """Tell each admin that news waits for a channel, or is set aside; by mail where Slack cannot."""
    reason = error.reason
    if reason in UNPOSTABLE:
        text = f"News for {channel.name} could not be posted. {error.user_message} {_ASIDE}"
    else:
        text = f"News for {channel.name} is waiting. {error.user_message} {_KEPT}"
    with store.transaction(workspace.id) as tx:
        if reason in _SILENT:
            alert_of_silence(tx, workspace, installation, error.user_message)
        elif not _told_in_slack(tx, workspace, f"{channel.name}:{reason}", text) or reason not in _OF_CHANNEL:
            alert(tx, f"{channel.name}:{reason}:{_today(tx, workspace)}", subject=_SUBJECT, text=text, now=tx.now())


def alert_of_silence(tx: Transaction, workspace: Workspace, installation: str, why: str) -> None:
    """Tell the business by mail, once for each installation, that Evie cannot say anything in Slack any more."""
    text = f"{why} Until then, news of {workspace.name}'s invoices and payments waits. {_KEPT}"
    alert(tx, f"slack:{installation}", subject=_SUBJECT, text=text, now=tx.now())


def _told_in_slack(tx: Transaction, workspace: Workspace, reason: str, text: str) -> bool:
    """Tell the admins directly; False where Slack knows none of them."""
    admins = [one for one in tx.people.members() if one.role.allows(Role.ADMIN) and one.slack_user_id]
    for member in admins:
        tx.send(
            OutboxMessage(
                workspace_id=workspace.id,
                key=f"waiting:{reason}:{_today(tx, workspace)}:{member.name}",
                kind=OutboxKind.SAY,
                lane=f"member:{member.name}",
                payload={"member": member.name, "text": text},
                created_at=tx.now(),
            ),
        )
    return bool(admins)


def _today(tx: Transaction, workspace: Workspace) -> str:
    return workspace.day_of(tx.now()).isoformat()
