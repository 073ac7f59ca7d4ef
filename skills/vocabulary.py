"""Everyday English that every skill may be asked in: grammar words, and verbs that say the same.

It knows nothing of any one skill: what a skill is called is in its own examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLES: Final = frozenset("mr mrs ms mx dr prof sir madam".split())  # before a name, and no part of what finds it
FILLERS: Final = TITLES | frozenset(
    """um uh uhm umm er erm hmm hm ah oh ok okay so well please pls plz kindly just now then hey hi hello evie yeah
    basically also too again right alright quickly quick actually maybe thanks thank cheers mate sure simply
    real really yep yes yeah sure like great perfect awesome brilliant excellent lovely cool fine else ta righto rightio
    rightyo lol haha hehe g'day gday omg naw heya hiya yo aye cheerio ugh phew anyhoo""".split(),
)
FUNCTION: Final = frozenset(
    """a an the this that these those my our your his her hers their its it he she they them we us you i me him
    of for from at with in into on onto to by up out off over down back and or as is are was were be been am do does
    did done has have had will would shall should can could may might must not no if when whenever while because
    since until till after before what which who whom whose how why where there here any some all every each both
    either one ones 's something someone everything anything still yet already about than about but much many more
    most such own same other another going get gets got let make makes made go goes new old next last need want
    wants like today per via against under us myself ourselves yourself thing things bit lot
    mine yours ours theirs together far instead first only anyone anybody nobody
    properly correctly currently""".split(),
)
# What only says how or when, and nothing about what is wanted: whatever is asked may have them.
MODIFIERS: Final = frozenset(
    """around altogether currently outright entirely completely fully ages ago overnight morning afternoon evening night
    weekend lately recently earlier later soon sooner finally gently gentle quickly friendly kind kindly polite politely
    nice nicely little big whole whopping correct usual exact exactly precise honestly obviously sir madam folks guys
    mate team boss dear definitely certainly possibly hopefully simple short brief official formal proper asap urgent
    urgently immediately promptly rn atm btw tho though anyway anyways however otherwise apparently unfortunately
    luckily present presently outstandingly entire full complete various certain particular particularly specific
    specifically additional extra further separate separately individual individually own various nearby handy easy
    easily safe safely directly direct sitting lying floating hanging knocking kicking course speed hand bunch few
    couple handful single existing relevant aforementioned said following above below along across behind beside
    anymore forthwith pronto posthaste instanter presently therewith thereof thereto hereby herewith hereof duly
    basis straight current purpose sake case ready glad happy grateful pleased appreciated appreciate
    possible himself herself themselves itself total altogether""".split(),
)
# What begins the object of a verb: before it, `refund` and `draft` are something to do.
OBJECTS: Final = frozenset(
    """a an the this that these those my our your his her its their it them him me us both all every each everyone
    everybody""".split(),
)
DENYING: Final = frozenset("not never no nor neither cannot".split())
POSSESSIVE: Final = frozenset("his her their its".split())
# Verbs so common that they count as grammar.
LIGHT_VERBS: Final = frozenset(("make", "get", "let", "go", "do"))
_COMMANDING: Final = 11  # so many rows of those below are verbs that requests begin with
# What makes another verb of the one before it: `write off`, `pull up`.
PARTICLES: Final = frozenset("up out off back down away".split())
_SAME: Final = tuple(
    line.strip()
    for line in """
    put pop chuck throw whack bung stick
    create make generate raise draft prepare produce write issue do build set add new put whip knock register \
establish compose chuck throw whack bung
    show list display see view pull bring find look check fetch read provide state enumerate itemise itemize present \
retrieve dig run tell give
    send email mail shoot forward fire dispatch deliver ship flick fling transmit whizz zap
    connect link hook plug attach integrate join wire
    disconnect unlink unhook unplug detach sever
    change update edit set move adjust amend modify alter put bump revise reclassify correct fix extend postpone \
reset shift reschedule delay defer lower reduce switch actualise actualize convert
    delete remove erase scrap bin trash kill drop
    stop pause disable halt suspend freeze deactivate off mute silence discontinue terminate
    start enable resume activate unpause reactivate restart on
    sync refresh reconcile pull update check actualise actualize poll
    find look search
    invoice bill inv
    payment money cash fund remittance dosh dough moolah
    pay pays paid settle settled cough
    client customer contact payer punter
    opportunity deal job project opp gig
    automation rule workflow
    channel room
    statement report summary numbers figures breakdown overview stats
    remind nudge chase prod poke pester hound badger hassle jog
    reminder nudge chaser prod poke
    refund reimburse repay
    void annul nullify rescind invalidate quash
    record log enter note register book post
    """.strip().splitlines()
)


# Words that begin a command; `invoice`, `bill` and the like begin many other sentences too.
COMMANDS: Final = frozenset(word for line in _SAME[:_COMMANDING] for word in line.split()) - {"on", "off", "new"}


def _classes() -> dict[str, frozenset[str]]:
    related: dict[str, set[str]] = {}
    for line in _SAME:
        stems = {stem(word) for word in line.split()}
        for key in stems:
            related.setdefault(key, set()).update(stems)
    return {key: frozenset(stems) for key, stems in related.items()}


_ALIKE: Final = {word: frozenset(line.split()) for line in _SAME for word in line.split()}
RELATED: Final = _classes()


def alike(word: str) -> frozenset[str]:
    """Return the words that mean about the same, as they are written in one of the rows above."""
    return _ALIKE.get(word, frozenset())


def with_one_owner(words: Sequence[str]) -> tuple[str, ...]:
    """Return words with one possessive for all: `his` and `her` say what `their` does."""
    return tuple("their" if word in POSSESSIVE else word for word in words)


def related(stem_of_word: str) -> frozenset[str]:
    """Return the stems that mean about the same."""
    return RELATED.get(stem_of_word, frozenset((stem_of_word,)))
