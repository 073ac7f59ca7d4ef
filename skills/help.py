"""Saying what Evie can do, from the skills themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from billing.roles import Role
from skills.arguments import Text
from skills.cards import Button, Card, Row
from skills.context import Context, Outcome
from skills.help_topics import SENTENCES, TOPICS, Topic, examples_of
from skills.spec import Effect, Skill, skill

# Words up to this length (“of”, “the”, “can”) are no topic.
_SHORTEST_TOPIC = 3
_PLACED = {name for topic in TOPICS for name in topic.skills} | {"help"}
_NOTE = "Say it in your own words; these are only examples."


def help_with(known: Callable[[], Iterable[Skill]]) -> Skill:
    """Return the skill that tells of the known ones; they are asked for at each call, since it is one of them."""

    @skill(
        effect=Effect.READ,
        role=Role.VIEWER,
        examples=SENTENCES,
    )
    def help(context: Context, *, topic: Text | None = None) -> Outcome:  # noqa: A001 - the catalogue's name
        """Say what can be asked for, by topic.

        Args:
            topic: A word such as invoice, payment link or automation.
        """
        allowed = {entry.name: entry for entry in known() if context.actor.role.allows(entry.role)}
        return _overview(allowed) if topic is None else _about(topic, allowed)

    return help


def _overview(allowed: Mapping[str, Skill], said: str = "Here is what you can ask for.") -> Outcome:
    """Return the topics in which the person may do something, with a sentence or two of each, and what has none."""
    offered = [(topic, of_it) for topic in TOPICS if (of_it := _of(topic, allowed))]
    rows = (
        *(
            Row(topic.title, detail=" · ".join(examples_of(entry)[0] for entry in of_it[:2]))
            for topic, of_it in offered
        ),
        *(Row(entry.summary, detail=examples_of(entry)[0]) for entry in allowed.values() if entry.name not in _PLACED),
    )
    buttons = tuple(Button(topic.title, say=f"help with {topic.title.casefold()}") for topic, _ in offered)
    title = "What you can ask"
    return Outcome(said, {}, Card(title=title, summary=title, rows=rows, buttons=buttons, note=_NOTE))


def _about(topic: str, allowed: Mapping[str, Skill]) -> Outcome:
    """Return what belongs to a topic: one of ours, or else what a word of it is said of."""
    words = topic.casefold().split()
    meant = next((one for one in TOPICS if one.is_called(topic.casefold())), None)
    found = _of(meant, allowed) if meant else [entry for entry in allowed.values() if _mentions(entry, words)]
    if not found:
        sentence = f"I have nothing about “{topic}”. These are the things that I can help with."
        return replace(_overview(allowed, sentence), result={"topic": topic})
    title = f"About {meant.title.casefold() if meant else topic}"
    rows = tuple(Row(entry.summary, detail=" · ".join(examples_of(entry)[: 1 if found[1:] else 4])) for entry in found)
    card = Card(title=title, summary=title, rows=rows, note=_NOTE, buttons=(Button("All topics", say="help"),))
    said = found[0].description if len(found) == 1 else "Here is what you can ask for."
    return Outcome(said, {"topic": topic}, card)


def _of(topic: Topic, allowed: Mapping[str, Skill]) -> list[Skill]:
    return [allowed[name] for name in topic.skills if name in allowed]


def _mentions(entry: Skill, words: Sequence[str]) -> bool:
    known = {
        word.strip(",.:").rstrip("s") for word in f"{entry.name.replace('_', ' ')} {entry.summary}".casefold().split()
    }
    return any(word.rstrip("s") in known for word in words if len(word) > _SHORTEST_TOPIC)
