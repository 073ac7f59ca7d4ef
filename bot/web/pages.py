"""From a template to an answer: everything that a person reads in a browser is made here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from bot.web import assets
from bot.web.headers import PAGE_POLICY
from skills.cards import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.ports import Formats

_BAD_REQUEST: Final = 400

_templates: Final = Environment(
    loader=PackageLoader("bot.web"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["asset"] = assets.address


@dataclass(frozen=True, slots=True)
class Notice:
    """A page that says one thing. `business` is whose page it is, "" for Evie's own; `facts` are label and value.

    `link` is a label and an address.
    """

    title: str
    text: str
    tone: Tone = Tone.NEUTRAL
    business: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    link: tuple[str, str] | None = None


def render(
    template: str,
    *,
    status: int = 200,
    policy: str = PAGE_POLICY,
    reader: Formats | None = None,
    **values: Any,  # noqa: ANN401 - what the template shows
) -> HTMLResponse:
    """Return a page made from `templates/{template}`, in the language of its reader, English where nobody is known."""
    words = {"text": reader.text, "language": reader.language} if reader else {"text": str, "language": "en"}
    content = _templates.get_template(template).render(words | values)
    return HTMLResponse(content, status, {"content-security-policy": policy})


def notice(
    shown: Notice,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    reader: Formats | None = None,
) -> HTMLResponse:
    """Return a page that says one thing."""
    page = render("notice.html", status=status, reader=reader, notice=shown, business=shown.business)
    page.headers.update(headers or {})
    return page


def notice_page(title: str, text: str, status: int) -> HTMLResponse:
    """Return Evie's own page that says one thing, for other rooms that have no templates."""
    return notice(Notice(title, text, Tone.GOOD if status < _BAD_REQUEST else Tone.BAD), status=status)
