"""Typst, kept warm: its fonts are read once, and one thread of the process sets all pages, one after the other.

What people typed comes to typst as data (`sys.inputs`), never as markup. The only folder that a page can read from
is empty but for the logo that is being printed.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import typst

from billing.errors import PrintingFailed
from integrations.documents.glyphs import Glyphs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import TypeAlias

    from billing.parties import Logo

    _Pages: TypeAlias = bytes | list[bytes]

_HERE: Final = Path(__file__).parent
FONTS: Final = _HERE / "fonts"
_TEMPLATES: Final = _HERE / "templates"
# Tagged (A-3a), since it is read aloud too, and with files inside, which is what Factur-X asks for.
STANDARDS: Final[list[typst.PDFStandard]] = ["a-3a", "ua-1"]
# Typst remembers its last ten documents: of an invoice with a thousand lines, that is 600 MiB.
_LONG: Final = 50_000
_REMEMBERED: Final = 11
_SUFFIXES: Final = {"image/png": ".png", "image/jpeg": ".jpg", "image/svg+xml": ".svg"}


class Typesetter:
    """Sets pages from `templates/*.typ` and data. `seconds` is how long one document may take.

    May be shared by threads. Raises PrintingFailed for what takes longer or cannot be set.
    """

    def __init__(self, *, seconds: float = 20.0) -> None:
        self._seconds = seconds
        self._worker = ThreadPoolExecutor(1, "typesetter")

    def pdf(self, template: str, data: dict[str, Any], day: date, *, logo: Logo | None = None) -> bytes:
        """Return a PDF/A-3a; the same data and day give the same bytes. A logo that is no picture is left out."""
        stamp = datetime.combine(day, time(), UTC)
        pdf = self._set(template, data, logo, format="pdf", pdf_standards=STANDARDS, timestamp=stamp)
        assert isinstance(pdf, bytes)  # noqa: S101 - what one PDF is
        return pdf

    def images(self, template: str, data: dict[str, Any], *, logo: Logo | None = None, ppi: float) -> list[bytes]:
        """Return every page as a PNG with so many pixels an inch."""
        pages = self._set(template, data, logo, format="png", ppi=ppi)
        return [pages] if isinstance(pages, bytes) else pages

    def _set(self, template: str, data: dict[str, Any], logo: Logo | None, **how: Any) -> _Pages:  # noqa: ANN401 - what the compiler takes
        def work() -> _Pages:
            try:
                return self._compile(template, data, logo, how)
            except typst.TypstError:
                if logo is None:
                    raise
                return self._compile(template, data, None, how)

        return self._in_time(work)

    def _in_time(self, work: Callable[[], _Pages]) -> _Pages:
        try:
            return self._worker.submit(work).result(self._seconds)
        except TimeoutError as error:
            raise PrintingFailed("The document is too long to be printed. Send it in several parts.") from error
        except typst.TypstError as error:
            raise PrintingFailed("The document cannot be printed. Its texts or its logo are damaged.") from error

    def _compile(self, template: str, data: dict[str, Any], logo: Logo | None, how: dict[str, Any]) -> _Pages:
        """Run typst; only ever called in the one thread."""
        press = self._press
        # An attached file is data for machines: what no font can show has to stay in it.
        texts = {key: value for key, value in data.items() if key != "attachment"}
        shown = press.glyphs.printable(texts) | {"attachment": data["attachment"]}
        with TemporaryDirectory(prefix="evie-documents-") as folder:
            inputs = json.dumps(shown | {"logo": _place(logo, Path(folder))})
            pages = press.compiler.compile(input=_source(template), sys_inputs={"data": inputs}, root=folder, **how)
        if len(inputs) > _LONG:
            self._worker.submit(press.forget)
        assert pages is not None  # noqa: S101 - it is only where typst writes a file
        return pages

    @cached_property
    def _press(self) -> _Press:
        return _Press()


class _Press:
    """What is made once: the compiler with its fonts, and the signs that they have."""

    def __init__(self) -> None:
        self.glyphs = Glyphs(FONTS)
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
        self.compiler = typst.Compiler(b"", font_paths=fonts)

    def forget(self) -> None:
        """Set empty pages until nothing else is remembered."""
        for _ in range(_REMEMBERED):
            self.compiler.compile(input=b"", format="pdf", sys_inputs=None)


def _place(logo: Logo | None, folder: Path) -> str | None:
    """Put the logo where the page finds it, and return where that is."""
    if logo is None or logo.media_type not in _SUFFIXES:
        return None
    name = f"logo{_SUFFIXES[logo.media_type]}"
    (folder / name).write_bytes(logo.content)
    return f"/{name}"


def _source(template: str) -> bytes:
    return b"\n".join((_TEMPLATES / name).read_bytes() for name in ("common.typ", f"{template}.typ"))
