"""Keep the translations in step with the texts: `make words` runs this.

It collects every text of a call named `text`, in the rooms that write to clients, into the catalogs (`*.po`), and
compiles them into what gettext reads (`*.mo`). Texts that nobody uses any more go; new ones wait to be translated.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from integrations.words.catalogs import DOMAIN, FOLDER, LANGUAGES

_ROOT: Final = Path(__file__).parents[2]
_ROOMS: Final = ("billing", "integrations", "bot/web")
_TEMPLATES: Final = "jinja2.ext.babel_extract"
_METHODS: Final = [("**.py", "python"), ("**.html", _TEMPLATES), ("**.txt", _TEMPLATES)]
_KEYWORDS: Final = {"text": None}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def texts_in_use() -> set[str]:
    """Return every English text that clients can read."""
    return {
        message
        for room in _ROOMS
        for _, _, message, _, _ in extract_from_dir(_ROOT / room, _METHODS, keywords=_KEYWORDS)
        if isinstance(message, str)
    }


def catalog(language: str) -> Catalog:
    """Return a language's translations as they are on disk, empty where there are none yet."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def po_file(language: str) -> Path:
    """Return where a language is translated."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def compiled(translations: Catalog) -> bytes:
    """Return the catalog as gettext reads it; the same translations give the same bytes."""
    out = io.BytesIO()
    translations.creation_date = translations.revision_date = _EPOCH
    write_mo(out, translations)
    return out.getvalue()


def missing(translations: Catalog) -> list[str]:
    """Return the texts that wait to be translated."""
    return [str(each.id) for each in translations if each.id and not each.string]


def renewed(language: str, texts: set[str]) -> Catalog:
    """Return the language's catalog with exactly these texts; English is what the texts say themselves."""
    old, new = catalog(language), Catalog(locale=language, domain=DOMAIN, header_comment=f"# {language}")
    for text in sorted(texts):
        known = old.get(text)
        new.add(text, text if language == LANGUAGES[0] else (known.string if known else ""))
    return new


def main() -> int:
    """Renew and compile every catalog; 1 if some text is not translated."""
    texts, waiting = texts_in_use(), []
    for language in LANGUAGES:
        translations = renewed(language, texts)
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, translations, width=120, omit_header=True)
        path.with_suffix(".mo").write_bytes(compiled(catalog(language)))
        waiting += [f"{language}: {text}" for text in missing(translations)]
    sys.stderr.write("".join(f"not translated yet, {each}\n" for each in waiting))
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main())
