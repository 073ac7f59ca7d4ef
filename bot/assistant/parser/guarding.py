"""What must not become a call: instructions that are not the speaker's, things not wanted, and mere suppositions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from skills.moods import Mood
from skills.openings import OPENINGS
from skills.vocabulary import FILLERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.clauses import Clause
    from skills.words import Token

_FOREIGN: Final = re.compile(
    r"""
      ^\s*[{\[]
    | ```
    | ^\s*(?:system|assistant|developer|tool|admin)\s*[:>\]]
    | <\s*/?\s*(?:system|instructions?|prompt)\b
    | \b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,40}\b(?:instructions?|rules|prompts?|guidelines|policies)\b
    | \b(?:system|hidden|initial|secret)\s+prompt\b
    | \b(?:secret|api|private|signing|encryption)\s+(?:key|token)s?\b
    | \byou\s+are\s+now\b
    | \bcard\s+(?:numbers?|details)\b
    | \b(?:cvv|cvc|passwords?|login\s+details)\b
    | \b(?:jailbreak|developer\s+mode|dan\s+mode)\b
    | \bno\s+confirmation\s+(?:is\s+)?(?:needed|required)\b
    | \bwithout\s+(?:any\s+)?(?:confirmation|confirming|asking)\b
    | "skill"\s*:
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_QUOTED: Final = re.compile(r'(?<=[\w:,] )(?:"[^"]*"|“[^”]*”)')
# From here on a text is somebody else's: a forwarded mail, a quoted reply.
_PASTED: Final = re.compile(
    r"^\s*(?:>|-{3,}\s*(?:original|forwarded)|(?:from|subject|sent|to)\s*:\s*\S|dear\s+\w+|"
    r"(?:e-?mail|mail|message|letter|note)\s+(?:\w+\s+){0,2}from\s)",
    re.IGNORECASE | re.MULTILINE,
)
# What somebody else wrote, shown for us to know: `Her mail: “…”`.
_THEIR_WORDS: Final = re.compile(
    r"""\b(?:her|his|their|\w+['’]s)\s+(?:\w+\s+){0,2}?(?:e-?mail|mail|message|note|reply|answer|text|words)\b
    [^:"“”\n]{0,40}:\s*(?:"[^"]*"|“[^”]*”)""",
    re.IGNORECASE | re.VERBOSE,
)
# “Email from Tom: please void …”: what follows is Tom's.
_HEADED: Final = re.compile(
    r"^\s*(?:(?:an?|the|this)\s+)?(?:e-?mail|mail|message|letter|note|text)\s+(?:\w+\s+){0,2}?from\s[^:\n]{1,40}:",
    re.IGNORECASE | re.MULTILINE,
)
# How a letter ends: whoever signs it wants nothing of us.
_CLOSING: Final = re.compile(
    r"""\n\s*(?:(?:many|kind|best|warm)\s+)?(?:thanks|thank\s+you|cheers|regards|best|wishes|ta|sincerely|yours)
    (?:\s+(?:in\s+advance|again|so\s+much|heaps|a\s+lot|mate))?\s*[,.!]*\s*(?:\n\s*[^\n]{1,40})?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGNED: Final = re.compile(
    r"""(?<=[.!?])\s+(?:(?:many|kind|best|warm)\s+)?(?i:thanks|thank\s+you|cheers|regards|best|ta|thx)
    \s*[,.!-]\s*[A-Z][\w.]{0,20}\s*$""",
    re.VERBOSE,
)
_SUPPOSED: Final = (
    ("what", "if"),
    ("what", "would"),
    ("what", "happens", "if"),
    ("what", "happens", "when"),
    ("what", "will", "happen"),
    ("suppose",),
    ("supposing",),
    ("imagine",),
    ("hypothetically",),
    ("say", "i"),
    ("if", "i"),
    ("if", "we"),
    ("can", "i"),
    ("can", "we"),
    ("could", "i"),
    ("could", "we"),
    ("may", "i"),
    ("should", "i"),
    ("should", "we"),
    ("would", "i"),
    ("would", "it"),
    ("am", "i", "able"),
    ("am", "i", "allowed"),
    ("are", "you", "able"),
    ("are", "we", "able"),
    ("are", "we", "allowed"),
    ("is", "it", "possible"),
    ("would", "it", "be", "possible"),
    ("is", "there", "a", "way"),
    ("how", "would"),
    ("how", "can", "i"),
    ("how", "do"),
    ("how", "does"),
    ("how", "to"),
    ("how", "much", "would"),
    ("do", "you", "know", "how"),
    ("i", "wonder"),
    ("i", "was", "wondering"),
    ("wondering", "if"),
    ("why",),
    ("i", "think"),
    ("i", "believe"),
    ("i", "guess"),
    ("i", "reckon"),
    ("i", "suppose"),
    ("i", "assume"),
    ("i", "am", "not", "sure"),
    ("not", "sure"),
    ("i", "doubt"),
    ("i", "suspect"),
    ("might",),
    ("i", "might"),
    ("we", "might"),
    ("i", "may"),
    ("we", "may"),
    ("probably",),
    ("perhaps",),
    ("is", "it", "too"),
    ("is", "it", "worth"),
    ("is", "it", "wise"),
    ("fingers", "crossed"),
    ("hopefully",),
    ("had", "i"),
    ("had", "we"),
    ("i", "would", "have"),
    ("we", "would", "have"),
)
_ABLE: Final = """
    can i
    could i
    may i
    am i able
    am i allowed
    are you able
    are we able
    are we allowed
    do you know how
"""
_FOLLOWING: Final = frozenset("what suppose supposing imagine if is".split())
_HYPOTHETICAL: Final = (
    *(phrase for phrase in _SUPPOSED if phrase[0] in _FOLLOWING),
    *(tuple(line.split()) for line in _ABLE.strip().splitlines()),
)
_MUSING: Final = tuple((hedge, who) for hedge in ("maybe", "perhaps") for who in ("we", "i", "it", "one"))
_NEGATIONS: Final = (
    ("do", "not"),
    ("let", "us", "not"),
    ("not",),
    ("never",),
    ("no", "need"),
    ("please", "do", "not"),
    ("hold", "off"),
    ("you", "should", "not"),
    ("you", "do", "not", "need"),
    ("i", "do", "not", "want"),
    ("i", "would", "not"),
    ("we", "do", "not", "want"),
    ("we", "should", "not"),
    ("there", "is", "no", "need"),
    ("rather", "not"),
    ("avoid",),
    ("leave", "it"),
    ("leave", "that"),
    ("leave", "them"),
    ("leave", "everything"),
    ("keep", "it"),
    ("keep", "that"),
    *(("no", what) for what in "link links email mail message reminder reminders note due rush payment pay".split()),
    ("no", "further"),
    ("no", "hurry"),
    ("park",),
    ("sit", "on"),
    ("wait", "with"),
    ("keep", "back"),
    ("hold", "back"),
    ("hold", "fire"),
)
_ASKING_NICELY: Final = (("can",), ("could",), ("may",), ("might",), ("is",))
_UNTIL: Final = frozenset(("until", "till", "til"))
# None of these is a typing error of something else: “suppose” is not “supposed”.
GUARDED: Final = frozenset(word for phrase in (*_SUPPOSED, *_NEGATIONS) for word in phrase)
_AS_IT_IS: Final = frozenset("on off is alone be open there it unchanged untouched up live active running".split())
_UNWANTED: Final = frozenset(
    """reminder reminders nudge nudges invoice invoices bill bills mail mails email emails message messages link links
    payment refund refunds deposit""".split(),
)
BINDING: Final = frozenset(
    """not never no nothing without unless until till if whether when whenever once except
    nor neither cannot after before""".split(),
)


def is_foreign(text: str) -> bool:
    """Say whether a text carries instructions that are not the speaker's request to a billing assistant.

    What stands in quotes beside words of the speaker's own is data, whatever it says.
    """
    own = _QUOTED.sub(" ", text)
    return _FOREIGN.search(own if len(own.split()) > 1 else text) is not None


def own_part(text: str) -> str:
    """Return what is left of a text before something pasted begins, and without what somebody else is told to write."""
    text = _THEIR_WORDS.sub(" ", text)
    text = _unsigned(text)
    headed = _HEADED.search(text)
    text = text[: headed.start()] if headed else text
    if "\n" not in text:
        return text
    match = _PASTED.search(text)
    own = text[: match.start()] if match else text
    closing = _CLOSING.search(own)
    return own[: closing.start()] if closing and own[: closing.start()].strip() else own


def _unsigned(text: str) -> str:
    signed = _SIGNED.search(text)
    return text[: signed.start()] if signed and text[: signed.start()].strip() else text


def begins_negation(words: tuple[str, ...]) -> bool:
    """Say whether these words begin to say what is not to be done."""
    return any(words[: len(phrase)] == phrase for phrase in _NEGATIONS if phrase != ("not",))


def is_negated(clause: Clause) -> bool:
    """Say whether a clause says what is not to be done."""
    opening = clause.words[clause.opening : clause.opening + 1]
    if opening == ("leave",) and any(word in _AS_IT_IS or word.startswith("un") for word in clause.words[1:]):
        return True
    if clause.words[clause.opening :][:2] == ("make", "sure") and "not" in clause.words:
        return True  # “make sure 1007 doesn't go out”
    if opening == ("hold",) and not _UNTIL & {*clause.words}:
        return True  # “hold the Delta final”, but “hold it until Friday, then send it”
    return _begins(clause, _NEGATIONS) or _wants_none(clause) or (clause.mood is Mood.REQUEST and _ends_denied(clause))


def _wants_none(clause: Clause) -> bool:
    """Say whether something shall not be: `no reminders to Cedar this week`. “No invoices?” asks."""
    said = clause.words[clause.opening :]
    return said[:1] == ("no",) and bool(_UNWANTED & {*said[1:3]}) and "?" not in said


def _ends_denied(clause: Clause) -> bool:
    """Say whether a request takes itself back at its end: `void it, or maybe not`."""
    said = [token.word for token in clause.tokens if not token.is_mark]
    return len(said) > 1 and said[-1] == "not" and said[-2] in FILLERS | {"or", "rather", "perhaps"}


def is_supposed(clause: Clause) -> bool:
    """Say whether a clause only asks what could be done or what would follow."""
    if clause.mood is Mood.STATEMENT and clause.words[-1:] == ("?",):
        return True  # “Delta have paid 1005?” asks
    if clause.words[:2] in _MUSING:
        return True
    return _begins(clause, _SUPPOSED) or is_hypothetical(clause)


def is_hypothetical(clause: Clause) -> bool:
    """Say whether a clause asks what is possible, or what would follow: nothing is to be done or looked up for it."""
    if clause.words[:1] == ("had",) and "?" not in clause.words:
        return True  # “had they paid, I would have …”
    return _begins(clause, _HYPOTHETICAL) or "possible" in clause.words[-2:]


def _begins(clause: Clause, phrases: Sequence[tuple[str, ...]]) -> bool:
    first = _first_word(clause.tokens)
    # A polite “can we get …” has been read as a request already; “can we …” has not.
    polite = clause.words[first : first + 1] in _ASKING_NICELY or OPENINGS.at(clause.words, first) is not None
    places = {clause.opening} if first < clause.opening and polite else {first, clause.opening}
    return any(clause.words[at : at + len(phrase)] == phrase for at in places for phrase in phrases)


def _first_word(tokens: Sequence[Token]) -> int:
    return next((i for i, token in enumerate(tokens) if not token.is_mark and token.word not in FILLERS), 0)
