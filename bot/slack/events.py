"""What happens to an inbox row of Slack's: who said it, what the assistant answers, and the answer into the outbox."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog

from billing.conversations import Actor, ProposalState
from billing.errors import ProviderUnavailable, StoreUnavailable
from billing.workspaces import Channel
from bot.assistant.reply import Reply
from bot.assistant.requests import Deed, Press, Request
from bot.slack.clicks import Clicks
from bot.slack.deciding import change_of, decided_by, expired_words
from bot.slack.greeting import Greeter
from bot.slack.incoming import Changed, Clicked, Judged, Left, Opened, Pressed, Said, SentOff, read_incoming
from bot.slack.leaving import end_installation
from bot.slack.members import Stranger
from bot.slack.modals.placing import with_channels
from bot.slack.naming import SlackNames
from bot.slack.opinions import Opinions
from bot.slack.replying import Replies
from bot.slack.texts import Heard, names_an_invoice, read, title_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billing.conversations import Proposal
    from billing.ports import Clock, Formats, Store
    from billing.queues import InboxEvent
    from billing.workspaces import Member, Workspace
    from bot.assistant.requests import Answers
    from bot.slack.address import SlackAddress
    from bot.slack.channels import Channels
    from bot.slack.front import SlackFront
    from bot.slack.incoming import Incoming
    from bot.slack.members import Members
    from bot.slack.screens import SlackScreens
    from bot.slack.streaming import Streams

_HELP = "help"
_FILE_ONLY = "I cannot open files. Tell me in words what it is about."
_THINKING = "is thinking…"
_log = structlog.get_logger(__name__)


class SlackEvents:
    """Handles inbox rows, in the worker's time. Handling a row again gives the same reply, which leaves once."""

    def __init__(  # noqa: PLR0913 - the composition root names each
        self,
        *,
        store: Store,
        answers: Answers,
        front: SlackFront,
        members: Members,
        channels: Channels,
        screens: SlackScreens,
        streams: Streams,
        clock: Clock,
        formats_for: Callable[[Workspace], Formats],
    ) -> None:
        self._store = store
        self._answers = answers
        self._front = front
        self._members = members
        self._channels = channels
        self._screens = screens
        self._streams = streams
        self._greeter = Greeter(store, clock)
        self._clock = clock
        self._formats_for = formats_for
        self._replies = Replies(store, clock)
        self._opinions = Opinions(store, clock)
        self._clicks = Clicks(store, clock, answers)

    def handle(self, event: InboxEvent) -> bool:
        """Handle one row; False where it is of a team that is not ours.

        Raises what went wrong, so that the worker keeps the row and tries it again. The person is told once, with
        a reference that is in the log; only a service that is briefly away, the database among them, is waited for
        without a word.
        """
        incoming = read_incoming(event.kind, json.loads(event.body))
        workspace = self._store.directory.by_slack_team(incoming.address.team)
        if workspace is None:
            return False
        try:
            self._handle(event.key, workspace, incoming)
        except (ProviderUnavailable, StoreUnavailable):
            raise
        except Exception:
            if not isinstance(incoming, Left | Changed):  # of which nobody waits for an answer
                self._apologise(event.key, workspace, incoming.address)
            raise
        return True

    def _handle(self, key: str, workspace: Workspace, incoming: Incoming) -> None:
        if isinstance(incoming, Left):
            end_installation(self._store, workspace, datetime.fromtimestamp(incoming.at, UTC))
            return
        if isinstance(incoming, Opened) and not incoming.home:
            offered = self._greeter.prompts(workspace, incoming.address.user)
            self._front.suggest(workspace, incoming.address.channel, offered)
            return
        find = self._members.again if isinstance(incoming, Changed) else self._members.of
        member = find(workspace, incoming.address.user)
        if isinstance(incoming, Opened | Changed):
            self._show_home(workspace, incoming, member)
            return
        if isinstance(member, Stranger) and isinstance(incoming, Said) and not incoming.to_evie:
            # Guests may talk with colleagues in a thread where Evie is without being turned away each time.
            return
        if isinstance(member, Stranger):
            self._whisper(workspace, key, incoming, Reply(incoming.address.conversation, member.sentence, error=True))
        elif isinstance(incoming, Said):
            self._answer(key, workspace, member, incoming)
        elif isinstance(incoming, SentOff):
            self._carry_out(key, workspace, member, incoming)
        elif isinstance(incoming, Judged):
            self._whisper(workspace, key, incoming, self._opinions.keep(_actor(workspace, member), incoming, key))
        elif isinstance(incoming, Clicked):
            self._click(key, workspace, _actor(workspace, member), incoming)
        else:
            self._press(key, workspace, member, incoming)

    def _show_home(self, workspace: Workspace, opened: Opened | Changed, member: Member | Stranger) -> None:
        if isinstance(member, Stranger):
            self._screens.close_home(workspace, opened.address.user, member.sentence)
        else:
            self._screens.open_home(workspace, member)

    def _answer(self, key: str, workspace: Workspace, member: Member, said: Said) -> None:
        heard = self._heard(workspace, said)
        if said.with_files and not heard.text:
            self._queue(
                workspace, f"reply:{key}", said.address, Reply(said.address.conversation, _FILE_ONLY, error=True)
            )
            return
        self._front.show_status(workspace, said.address, _THINKING)
        waiting, is_new = self._waiting(workspace, member, said)
        stream = self._streams.begin(workspace, said.address, key)
        reply = self._answers.answer(
            Request(
                actor=_actor(workspace, member),
                conversation=said.address.conversation,
                text=heard.text or _HELP,
                key=key,
                address=said.address.stored(),
                confirmed=said.by_command and names_an_invoice(heard.text),
            ),
            stream.say if stream else None,
        )
        ending = stream.ending(reply) if stream else None
        if _is_private(reply):
            self._whisper(workspace, key, said, reply)
            self._streams.leave(workspace, ending)
        else:
            update = self._settled(workspace, waiting, reply) or {}
            self._queue(workspace, f"reply:{key}", said.address, reply, {**update, **(ending or {})})
        if is_new:
            self._front.entitle(workspace, said.address, title_of(heard.text or _HELP))

    def _carry_out(self, key: str, workspace: Workspace, member: Member, form: SentOff) -> None:
        """Do what was filled in, and answer where the form was asked for."""
        self._front.show_status(workspace, form.address, _THINKING)
        actor, address = _actor(workspace, member), form.address
        calls = with_channels(form.calls, form.channels, self._names(workspace).keep_channel)
        deed = Deed(actor, address.conversation, calls, key, address.stored(), confirmed=form.confirmed)
        reply = self._answers.perform(deed)
        if _is_private(reply):
            self._whisper(workspace, key, form, reply)
        else:
            self._queue(workspace, f"reply:{key}", address, reply)

    def _click(self, key: str, workspace: Workspace, actor: Actor, clicked: Clicked) -> None:
        if clicked.more:
            reply, update = self._clicks.turn(actor, clicked, key)
            self._queue(workspace, f"reply:{key}", clicked.address, reply, update)
        else:
            self._whisper(workspace, key, clicked, self._clicks.whispered(actor, clicked))

    def _waiting(self, workspace: Workspace, member: Member, said: Said) -> tuple[Proposal | None, bool]:
        """Return the person's proposal that waits, and whether the conversation only begins."""
        conversation = said.address.conversation
        with self._store.transaction(workspace.id) as tx:
            return tx.talk.pending(conversation, member.name), tx.talk.conversation(conversation) is None

    def _settled(self, workspace: Workspace, waiting: Proposal | None, reply: Reply) -> dict[str, Any] | None:
        """Return how the card that waited changes, where words have decided it or a newer one took its place."""
        now = self._proposal(workspace, waiting.id) if waiting else None
        if now is None or now.state is ProposalState.PENDING:
            return None
        if now.state is ProposalState.DROPPED and reply.proposals:
            return {"proposal": now.id, "decided": "Replaced by a newer card below"}
        return {"proposal": now.id, "decided": self._decided(workspace, now.member, now)}

    def _whisper(
        self,
        workspace: Workspace,
        key: str,
        incoming: Said | Pressed | Clicked | Judged | SentOff,
        reply: Reply,
        update: Mapping[str, Any] | None = None,
    ) -> None:
        """Answer the person alone. The status goes by itself only when something is posted in the thread."""
        self._queue(workspace, f"reply:{key}", incoming.aside, reply, update)
        self._front.show_status(workspace, incoming.address, "")

    def _names(self, workspace: Workspace) -> SlackNames:
        return SlackNames(workspace, self._store, self._members, self._channels)

    def _heard(self, workspace: Workspace, said: Said) -> Heard:
        """Return the words, and keep the ids of the channels that they name."""
        if not said.marked_up:
            return Heard(said.text)
        heard = read(said.text, self._names(workspace), said.bot_user)
        if heard.channels:
            with self._store.transaction(workspace.id) as tx:
                for name, slack_channel_id in heard.channels.items():
                    tx.people.save_channel(Channel(workspace.id, name, slack_channel_id))
        return heard

    def _press(self, key: str, workspace: Workspace, member: Member, pressed: Pressed) -> None:
        before = self._proposal(workspace, pressed.proposal)
        # The card may have been delivered elsewhere than where it was asked for: by direct message.
        conversation = (before.conversation if before else "") or pressed.address.conversation
        self._front.show_status(workspace, pressed.address, _THINKING)
        reply = self._answers.press(
            Press(_actor(workspace, member), conversation, pressed.proposal, pressed.confirm, key)
        )
        after = self._proposal(workspace, pressed.proposal)
        if reply.error or after is None or after.state is ProposalState.PENDING:
            self._whisper(workspace, key, pressed, reply, self._closed(workspace, pressed, after))
            return
        update = change_of(pressed, self._decided(workspace, member.name, after))
        self._queue(workspace, f"reply:{key}", pressed.address, reply, update)

    def _proposal(self, workspace: Workspace, proposal_id: str) -> Proposal | None:
        with self._store.transaction(workspace.id) as tx:
            return tx.talk.proposal(proposal_id)

    def _closed(self, workspace: Workspace, pressed: Pressed, proposal: Proposal | None) -> dict[str, Any] | None:
        """Return how a card changes on which nobody can decide anything any more; None for one that still waits."""
        expired = proposal is not None and proposal.state is ProposalState.PENDING
        if proposal is not None and expired and self._clock() < proposal.expires_at:
            return None
        if not pressed.card:
            # The sentence that says why takes the place of the card.
            return change_of(pressed, "")
        if proposal is not None and expired:
            return change_of(pressed, expired_words(proposal, self._formats_for(workspace)))
        # It was edited when it was decided, and says by whom.
        return None

    def _decided(self, workspace: Workspace, member: str, proposal: Proposal) -> str:
        return decided_by(member, proposal, self._formats_for(workspace), self._clock())

    def _apologise(self, key: str, workspace: Workspace, address: SlackAddress) -> None:
        reference = hashlib.sha256(key.encode()).hexdigest()[:8]
        _log.exception("slack_request_failed", key=key, reference=reference)
        text = (
            "Something went wrong on my side. I will try again by myself; if you hear nothing more, "
            f"please give your administrator this reference: {reference}"
        )
        self._queue(workspace, f"sorry:{key}", address, Reply(address.conversation, text, error=True))

    def _queue(
        self,
        workspace: Workspace,
        key: str,
        address: SlackAddress,
        reply: Reply,
        update: Mapping[str, Any] | None = None,
    ) -> None:
        """Put a reply into the outbox; a second one of the same key is dropped there."""
        if not self._replies.queue(workspace, key, address, reply, update):
            # Nothing will be posted that takes the status away.
            self._front.show_status(workspace, address, "")


def _is_private(reply: Reply) -> bool:
    return any(card.private for card in reply.cards)


def _actor(workspace: Workspace, member: Member) -> Actor:
    return Actor(workspace.id, member.name, member.role, "slack")
