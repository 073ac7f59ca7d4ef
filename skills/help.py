"""Saying what Evie can do, from the skills themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from billing.roles import Role
from skills.arguments import Text
from skills.cards import Card, Row
from skills.context import Context, Outcome
from skills.spec import Effect, Skill, skill

# Words up to this length (“of”, “the”, “can”) are no topic.
_SHORTEST_TOPIC = 3
_EXAMPLES = (
    "help",
    "help me",
    "what can you do",
    "what can you help with",
    "what can you help me with",
    "what do you do",
    "help with {topic}",
    "how do i {topic}",
    "how can i {topic}",
    "how do you {topic}",
    "how does {topic} work",
    "how do {topic} work",
    "is it possible to {topic}",
    "how do i use {topic}",
    "what can i ask",
    "what can i ask you",
    "what sort of things can i ask you",
    "what kind of things can you do",
    "what things can you do for me",
    "what are you able to do",
    "what else can you do",
    "how can you help",
    "how can you help me",
    "who are you",
    "what can i say",
    "what are my options",
    "show me the commands",
    "what commands are there",
    "what skills do you have",
    "explain {topic}",
    "tell me about {topic}",
)


def help_with(known: Callable[[], Iterable[Skill]]) -> Skill:
    """Return the skill that tells of the known ones; they are asked for at each call, since it is one of them."""

    @skill(
        effect=Effect.READ,
        role=Role.VIEWER,
        examples=_EXAMPLES,
    )
    def help(context: Context, *, topic: Text | None = None) -> Outcome:  # noqa: A001 - the catalogue's name
        """Say what can be asked for, by topic.

        Args:
            topic: A word such as invoice, payment link or automation.
        """
        allowed = [entry for entry in known() if context.actor.role.allows(entry.role)]
        return _told([entry for entry in allowed if topic is None or _about(entry, topic)] or allowed, topic)

    return help


def _told(skills: list[Skill], topic: str | None) -> Outcome:
    rows = tuple(Row(entry.summary, detail=f"“{_example(entry)}”") for entry in skills)
    title = "What you can ask" if topic is None else f"About {topic}"
    card = Card(title=title, summary=title, rows=rows, note="Say it in your own words; these are only examples.")
    if topic is not None and len(skills) == 1:
        return Outcome(skills[0].description, {"topic": topic}, card)
    return Outcome("Here is what you can ask for.", {"topic": topic} if topic else {}, card)


def _about(entry: Skill, topic: str) -> bool:
    known = {
        word.strip(",.:").rstrip("s") for word in f"{entry.name.replace('_', ' ')} {entry.summary}".casefold().split()
    }
    return any(word.rstrip("s") in known for word in topic.casefold().split() if len(word) > _SHORTEST_TOPIC)


def _example(entry: Skill) -> str:
    """Return the skill's first example with its slots filled in as a person would."""
    sentence = entry.examples[0]
    for argument in entry.arguments:
        sentence = sentence.replace(f"{{{argument.name}}}", argument.type.sample)
    return " ".join(word for word in sentence.split() if not word.startswith("{"))
