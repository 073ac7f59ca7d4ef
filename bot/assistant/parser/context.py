"""What people say around a request: greetings, exclamations, and the story of why they ask. None of it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.courtesies import Courtesy, courtesy_of
from bot.assistant.parser.syntax import has_object
from skills.moods import Mood
from skills.vocabulary import FILLERS, FUNCTION, LIGHT_VERBS, MODIFIERS
from skills.words import stem

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.scene import Scene

_KIND: Final = frozenset((Courtesy.GREETING, Courtesy.THANKS, Courtesy.YES))
_CHAT: Final = frozenset("good great nice one day week weekend morning night happy friday monday love job work".split())
_CHATTING: Final = tuple(
    tuple(line.split())
    for line in """
    ugh
    haha
    hah
    lol
    lmao
    wow
    whoa
    phew
    yay
    omg
    argh
    aww
    yikes
    oops
    hiya
    heya
    welcome
    congrats
    congratulations
    what a
    how was your
    how is your
    how are
    how have you
    hope you
    hoping you
    i hope
    trust you
    trusting you
    hope all
    hope that
    hope the
    hope your
    have a
    did you have
    nice one
    good one
    good weekend
    good luck
    happy
    nice to
    i am so
    i love
    you are
    you have been
    thank you dear
    see you
    talk to you
    sounds like fun
    that is a
    that is great
    that is fine
    that is funny
    that was
    it was
    so tired
    back soon
    brb
    """.strip().splitlines()
)
_EXCLAIMING: Final = frozenset("silly poor lucky bless sorry excuse pardon forgive damn gosh god good great".split())
_TALKING: Final = (("you", "know"), ("guess", "what"), ("know", "what"), ("remember",), ("as", "you", "know"))
_GREETED: Final = frozenset("hi hello hey hiya heya morning afternoon evening evie there".split())
_THANKING: Final = frozenset("thanks thank thx cheers ta you great perfect".split())
_CONDITIONS: Final = frozenset("if when whenever once unless until till before after".split())


def is_courtesy(clause: Clause, scene: Scene) -> bool:
    """Say whether a clause only greets, thanks, agrees or chats: `morning Evie`, `ugh what a day`."""
    words = tuple(token.word for token in clause.tokens if not token.is_mark)
    courtesy, taken = courtesy_of(words)
    if courtesy in _KIND and taken == len(words):
        return True
    while words[1:] and words[0] in _GREETED | _THANKING:
        words = words[1:]
    if words and all(word in FILLERS or word in MODIFIERS for word in words):
        return True
    chats = words[:1] in _CHATTING or any(words[: len(opening)] == opening for opening in _CHATTING)
    rest = [word for word in words if word not in _CHAT and word not in FUNCTION and word not in FILLERS]
    return chats and not any(scene.grammar.knows(word) or scene.around.catalog.known(word) for word in rest)


def is_story(clause: Clause, scene: Scene) -> bool:
    """Say whether a clause that no skill explains asks for nothing: it tells or exclaims, and sets no condition."""
    words = clause.words[clause.opening :]
    if not words or words[0] in _CONDITIONS or (clause.mood is Mood.REQUEST and {"if", "when", "whenever"} & {*words}):
        return False
    if any(words[: len(phrase)] == phrase for phrase in _TALKING):
        return True
    if clause.mood is Mood.QUESTION:
        return words[0] == "had" and "?" not in words
    return clause.mood is Mood.STATEMENT or words[0] in _EXCLAIMING or not _instructs(clause, scene)


def _instructs(clause: Clause, scene: Scene) -> bool:
    """Say whether a clause begins with a verb, of the trade or with an object of its own."""
    place = clause.opening
    word = clause.words[place]
    if (word in FUNCTION and word not in LIGHT_VERBS) or (word.endswith("ed") and not scene.grammar.knows(word)):
        return False
    if stem(word) in scene.grammar.verbs and word != stem(word) + "s":
        return not all(token.is_mark for token in clause.tokens[place + 1 : place + 2])
    return has_object(clause, place, scene)
