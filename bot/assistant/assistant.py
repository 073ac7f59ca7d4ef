"""The assistant: understands a message, has its calls carried out, and answers. Every front talks to this."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import structlog

from billing.conversations import ProposalState, SkillCall, Turn
from bot.assistant.asking_model import ModelTurn, inquiry, may_ask, told_spent
from bot.assistant.carrying_out import Carried, Door, carry_out, propose
from bot.assistant.confirming import claim, dropped, finished
from bot.assistant.model.answer import ModelUnavailable
from bot.assistant.remembering import after, keep, remembered, waiting
from bot.assistant.reply import Reply
from bot.assistant.requests import Request
from bot.assistant.surroundings import surroundings
from bot.assistant.wording import answered, ask, clarify
from skills.context import Context
from skills.spec import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billing.conversations import Actor, Proposal
    from billing.ports import Formats, Transaction
    from billing.workspaces import Workspace
    from bot.assistant.model.route import ModelRoute
    from bot.assistant.requests import Deed, Press
    from bot.assistant.understanding import Memory, Surroundings, Understanding, Understands
    from skills.context import Services
    from skills.runner import Runner
    from skills.spec import Skill

_log = structlog.get_logger(__name__)

# Below it, what the parser read is not acted on without a model's second opinion. Tuned on the development set.
SURE: Final = 0.6
_NOTHING_WAITS: Final = "Nothing is waiting for a yes."
_UNSURE: Final = "I'm not sure what you mean. Say it in other words, or say “help” to see what I can do."


@dataclass(frozen=True, slots=True)
class Parts:
    """What the assistant is made of. `model` is None where no key is set."""

    skills: Mapping[str, Skill]
    runner: Runner
    parser: Understands
    services: Services
    formats_for: Callable[[Workspace], Formats]
    model: ModelRoute | None = None


@dataclass(frozen=True, slots=True)
class _Scene:
    """One message with all that it is understood against."""

    request: Request
    context: Context
    memory: Memory
    proposal: Proposal | None
    around: Surroundings


class Assistant:
    """Answers requests and clicks. It keeps nothing in itself: what is remembered is in the store."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def answer(self, request: Request, on_text: Callable[[str], None] | None = None) -> Reply:
        """Answer what was said; a request with a key that was answered gets the same reply again."""
        scene, earlier = self._scene(request)
        return earlier or self._answered(scene, on_text)

    def perform(self, deed: Deed) -> Reply:
        """Carry out the calls of a form; one with a key that was answered gets the same reply again."""
        scene, earlier = self._scene(Request(deed.actor, deed.conversation, "(a form)", deed.key, deed.address))
        if earlier is not None:
            return earlier
        door = Door(self._parts.runner, self._numbered(scene), lambda _: deed.confirmed)
        carried = carry_out(door, deed.calls)
        return self._stored(scene, carried, self._reply(scene, carried))

    def _scene(self, request: Request) -> tuple[_Scene, Reply | None]:
        """Return what the message is understood against, and the reply that it had already."""
        context = replace(self._context(request.actor, request.conversation, request.key), said=request.text)
        with context.transaction() as tx:
            earlier = tx.talk.turn(request.key)
            proposal = waiting(tx, request.conversation, request.actor.member, context.now)
            memory = remembered(tx, request.conversation, proposal)
            around = surroundings(tx, context)
        scene = _Scene(request, context, memory, proposal, around)
        return scene, Reply.restored(earlier.reply) if earlier is not None else None

    def press(self, press: Press) -> Reply:
        """Run or drop the proposal that was clicked on, for the person who asked for it."""
        context = self._context(press.actor, press.conversation, press.key)
        with context.transaction() as tx:
            earlier = tx.talk.turn(press.key)
        if earlier is not None:
            return Reply.restored(earlier.reply)
        carried = Carried()
        reply = (
            self._confirm(context, press.proposal, carried)
            if press.confirm
            else dropped(context, press.proposal, self._allows(context))
        )
        with context.transaction() as tx:
            memory = after(remembered(tx, press.conversation, None), carried)
            keep(tx, conversation=press.conversation, memory=memory, address={}, now=context.now)
            _end(tx, carried, _turn(context, "(click)", reply))
        return reply

    def _context(self, actor: Actor, conversation: str, key: str) -> Context:
        with self._parts.services.store.transaction(actor.workspace_id) as tx:
            workspace = tx.people.workspace()
        return Context(actor, workspace, conversation, key, self._parts.services, self._parts.formats_for(workspace))

    def _answered(self, scene: _Scene, on_text: Callable[[str], None] | None) -> Reply:
        carried = Carried()
        understood = self._parts.parser.parse(scene.request.text, scene.memory, scene.around)
        if self._parts.model is not None and understood.confidence < SURE:
            reply = self._by_model(scene, understood, carried, on_text, self._parts.model)
        else:
            reply = self._by_rules(scene, understood, carried)
        return self._stored(scene, carried, reply)

    def _stored(self, scene: _Scene, carried: Carried, reply: Reply) -> Reply:
        request, now = scene.request, scene.context.now
        memory = after(scene.memory, carried)
        with scene.context.transaction() as tx:
            keep(tx, conversation=request.conversation, memory=memory, address=dict(request.address), now=now)
            _end(tx, carried, replace(_turn(scene.context, request.text, reply), model_tokens=carried.model_tokens))
        return reply

    def _by_rules(self, scene: _Scene, understood: Understanding, carried: Carried) -> Reply:
        conversation = scene.request.conversation
        if understood.confirm:
            return self._yes(scene, carried)
        if understood.drop:
            return dropped(scene.context, scene.proposal.id if scene.proposal else None)
        if understood.question is not None and not self._may(scene, understood.question.skill):
            asked = understood.question
            carry_out(self._door(scene), (*asked.before, SkillCall(asked.skill, asked.arguments)), carried)
            return self._reply(scene, carried)  # the door says which role it takes; nothing needs to be asked
        if understood.question is not None:
            carried.question = understood.question
            words = ask(understood.question, self._parts.skills, scene.around.catalog)
            return Reply(conversation, words, clarify=clarify(understood.question))
        if not understood.calls or self._too_unsure(understood):
            say = understood.say or _UNSURE
            return Reply(conversation, say, declined=understood.declined or bool(understood.calls))
        carry_out(self._door(scene), understood.calls, carried)
        return self._reply(scene, carried)

    def _yes(self, scene: _Scene, carried: Carried) -> Reply:
        waits = scene.proposal
        if waits is None:
            return Reply(scene.request.conversation, _NOTHING_WAITS)
        if waits.state is ProposalState.PENDING and scene.memory.shown != waits.id:
            return self._shown_again(scene, waits, carried)
        return self._confirm(scene.context, waits.id, carried)

    def _shown_again(self, scene: _Scene, waits: Proposal, carried: Carried) -> Reply:
        """Put the card before the person once more: a yes counts for what was just seen, not for an older card."""
        carry_out(Door(self._parts.runner, self._numbered(scene), lambda _: False), waits.calls, carried)
        carried.shown = waits.id
        reply = answered(scene.request.conversation, carried, waits)
        return replace(reply, reply=f"This has been waiting since before. {reply.reply}")

    def _may(self, scene: _Scene, skill: str) -> bool:
        return scene.context.actor.role.allows(self._parts.skills[skill].role)

    def _too_unsure(self, understood: Understanding) -> bool:
        """A guess may read, but never write."""
        writes = any(self._parts.skills[call.skill].effect is not Effect.READ for call in understood.calls)
        return writes and understood.confidence < SURE

    def _by_model(
        self,
        scene: _Scene,
        understood: Understanding,
        carried: Carried,
        on_text: Callable[[str], None] | None,
        model: ModelRoute,
    ) -> Reply:
        if not may_ask(model, scene.context):
            return told_spent(self._by_rules(scene, understood, carried))
        asked = inquiry(scene.request.text, scene.context, scene.around, scene.memory, self._parts.skills)
        try:
            answer = ModelTurn(model, self._door(scene), carried).converse(asked, on_text)
        except ModelUnavailable as error:
            _log.warning("model_unavailable", reason=error.reason, calls=len(carried.ran))
            if carried.ran:
                return replace(self._reply(scene, carried), route="model")
            return self._by_rules(scene, understood, carried)
        carried.question = carried.question or answer.question
        reply = self._reply(scene, carried)
        text = answer.text or reply.reply
        return replace(
            reply,
            reply=text,
            route="model",
            declined=answer.declined or reply.declined,
            clarify=clarify(carried.question),
        )

    def _reply(self, scene: _Scene, carried: Carried) -> Reply:
        proposal = None
        if carried.proposed:
            with scene.context.transaction() as tx:
                proposal = propose(tx, scene.context, carried.proposed)
            carried.shown = proposal.id
        return answered(scene.request.conversation, carried, proposal)

    def _door(self, scene: _Scene) -> Door:
        request = scene.request

        def confirmed(call: SkillCall) -> bool:
            by_command = request.actor.front != "slack" or self._parts.skills[call.skill].command_confirms
            return request.confirmed and by_command

        return Door(self._parts.runner, self._numbered(scene), confirmed)

    @staticmethod
    def _numbered(scene: _Scene) -> Callable[[int], Context]:
        """Return what gives the n-th call of the message its own key."""
        said = scene.request.key
        return lambda n: replace(scene.context, key=f"{said}:{n}", message=said)

    def _allows(self, context: Context) -> Callable[[SkillCall], bool]:
        """Return what says whether the person's role allows a call."""
        return lambda call: context.actor.role.allows(self._parts.skills[call.skill].role)

    def _confirm(self, context: Context, proposal_id: str, carried: Carried) -> Reply:
        proposal, refusal = claim(context, proposal_id, self._allows(context))
        if proposal is None:
            return Reply(context.conversation, refusal, error=True)
        door = Door(
            self._parts.runner,
            lambda n: replace(context, key=f"{proposal.id}:{n}", message=proposal.id),
            lambda _: True,
            proposal.id,
        )
        carry_out(door, proposal.calls, carried)
        carried.confirmed = proposal
        return answered(context.conversation, carried, None)


def _end(tx: Transaction, carried: Carried, turn: Turn) -> None:
    tx.talk.add_turn(turn)
    if carried.confirmed is not None:
        finished(tx, carried.confirmed)


def _turn(context: Context, text: str, reply: Reply) -> Turn:
    return Turn(
        workspace_id=context.workspace.id,
        conversation=context.conversation,
        key=context.key,
        member=context.actor.member,
        text=text,
        reply=reply.stored(),
        said_at=context.now,
    )


def random_key() -> str:
    """Return a key for a request that has none of its own (the terminal, the command line)."""
    return f"said:{secrets.token_hex(12)}"
