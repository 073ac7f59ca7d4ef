"""Compound sentences: a message is cut where a new request, question or statement begins, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.courtesies import Courtesy, courtesy_of
from bot.assistant.parser.guarding import begins_negation
from bot.assistant.parser.lines import LineFinder
from bot.assistant.parser.syntax import has_object, object_follows
from skills.moods import FINITE, PARTICIPLES, Mood, mood_of, past_courtesy
from skills.names import NOUNS
from skills.openings import OPENINGS
from skills.vocabulary import FILLERS, FUNCTION, LIGHT_VERBS, OBJECTS
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.scene import Scene
    from skills.words import Token

_JOINS: Final = frozenset("yeah and then , . ; ... … ! ? but so because plus also - & + :".split())
_SENTENCE_ENDS: Final = frozenset(". ; ! ? ... …".split())
_CONDITIONS: Final = (
    *(["if"], ["when"], ["whenever"], ["once"], ["unless"], ["after"], ["before"], ["until"], ["as", "soon"]),
    *(["each", "time"], ["every", "time"], ["as", "long"], ["in", "case"], ["provided"], ["should"]),
)
_CONDITION_WORDS: Final = frozenset("if when whenever once unless after before until provided should".split())
_ASKING: Final = frozenset("what which who whose how why when is are has have did does do can could will would".split())
_TELLING: Final = frozenset("tell say saying mention add write include put".split())
_LISTENERS: Final = frozenset("him her them the client customer that a note message saying in : ,".split())
_TIMING: Final = frozenset("on by at from in first thing morning afternoon evening".split())
_STORY_ENDS: Final = frozenset((".", "!", ";", "so", "..."))
_NEAR: Final = 4
_RECORDS: Final = NOUNS["invoice"] | {"link", "reminder"}
_AMBIGUOUS: Final = PARTICIPLES - {"made"}  # “Cedar paid” may be what is asked for
_AFTER_IS: Final = frozenset("been already not away out off just".split())
_SUBJECTS: Final = frozenset("i we he she they it you there".split())
_DOUBTING: Final = frozenset("perhaps maybe probably presumably".split())
_OWNING: Final = _DOUBTING | frozenset("the our my their his her some a an every each all".split())
_POINTING: Final = frozenset((("it",), ("them",), ("those",), ("these",)))
_PAUSES: Final = frozenset((",", ".", ";", ":", "-", "!"))
_FAR: Final = 9
_FINITE: Final = frozenset(
    "am is are was were will would have has had do did does can could need want meant mean think guess know".split(),
)


def clauses(text: str, tokens: tuple[Token, ...], scene: Scene) -> list[Clause]:
    """Return the clauses of a message in their order, without the words that join them."""
    whole = Clause(text, tokens)
    inside = _inside_values(whole, scene)
    values = {value.start for value in scene.values(whole) if value.type in {"date", "period", "percent"}}
    cuts = [0]
    place = 0
    while place < len(tokens):
        if _brings_link(whole, place) and place > cuts[-1]:
            cuts += [place, place + 1]
        elif _asks_of_it(whole, place, scene) and place > cuts[-1] + 1:
            cuts += [place, place]
        if not _joins(whole, place) or place in inside:
            place += 1
            continue
        begins = place
        ends_sentence = False
        while place < len(tokens) and (_joins(whole, place) or whole.words[place] in FILLERS):
            ends_sentence = ends_sentence or whole.words[place] in _SENTENCE_ENDS
            place += 1
        if _is_condition(whole, cuts[-1]) and not ends_sentence:
            continue  # “when it is paid, send …” is one: without its condition the request would be another
        if place in values or (whole.words[begins] == ":" and _goes_on(whole, begins, place, scene)):
            continue  # “net 14” is no verb, and “client: …” begins no sentence
        if _is_mere_time(whole, cuts[-1], begins, scene):
            continue  # “on Monday, remind them”
        if (
            begins > 0
            and place < len(tokens)
            and (
                starts_clause(whole, place, scene, after_end=ends_sentence)
                or _follows_story(whole, cuts[-1], begins, place, scene)
            )
        ):
            cuts += [begins, place]
    cuts.append(len(tokens))
    parts = [tokens[cuts[i] : cuts[i + 1]] for i in range(0, len(cuts), 2)]
    return [Clause(text, part) for part in map(_trimmed, parts) if any(map(_says_something, part))]


def _follows_story(clause: Clause, start: int, begins: int, place: int, scene: Scene) -> bool:
    """Say whether a whole sentence has been told before a place, and something of the trade is said after it.

    `The brochure is nearly finished. Progress invoice please, 40%`: the first has its verb, the second a thing to do.
    """
    between = {token.word for token in clause.tokens[begins:place]}
    if not between & _STORY_ENDS or mood_of(clause.words[start:begins]) is not Mood.STATEMENT:
        return False
    said = clause.words[place : place + _NEAR]
    return any(word in _RECORDS or word in scene.grammar.kinds for word in said)


def _tells_of(clause: Clause, place: int, scene: Scene) -> bool:
    """Say whether somebody's name and what they did begin at a place: `…, Omar says he never got it`."""
    words = clause.words
    catalog = scene.around.catalog
    if place == 0 or not _is_called(words[place], scene):
        return False
    for at in range(place + 1, min(place + _NEAR, len(words))):
        if words[at] in FINITE - _AMBIGUOUS or (words[at] in {"'s", "never", "just"} and words[at + 1 : at + 2]):
            return words[at] != "'s" or words[at + 1] in _AFTER_IS
        if not catalog.known(words[at]):
            return False
    return False


def _is_called(word: str, scene: Scene) -> bool:
    return bool(scene.around.catalog.known(word)) and word not in scene.grammar.words and word not in FUNCTION


def _is_mere_time(clause: Clause, start: int, end: int, scene: Scene) -> bool:
    """Say whether only a day or a period has been said since a place: what follows is to be done then."""
    times = [v for v in scene.values(clause) if v.type in {"date", "period"} and start <= v.start and v.end <= end]
    taken = {place for value in times for place in value.places}
    rest = [clause.words[place] for place in range(start, end) if place not in taken]
    return bool(times) and all(word in _TIMING or word in FILLERS for word in rest)


def _goes_on(clause: Clause, colon: int, place: int, scene: Scene) -> bool:
    """Say whether a colon stands after one word alone, as in a form, or before what is no verb that anybody knows."""
    before = clause.words[max(0, colon - 2) : colon]
    if len(before) < 2 or before[0] in _JOINS:  # noqa: PLR2004 - two words are more than a label
        return True
    words = clause.words[place : place + 1]
    return bool(words) and not scene.grammar.knows(words[0]) and words[0] not in FUNCTION | FILLERS


def _brings_link(clause: Clause, place: int) -> bool:
    """Say whether `with a payment link` begins here: it asks for one more thing."""
    words = clause.words[place : place + 5]
    if words[:2] not in {("with", "a"), ("with", "an")} or "link" not in words:
        return False
    return all(word not in FUNCTION for word in words[2 : words.index("link")])


def _asks_of_it(clause: Clause, place: int, scene: Scene) -> bool:
    """Say whether `can you list those` begins here, after what is meant was named."""
    asked = OPENINGS.at(clause.words, place) if clause.words[place] in {"can", "could", "would"} else None
    verb = place + len(asked or ())
    following = clause.words[verb + 1 : verb + 2]
    return asked is not None and following in _POINTING and stem(clause.words[verb]) in scene.grammar.verbs


def _says_something(token: Token) -> bool:
    return not token.is_mark and token.word not in FILLERS and token.word not in _JOINS


def _is_condition(clause: Clause, start: int) -> bool:
    words = [word for word in clause.words[start : start + 4] if word not in FILLERS and word not in _JOINS]
    return words[:1] in _CONDITIONS or words[:2] in _CONDITIONS


def _joins(clause: Clause, place: int) -> bool:
    return clause.words[place] in _JOINS


def _inside_values(clause: Clause, scene: Scene) -> set[int]:
    """Return the places inside of longer values: the `and` of `between the first and the third` joins nothing."""
    lines = LineFinder(clause, scene).find()
    values = [*scene.values(clause), *([lines] if lines else [])]
    return {place for value in values for place in range(value.start + 1, value.end)}


def _trimmed(part: tuple[Token, ...]) -> tuple[Token, ...]:
    while part and part[-1].is_mark and part[-1].word in _JOINS - {"?", "&"}:
        part = part[:-1]
    while part and part[0].is_mark and part[0].word in _JOINS:
        part = part[1:]
    return part


def starts_clause(clause: Clause, place: int, scene: Scene, *, after_end: bool = False) -> bool:
    """Say whether a new clause begins at a place: a verb with its object, a question, a subject with its verb."""
    words = clause.words[place:]
    start = past_courtesy(words)
    asks = any(word not in FILLERS for word in words[:start])
    words = words[start:]
    if not words:
        return False
    if (asks and words[0] in OBJECTS) or begins_negation(words):
        return True  # “give me the …”, “don't …”
    if words[0] in _TELLING and _quote_follows(clause, place + start):
        return False
    if words[0] in _SUBJECTS:
        return len(words) > 1 and (words[1] in _FINITE | FINITE | {"'s"} or words[1].endswith("ed"))
    if _tells_or_asks(words, after_end=after_end):
        return len(words) > 1
    paused = place > 0 and clause.words[place - 1] in _PAUSES and (_is_no(clause.words[place:]) or _has_finite(words))
    return (
        paused or _tells_of(clause, place + start, scene) or _verb_opens(clause, place + start, scene, polite=start > 0)
    )


def _is_no(words: Sequence[str]) -> bool:
    """Say whether nothing but a no is left."""
    said = [word for word in words if word.isalpha()]
    courtesy, taken = courtesy_of(said)
    return courtesy is Courtesy.NO and taken == len(said)


def _has_finite(words: Sequence[str]) -> bool:
    """Say whether somebody or something has a verb right after it: `the client has changed the scope`."""
    if words[0] in _DOUBTING:
        return any(word in FINITE for word in words[1:_FAR])
    return (
        words[0] in _OWNING and any(word in FINITE - _AMBIGUOUS for word in words[2:_NEAR]) and words[1] not in FUNCTION
    )


def _tells_or_asks(words: Sequence[str], *, after_end: bool) -> bool:
    """Say whether a question begins, or after the end of a sentence another one: `its footer reads …`."""
    if after_end and mood_of(words) is Mood.STATEMENT and words[0] not in _CONDITION_WORDS:
        return True
    return words[0] in _ASKING and (after_end or words[0] in {"what", "how", "who", "which"})


def _quote_follows(clause: Clause, place: int) -> bool:
    """Say whether a quotation comes right after a verb of saying: `and tell him "thank you"` belongs to the mail."""
    ahead = clause.tokens[place + 1 : place + 4]
    at = next((at for at, token in enumerate(ahead) if token.kind == "quote"), None)
    return at is not None and all(token.word in _LISTENERS for token in ahead[:at])


def _verb_opens(clause: Clause, place: int, scene: Scene, *, polite: bool) -> bool:
    word, words = clause.words[place], clause.words[place:]
    if (word in FUNCTION and word not in LIGHT_VERBS) or (word == "do" and not has_object(clause, place, scene)):
        return False
    if clause.tokens[place].kind != "word":
        return False
    if word in scene.grammar.choice_singles - scene.grammar.plain_verbs:
        return has_object(clause, place, scene)
    if stem(word) in scene.grammar.verbs:
        alone = all(following in FILLERS or following in _JOINS - {":"} for following in words[1:2])
        return polite or alone or has_object(clause, place, scene) or not _is_noun(word, scene)
    known = scene.grammar.knows(word) or scene.around.catalog.known(word) or word in FILLERS
    follows = object_follows(clause, place) or _is_person(clause.words[place + 1 : place + 2], scene)
    return not known and follows and has_object(clause, place, scene)


def _is_person(words: Sequence[str], scene: Scene) -> bool:
    catalog = scene.around.catalog
    return any(number.startswith("CON-") for word in words for number in catalog.holding(catalog.known(word)))


def _is_noun(word: str, scene: Scene) -> bool:
    return stem(word) in scene.grammar.nouns
