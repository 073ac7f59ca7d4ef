"""The translations of what clients read: one catalog for mails, documents and pages, chosen by the reader's locale.

A text is written in English where it is used, as the argument of a call named `text`; `make words` collects those
calls into `locale/*/LC_MESSAGES/evie.po`, where they are translated, and compiles what gettext reads.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError

DOMAIN: Final = "evie"
LANGUAGES: Final = ("en", "de", "fr", "es")
FOLDER: Final = Path(__file__).with_name("locale")


def text(message: str, locale: str) -> str:
    """Return the English message in the language of a locale such as `de_DE`; as it is where there is none."""
    return _catalog(language_of(locale)).gettext(message)


def language_of(locale: str) -> str:
    """Return which of our languages a reader of the locale is written to in: English where it is not one of them."""
    language = str(parsed(locale).language)
    return language if language in LANGUAGES else LANGUAGES[0]


@cache
def parsed(locale: str) -> Locale:
    """Return Babel's locale of that name (`en_AU` or `en-AU`), international English where nobody writes in it."""
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en", "001")


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [language])
