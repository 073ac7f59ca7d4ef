"""`/mailbox`: in a demo, the mails that clients would have got."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.web.headers import MAIL_POLICY, READER_POLICY
from bot.web.pages import render

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.web.site import Mail, Mailbox

_HEAD: Final = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
# A link in a mail opens where the mail is read, not inside the frame that shows it.
_LEAVE_THE_FRAME: Final = '<base target="_top">'


def listing(mailbox: Mailbox, _request: Request) -> Response:
    """List the mails, the newest first."""
    return render("mailbox.html", mails=mailbox.messages())


def reader(mailbox: Mailbox, request: Request) -> Response:
    """Show one mail: its headers, its HTML in a frame of its own, and its plain text."""
    return render("mail.html", policy=READER_POLICY, mail=_mail(mailbox, request))


def body(mailbox: Mailbox, request: Request) -> Response:
    """Return a mail's HTML as it came, in a sandbox that runs nothing."""
    html = _mail(mailbox, request).html
    content = _HEAD.sub(lambda head: head[0] + _LEAVE_THE_FRAME, html, count=1)
    if content == html:
        content = _LEAVE_THE_FRAME + html
    return HTMLResponse(content, headers={"content-security-policy": MAIL_POLICY})


def _mail(mailbox: Mailbox, request: Request) -> Mail:
    mail = mailbox.get(str(request.path_params["mail_id"]))
    if mail is None:
        raise HTTPException(404)
    return mail
