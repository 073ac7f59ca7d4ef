"""What a browser must not do with our answers, said in their headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.datastructures import MutableHeaders
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A page is text and a stylesheet: no script, no form, no frame, nothing of anybody else.
PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
# A page with a form of ours, whose answer is a page of ours too: some browsers hold a redirect against the form.
FORM_POLICY: Final = PAGE_POLICY.replace("form-action 'none'", "form-action 'self'")
# The page that shows a mail frames the mail, which is another page of ours.
READER_POLICY: Final = f"{PAGE_POLICY}; frame-src 'self'"
# A mail brings its own styles. It runs nothing, and a click on its links leaves the frame.
MAIL_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)

_ALWAYS: Final = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "cross-origin-opener-policy": "same-origin",
    # Most addresses hold a token, and what stands there changes with every payment.
    "cache-control": "no-store",
}
# A page that a package made, such as Bolt's for installing, has no policy of its own. A PDF gets none, which its
# reader in the browser might be held to.
_POLICY: Final = (b"content-security-policy", PAGE_POLICY.encode())
_ENCRYPTED_ONLY: Final = {"strict-transport-security": "max-age=31536000"}


def harden(headers: MutableHeaders, *, https: bool) -> None:
    """Set what is not set yet; HSTS only where the installation is reached by https."""
    for name, value in _wanted(https=https).items():
        headers.setdefault(name, value)


def _wanted(*, https: bool) -> dict[str, str]:
    return _ALWAYS | _ENCRYPTED_ONLY if https else _ALWAYS


def _is_a_page(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name == b"content-type" and value.lower().startswith(b"text/html") for name, value in headers)


class Hardening:
    """ASGI middleware that hardens every answer."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        # As they go over the wire, since this is done for every answer; Starlette's names are in small letters too.
        self._wanted = [(name.encode(), value.encode()) for name, value in _wanted(https=https).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and harden what comes back."""

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = message.get("headers", ())
                names = {name for name, _ in said}
                wanted = [*self._wanted, _POLICY] if _is_a_page(said) else self._wanted
                message["headers"] = [*said, *(header for header in wanted if header[0] not in names)]
            await send(message)

        await self._app(scope, receive, hardened)
