"""What an automation is to do, as people say it: `move the deal to won and tell #ops`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.assistant.parser.contacting import channels, members, urls
from bot.assistant.parser.money import DOLLAR, amounts, percents
from bot.assistant.parser.occasions import span_at
from bot.assistant.parser.values import Value
from skills.names import ARTICLES
from skills.phrases import KIND, STAGE
from skills.vocabulary import FILLERS as COURTESIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.understanding import Surroundings
    from skills.words import Token

# “Thank” asks politely elsewhere; here it is what is to be done.
FILLERS: Final = COURTESIES - {"thank"}
_POSTING: Final = frozenset(
    """post tell notify ping message shout announce say alert let drop inform update put yell write send give
    celebrate flag""".split(),
)
_MAILING: Final = frozenset("email mail write thank send message tell drop".split())
_MOVING: Final = frozenset("move mark set flip switch change put push shift bump win close update make".split())
_MAKING: Final = frozenset("create make draft raise issue generate prepare bill invoice".split())
_REMINDING: Final = frozenset("remind chase nudge prod poke nag".split())
_CALLING: Final = frozenset("call hit trigger fire ping notify post send invoke".split())
VERBS: Final = _POSTING | _MAILING | _MOVING | _MAKING | _REMINDING | _CALLING | frozenset(("ask", "wait"))
_CLIENTS: Final = frozenset(
    "client clients customer customers them him her payer buyer people everyone everybody they contact".split(),
)
_DEALS: Final = frozenset("deal deals opportunity opp job project it stage".split())
_PLAIN: Final = frozenset(
    """message note update word notification something post heads up know in to on the a an into at channel about it
    that of and team me us there line thanks thank you then automatically for with out their your our please reminder
    reminders payment friendly gentle email mail quick as from stage webhook hook url endpoint invoice next another
    new one value deal job project send""".split(),
)
_HEARD: Final = _REMINDING | frozenset("tell notify ping let alert message give".split())
_OWING: Final = frozenset("again send overdue late who is are of their every each any it".split())
# Under this name an action says whom it is about, which is a condition of the whole.
ABOUT: Final = "about"
_ROLES: Final = frozenset("admin admins editor editors".split())
_SAYING: Final = frozenset("saying says reading say".split())
_STAGES: Final = {
    stage: frozenset((stage, *(word for word in STAGE.get(stage, ()) if " " not in word)))
    for stage in ("lead", "proposal", "won", "lost")
}
_KINDS: Final = {
    kind: frozenset((kind, *(word for word in KIND[kind] if " " not in word)))
    for kind in ("deposit", "progress", "final")
}


def base(word: str) -> str:
    """Return a verb without the ending that it has in `an automation that posts`."""
    for shorter in (word.removesuffix("s"), word.removesuffix("es")):
        if word not in VERBS and shorter in VERBS:
            return shorter
    return word


def starts(tokens: Sequence[Token], place: int) -> bool:
    """Say whether what is to be done begins at a token."""
    return base(tokens[place].word) in VERBS


def actions_in(text: str, tokens: Sequence[Token], around: Surroundings) -> list[dict[str, Any]] | None:
    """Return the actions that the words name, in their order; None where a part of them is not understood."""
    found = []
    for part in _parts(tokens):
        action = _action(text, part, around)
        if action is None:
            return None
        found.append(action)
    return found or None


def _parts(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """Cut at each `and` or comma after which another thing to do begins."""
    cuts = [0]
    for place, token in enumerate(tokens[:-1]):
        if token.word not in {"and", ",", "then", ";"}:
            continue
        at = place + 1
        while at < len(tokens) - 1 and (tokens[at].word in FILLERS | {"and", "then", "also", ","}):
            at += 1
        span = span_at(tokens, at)
        if span is not None and tokens[min(span[1], len(tokens) - 1)].word == "later":
            at = min(span[1] + 1, len(tokens) - 1)
        if place > cuts[-1] and starts(tokens, at):
            cuts.append(place + 1)
    ends = [*cuts[1:], len(tokens)]
    return [part for start, end in zip(cuts, ends, strict=True) if (part := _trimmed(tokens[start:end]))]


def _trimmed(tokens: Sequence[Token]) -> Sequence[Token]:
    idle = FILLERS | {"and", "then", "also", ",", ";", ".", "!", "?", "automatically", "always"}
    start, end = 0, len(tokens)
    while start < end and tokens[start].word in idle:
        start += 1
    while end > start and (tokens[end - 1].word in idle and tokens[end - 1].kind != "quote"):
        end -= 1
    return tokens[start:end]


def _action(text: str, tokens: Sequence[Token], around: Surroundings) -> dict[str, Any] | None:
    wait, tokens = _wait(tokens)
    if not tokens or not starts(tokens, 0):
        return None
    verb, words = base(tokens[0].word), [token.word for token in tokens]
    action = (
        _webhook(verb, text, tokens)
        or _reminder(verb, words, text, tokens, around)
        or _move(verb, words)
        or _invoice(verb, words, tokens, around)
        or _post(verb, text, tokens, around)
        or _mail(verb, words, text, tokens)
    )
    return {**action, "after": wait} if action and wait else action


def _wait(tokens: Sequence[Token]) -> tuple[str | None, Sequence[Token]]:
    """Take `two days later` off the beginning of a part."""
    span = span_at(tokens, 0)
    if span is None or span[1] >= len(tokens) or tokens[span[1]].word not in {"later", "after"}:
        return None, tokens
    return span[0], _trimmed(tokens[span[1] + 1 :])


def _webhook(verb: str, text: str, tokens: Sequence[Token]) -> dict[str, Any] | None:
    url = next(iter(urls(tokens, text)), None)
    return {"do": "call_webhook", "url": url.value} if url is not None and verb in _CALLING else None


def _reminder(
    verb: str, words: list[str], text: str, tokens: Sequence[Token], around: Surroundings
) -> dict[str, Any] | None:
    reminds = verb in _REMINDING or (verb in {"send", "email"} and {"reminder", "reminders"} & set(words))
    if not reminds or any(token.kind in {"channel", "member"} for token in tokens):
        return None
    known = _CLIENTS | _PLAIN | _REMINDING | ARTICLES | FILLERS | _SAYING | _OWING
    told = _told(text, tokens)
    named = [] if told else [word for word in words if base(word) not in known and word not in known]
    fitting = around.catalog.search("contact", " ".join(named)) if named else []
    if named and len(fitting) != 1:
        return None
    about = {ABOUT: fitting[0].number} if fitting else {}
    return {"do": "send_reminder"} | ({"text": told} if told else {}) | about


def _move(verb: str, words: list[str]) -> dict[str, Any] | None:
    stage = next((stage for stage, said in _STAGES.items() if said & set(words[1:])), None)
    stage = "won" if stage is None and verb == "win" else stage
    if verb not in _MOVING or stage is None or not _DEALS & set(words):
        return None
    return {"do": "move_opportunity", "stage": stage}


def _invoice(verb: str, words: list[str], tokens: Sequence[Token], around: Surroundings) -> dict[str, Any] | None:
    kind = next((kind for kind, said in _KINDS.items() if said & set(words)), None)
    if verb not in _MAKING or not (kind or {"invoice", "invoices", "bill"} & set(words)):
        return None
    percent = next((value.value for value in percents(tokens)), None)
    money = None if percent else next((value.value for value in amounts(tokens)), None)
    if money is not None and around.catalog.by_number(f"INV-{money[0]}") is not None:
        return None  # “on the invoice 1004” is no sum
    if money is not None and money[1] not in {None, DOLLAR, around.currency}:
        return None
    if percent is None and money is None and kind != "final":
        return None
    amount = {"percent": percent} if percent else {"amount": money[0]} if money else {}
    return {"do": "create_invoice", **({"kind": kind} if kind else {}), **amount}


def _post(verb: str, text: str, tokens: Sequence[Token], around: Surroundings) -> dict[str, Any] | None:
    if verb not in _POSTING | _REMINDING:
        return None
    channel = next(iter(channels(tokens, around.channels)), None)
    member = next((value for value in members(tokens[1:], around.members, around.member)), None)
    member = member or _role(tokens, verb)
    if channel is None and (member is None or verb not in _HEARD):
        return None
    heard = member.end + 1 if member else channel.end if channel else 0
    told = _told(text, tokens) or _asked(text, tokens, heard) or _between(text, tokens, channel.start if channel else 0)
    said = {"text": told} if told else {}
    if channel is not None:
        return {"do": "post_message", "channel": channel.value, **said}
    return {"do": "assign_task", "to": member.value if member else "", **said}


def _role(tokens: Sequence[Token], verb: str) -> Value | None:
    """Return the role whose members are told: `give the admins a task`."""
    for place, token in enumerate(tokens[1:]):
        if verb in _HEARD and token.word in _ROLES:
            return Value("recipient", token.word.removesuffix("s"), place, place + 1)
    return None


def _mail(verb: str, words: list[str], text: str, tokens: Sequence[Token]) -> dict[str, Any] | None:
    thanks = "thank" in words or "thanks" in words or "thank-you" in words
    mails = verb in {"email", "mail", "thank"} or thanks or {"email", "mail"} & set(words)
    if verb not in _MAILING or not mails or not (_CLIENTS & set(words) or thanks):
        return None
    if any(token.kind in {"channel", "member", "record", "email"} for token in tokens):
        return None
    told = _told(text, tokens)
    known = _CLIENTS | _PLAIN | _MAILING | ARTICLES | FILLERS | _SAYING | {"thank-you"}
    if told is None and any(base(word) not in known and word not in known for word in words):
        return None
    return {"do": "email_contact"} | ({"text": told} if told else {})


def _told(text: str, tokens: Sequence[Token]) -> str | None:
    """Return what is to be said: a quotation, or what follows `saying`."""
    for place, token in enumerate(tokens):
        if token.kind == "quote":
            return text[token.start + 1 : token.end - 1].strip()
        starts_text = (token.word in _SAYING and place > 0) or (token.word == "that" and place > 1)
        if starts_text and place + 1 < len(tokens) and tokens[place + 1].kind != "quote":
            return text[tokens[place + 1].start : tokens[-1].end].strip()
    return None


def _asked(text: str, tokens: Sequence[Token], after: int) -> str | None:
    """Return what somebody is reminded or told to do, `to check the bank`: said after who it is."""
    for place in range(after, len(tokens) - 1):
        if tokens[place].word == "to" and tokens[place + 1].kind == "word":
            return text[tokens[place + 1].start : tokens[-1].end].strip()
    return None


def _between(text: str, tokens: Sequence[Token], channel: int) -> str | None:
    """Return what stands between `post` and the channel, where it is more than `a message`."""
    inner = [token for token in tokens[1:channel] if token.word not in {"in", "to", "on", "into"}]
    if not any(token.word not in _PLAIN | _CLIENTS | FILLERS | {"folks", "guys"} for token in inner):
        return None
    return text[inner[0].start : inner[-1].end].strip()
