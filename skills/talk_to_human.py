"""Handing over to a person."""

from __future__ import annotations

from billing.handing_over import Wanted, asked_of, hand_over
from billing.roles import Role
from skills.arguments import Text
from skills.cards import Button, Card, Tone
from skills.context import Context, Outcome
from skills.spec import Effect, skill


@skill(
    effect=Effect.WRITE,
    role=Role.VIEWER,
    examples=(
        "talk to a human",
        "talk to a human about {topic}",
        "talk to a person",
        "talk to a real person about {topic}",
        "i want to talk to a person",
        "i want to talk to a person about {topic}",
        "i want to speak to somebody about {topic}",
        "i would like to talk to a real person about {topic}",
        "i need to talk to somebody about {topic}",
        "i want to speak to a human",
        "speak to a human about {topic}",
        "speak to someone",
        "can i speak to someone about {topic}",
        "speak with a real person about {topic}",
        "chat with a human",
        "human please",
        "put me on to a person",
        "put me on to somebody real",
        "put me on to somebody about {topic}",
        "may i speak with somebody from your team",
        "human",
        "i give up get me a human",
        "a human please",
        "a human about {topic}",
        "a real person about {topic}",
        "somebody to talk to about {topic}",
        "someone about {topic}",
        "somebody about {topic}",
        "a real person please",
        "get me a human",
        "get me a human about {topic}",
        "get me a person for {topic}",
        "get me a real person",
        "get a person to look at {topic}",
        "get someone to call me",
        "get someone on the phone about {topic}",
        "can someone call me",
        "can someone call me about {topic}",
        "can somebody call me about {topic}",
        "have somebody call me back",
        "ask a human to call me about {topic}",
        "call me back about {topic}",
        "call me",
        "call me back",
        "call me about {topic}",
        "please call me about {topic}",
        "can i talk to a human",
        "can i talk to a human about {topic}",
        "can i talk to a person about {topic}",
        "can i talk to somebody about {topic}",
        "can i speak to a real person",
        "could i speak with an actual person",
        "speak with an actual person about {topic}",
        "speak with a human being",
        "i need to speak with a human being about {topic}",
        "i would rather talk to a person",
        "i would rather talk to a human about {topic}",
        "i would prefer a human",
        "transfer me to a human agent",
        "transfer me to an agent",
        "escalate this to a human",
        "escalate to a person",
        "escalate {topic} to a human",
        "put me through to accounts",
        "put me through to somebody",
        "i want to complain to a person about {topic}",
        "ask a colleague to help me with {topic}",
        "can someone call me about this invoice",
        "can i speak to someone about this invoice",
        "i want to talk to a person about this invoice",
        "ask someone to help me",
        "ask somebody to help me",
        "ask someone to help me with {topic}",
        "get someone to help me",
        "get somebody to help me with {topic}",
        "i need someone to call me back",
        "i need somebody to call me about {topic}",
        "have someone contact me",
        "please let someone contact me about {topic}",
        "put me through to a person",
        "put me through to support",
        "connect me with a human",
        "connect me to a person",
        "hand me over to a human",
        "hand this over to a person",
        "transfer me to a human",
        "pass me on to a colleague",
        "contact support about {topic}",
        "contact support",
        "is there a human i can talk to",
        "is there a person i can talk to about {topic}",
        "let me talk to a human",
        "let me speak to a manager",
        "i need a human",
        "i need a real person",
        "i need help from a person with {topic}",
        "i want a human to look at {topic}",
        "can a person help me with {topic}",
        "book a call",
        "book a call about {topic}",
        "book a meeting about {topic}",
        "i want to book a call with somebody",
        "talk to support about {topic}",
        "talk to sales",
        "talk to the team about {topic}",
        "you are a bot get me a human",
        "stop i want a human",
        "can someone ring me about {topic}",
        "can somebody ring me about {topic}",
        "get somebody to ring me about {topic}",
        "have someone ring me",
        "have someone contact me about {topic}",
        "ask someone to help me",
        "ask somebody to help me with {topic}",
        "can someone help me with {topic}",
        "can a human help me",
        "i would like a call about {topic}",
        "i would like someone to call me about {topic}",
        "i want someone to call me about {topic}",
        "i need someone to call me about {topic}",
        "give me a ring about {topic}",
        "give me a call about {topic}",
        "give me a call",
        "ring me about {topic}",
        "ring me back",
        "phone me about {topic}",
        "is anyone there who can help with {topic}",
        "is there anybody i can talk to about {topic}",
        "whom can i talk to about {topic}",
        "who can i talk to about {topic}",
        "get a colleague on this",
        "let a person look at {topic}",
        "i want to discuss {topic} with a person",
        "set up a call with somebody about {topic}",
        "arrange a call with a person about {topic}",
    ),
)
def talk_to_human(context: Context, *, topic: Text | None = None) -> Outcome:
    """Hand the conversation over to a person, who gets what was said.

    Args:
        topic: What it is about, in the person's words.
    """
    wanted = Wanted(context.actor.member, context.conversation, topic or "", context.key)
    with context.transaction() as tx:
        asked = hand_over(tx, wanted, now=context.now)
        people = asked_of(tx, context.actor.member)
    result = {"request": asked.number}
    text = _passed_on(people, asked.topic)
    booking = context.services.booking
    if booking is None:
        return Outcome(text, result)
    offer = f"You can also book a time{f' ({booking.text})' if booking.text else ''}: {booking.url}"
    card = Card(
        title="Talk to a person",
        summary=text,
        text=text,
        note=booking.text,
        buttons=(Button("Book a time", url=booking.url, tone=Tone.GOOD),),
    )
    return Outcome(f"{text} {offer}", result | {"booking_url": booking.url}, card)


def _passed_on(people: list[str], topic: str) -> str:
    about = f" about “{topic}”" if topic else ""
    if not people:
        return f"I've kept your request{about}. There is no other admin yet who could take it."
    names = [name.removeprefix("@") for name in people]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"I've passed this on to {listed}{about}. You will hear here as soon as somebody takes it."
