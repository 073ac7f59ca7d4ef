"""Text as words with their places: what is matched is folded, what is quoted keeps its wording.

The names of records, the examples of skills and what people say are all cut up here, so that they meet.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_QUOTES: Final = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "＇": "'", "–": "-", "—": "-", "‑": "-"})
# Letters that Unicode does not take apart into a plain letter and an accent.
_LETTERS: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})

_TOKEN: Final = re.compile(
    r"""
      (?P<quote>"[^"]*"|“[^”]*”|«[^»]*»|(?:(?<=\s)|(?<=:)|^)'[^'\n]*?[^'\n\s]'(?=[\s.,;!?)]|$)
        |(?:(?<=\s)|(?<=:)|^)‘[^’\n]*\s[^’\n]*’(?=[\s.,;!?)]|$))
    | (?P<url>https?://[^\s<>"]+[^\s<>".,;:!?)])
    | (?P<email>[\w.+'-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<channel>\#[^\W\d_][\w-]*)
    | (?P<member>@[^\W\d_][\w.-]*\w|@[^\W\d_])
    | (?P<record>\b[A-Za-z]{2,4}-\d+\b)
    | (?P<day>\b\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{1,2}/\d{1,2}\b
        |(?:(?<=[/,;]\s)|(?<=due\s)|(?<=by\s)|(?<=til\s))(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?=\s|$))
    | (?P<owner>(?<=\w)['’]s\b|(?<=s)['’](?=\s))
    | (?P<number>(?:(?<!\w)[-−])?\d+(?:[.,]\d+)*)
    | (?P<word>[^\W\d_](?:[\w&]|['’‘-](?=\w))*)
    | (?P<mark>\.\.\.|…|[^\w\s])
    """,
    re.VERBOSE,
)
_TAILS: Final = (
    ("n't", ("not",)),
    ("'ll", ("will",)),
    ("'ve", ("have",)),
    ("'re", ("are",)),
    ("'d", ("would",)),
    ("'m", ("am",)),
    ("'s", ("'s",)),
)
_IRREGULAR: Final = {
    "can't": ("can", "not"),
    "cant": ("can", "not"),
    "cannot": ("can", "not"),
    "won't": ("will", "not"),
    "wont": ("will", "not"),
    "shan't": ("shall", "not"),
    "dont": ("do", "not"),
    "doesnt": ("does", "not"),
    "didnt": ("did", "not"),
    "hasnt": ("has", "not"),
    "havent": ("have", "not"),
    "isnt": ("is", "not"),
    "let's": ("let", "us"),
    "lets": ("let", "us"),
    "what's": ("what", "is"),
    "whats": ("what", "is"),
    "who's": ("who", "is"),
    "whos": ("who", "is"),
    "how's": ("how", "is"),
    "hows": ("how", "is"),
    "where's": ("where", "is"),
    "wheres": ("where", "is"),
    "whens": ("when", "is"),
    "when's": ("when", "is"),
    "that's": ("that", "is"),
    "thats": ("that", "is"),
    "it's": ("it", "is"),
    "there's": ("there", "is"),
    "here's": ("here", "is"),
    "im": ("i", "am"),
    "ive": ("i", "have"),
    "weve": ("we", "have"),
    "gimme": ("give", "me"),
    "lemme": ("let", "me"),
    "wanna": ("want", "to"),
    "gonna": ("going", "to"),
    "gotta": ("got", "to"),
    "e-mail": ("email",),
    "e-mails": ("emails",),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, quotation or mark. `word` is folded; `start` and `end` are places in the original text."""

    word: str
    kind: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation."""
        return self.kind == "mark"


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return the text without case and accents, with straight quotes and dashes."""
    plain = unicodedata.normalize("NFKD", text.translate(_QUOTES).casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_LETTERS)


def tokenise(text: str) -> list[Token]:
    """Cut a text into tokens. Contractions become their words; a possessive is a token `'s` of its own."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        if kind == "word":
            tokens += _words(match[0], match.start())
        elif kind == "owner":
            tokens.append(Token("'s", "word", match.start(), match.end()))
        else:
            tokens.append(Token(_folded(match[0], kind), kind, match.start(), match.end()))
    return tokens


@lru_cache(maxsize=65536)
def words_of(text: str) -> tuple[str, ...]:
    """Return the folded words and numbers of a name; a hyphenated word is its parts and their whole."""
    found: list[str] = []
    for token in tokenise(text.replace('"', " ")):
        if token.kind == "word" and token.word != "'s":
            found += parts_of(token.word)
        elif token.kind not in {"mark", "quote", "word"}:
            found.append(token.word)
    return tuple(found)


def parts_of(word: str) -> list[str]:
    """Return the parts of a hyphenated word, then the word written as one."""
    parts = [part for part in re.split(r"[-'&]", word) if part]
    return [*parts, "".join(parts)] if len(parts) > 1 else parts


def _folded(text: str, kind: str) -> str:
    if kind == "quote":
        return text[1:-1].strip()
    if kind == "number":
        return text.replace("−", "-")
    return fold(text)


def _words(text: str, start: int) -> list[Token]:
    word = fold(text)
    end = start + len(text)
    parts = _IRREGULAR.get(word)
    if parts is not None:
        return [Token(part, "word", start, end) for part in parts]
    for tail, meaning in _TAILS:
        stem = word.removesuffix(tail)
        if stem and stem != word:
            # The fold may change lengths; the tail itself is plain ASCII, so it is counted from the end.
            cut = end - len(tail)
            return [Token(stem, "word", start, cut), *(Token(part, "word", cut, end) for part in meaning)]
    return [Token(word, "word", start, end)]


_ENDINGS: Final = (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("uses", "us"), ("ing", ""), ("ed", ""), ("es", "e"))
_STEMS: Final = {
    "sent": "send",
    "paid": "pay",
    "made": "make",
    "got": "get",
    "gave": "give",
    "built": "build",
    "drew": "draw",
    "wrote": "write",
    "took": "take",
    "brought": "bring",
    "came": "come",
    "did": "do",
    "does": "do",
    "done": "do",
    "has": "have",
    "had": "have",
    "is": "be",
    "are": "be",
    "was": "be",
    "were": "be",
    "been": "be",
    "am": "be",
    "seen": "see",
    "saw": "see",
    "shown": "show",
    "written": "write",
    "given": "give",
    "taken": "take",
    "gone": "go",
    "went": "go",
    "told": "tell",
    "found": "find",
    "kept": "keep",
    "bought": "buy",
    "begun": "begin",
    "began": "begin",
    "payed": "pay",
    "owed": "owe",
    "owes": "owe",
    "owing": "owe",
    "people": "person",
    "thru": "through",
    "synch": "sync",
    "synced": "sync",
    "syncing": "sync",
    "synchronise": "sync",
    "synchronize": "sync",
    "synchronisation": "sync",
    "synchronization": "sync",
    "cancelled": "cancel",
    "canceled": "cancel",
    "cancellation": "cancel",
    "connection": "connect",
    "connections": "connect",
    "notification": "notify",
    "notifications": "notify",
    "payment": "payment",
    "payments": "payment",
    "this": "this",
    "us": "us",
    "status": "status",
    "yes": "yes",
}
IRREGULAR_VERBS: Final = {form: verb for form, verb in _STEMS.items() if form not in {"us", "this"}} | {
    "put": "put",
    "set": "set",
    "rung": "ring",
    "read": "read",
    "held": "hold",
    "drawn": "draw",
    "flung": "fling",
    "undone": "undo",
    "stopped": "stop",
    "dropped": "drop",
    "nudged": "nudge",
    "linked": "link",
}
_SHORTEST: Final = 4


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return what a word shares with its other forms: `invoices` and `invoicing` with `invoice`.

    It is a key for comparing, not a dictionary form: `create` becomes `creat`.
    """
    if word in _STEMS:
        return _STEMS[word]
    if len(word) < _SHORTEST or not word.isalpha():
        return word
    for ending, other in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST - 1:
            return _trimmed(word[: -len(ending)] + other)
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return _trimmed(word)


def forms_of(word: str) -> set[str]:
    """Return how a word is written in its regular forms: `bills`, `billed`, `billing`."""
    if len(word) < _SHORTEST - 1 or not word.isalpha():
        return {word}
    base = word.removesuffix("e")
    doubled = base + base[-1]
    forms = {word, f"{word}s", f"{word}es", f"{base}ed", f"{base}ing", f"{doubled}ed", f"{doubled}ing"}
    return forms | ({f"{word[:-1]}ies", f"{word[:-1]}ied"} if word.endswith("y") else set())


def _trimmed(word: str) -> str:
    if len(word) >= _SHORTEST and word.endswith("e"):
        word = word[:-1]
    if len(word) >= _SHORTEST and word[-1] == word[-2]:
        word = word[:-1]
    return word
