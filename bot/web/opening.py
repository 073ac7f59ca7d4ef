"""`/open/{token}`: from the chat to a page for the people of the business, by a ticket that works once.

Looking at the address uses nothing up, for programs look at addresses too: a person presses the button. From then on
the browser holds a session in a cookie that nothing else reads, and the address is worth nothing any more. Whatever is
wrong with a ticket or a session, and whoever asks, the answer is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from starlette.responses import RedirectResponse, Response

from billing.page_tickets import SESSION_LIFETIME, PageDoor
from billing.pages import Page
from bot.web.headers import FORM_POLICY
from bot.web.pages import Notice, notice, render
from skills.cards import Tone

if TYPE_CHECKING:
    from starlette.requests import Request

    from billing.page_tickets import Visitor
    from bot.web.site import Site

LARGEST_FORM: Final = 1024
_PLACES: Final = {Page.PAYMENTS: ("/payments", "The payment log"), Page.REPORT: ("/report", "The billing report")}
_SHUT: Final = Notice(
    "This page is closed",
    "Its link works once and for a few minutes, and a visit ends after some hours. Ask Evie in the chat for a new one: "
    "“open the payment log” or “open the billing report”.",
    Tone.NEUTRAL,
)


def ask(site: Site, request: Request) -> Response:
    """Show the button that opens the page."""
    page = _door(site).leads_to(str(request.path_params["token"]))
    if page is None:
        return shut()
    return render("open.html", policy=FORM_POLICY, title=_PLACES[page][1])


def enter(site: Site, request: Request) -> Response:
    """Use up the ticket, give the browser its session and send it on to the page."""
    entered = _door(site).enter(str(request.path_params["token"])) if _is_ours(site, request) else None
    if entered is None:
        return shut()
    path, _ = _PLACES[entered.page]
    answer = RedirectResponse(f"{path}?{urlencode(entered.query)}" if entered.query else path, 303)
    answer.set_cookie(
        _cookie(site),
        entered.session,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        secure=site.https,
        httponly=True,
        samesite="strict",
    )
    return answer


def visitor(site: Site, request: Request, page: Page) -> Visitor | None:
    """Return who is looking at a page, if that person may."""
    return _door(site).visitor(request.cookies.get(_cookie(site), ""), page)


def shut() -> Response:
    """Return the answer to whoever may not see the page or whatever is not there."""
    return notice(_SHUT, status=404)


def _door(site: Site) -> PageDoor:
    return PageDoor(site.services.store, site.services.clock)


def _cookie(site: Site) -> str:
    # With the prefix no other host and no unencrypted page can set it; browsers take that over https only.
    return "__Host-evie" if site.https else "evie"


def _is_ours(site: Site, request: Request) -> bool:
    """Say whether our own page sent the form: another could let a person in as somebody else."""
    sent_by = request.headers.get("sec-fetch-site")
    if sent_by is not None:
        return sent_by == "same-origin"
    # With no referrer, browsers call the origin of a form's sender null; older ones leave it out.
    origin = request.headers.get("origin", "null")
    return origin == "null" or urlsplit(origin).netloc == urlsplit(site.settings_base_url).netloc
