"""Stripe's HTTP client with somebody watching: each request, each retry too, with the ids by which Stripe knows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import stripe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.watching import Watch

# Whatever stands before the version is the address of a stand-in.
_VERSION: Final = re.compile(r"^.*?(?=/v\d+/)")
# In Stripe's paths, what is no id is a word in small letters.
_ID: Final = re.compile(r"(?<=/)(?!v\d+(?:/|$))[^/]*[^a-z_/][^/]*")


class WatchedHTTPClient(stripe.HTTPClient):
    """Hands each request to another client. The address is told without ids and without a query: both may name people.

    `Idempotency-Key` is what we call a request and `Request-Id` what Stripe calls it, as its dashboard shows it.
    """

    def __init__(self, inner: stripe.HTTPClient, watch: Watch) -> None:
        super().__init__()
        self.name = inner.name  # type: ignore[misc] # the package writes it into its user agent, for each client
        self._inner = inner
        self._watch = watch

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,  # noqa: ANN401 - the package's own signature
        *,
        _usage: list[str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]:
        """Return (body, status, headers), as the other client does; raises what it raises."""
        with self._watch("stripe", operation(method, url)) as call:
            call.result = "no_answer"
            call.facts |= _named(headers or {}, {"idempotency-key": "idempotency_key"})
            answer = self._inner.request(method, url, headers, post_data)
            call.result = str(answer[1])
            call.facts |= _named(answer[2], {"request-id": "stripe_request"})
            return answer

    def close(self) -> None:
        """Close the other client."""
        self._inner.close()  # type: ignore[no-untyped-call] # not annotated there


def operation(method: str, url: str) -> str:
    """Return what is asked for, such as `GET /v1/payment_links/:id`."""
    return f"{method.upper()} {_ID.sub(':id', _VERSION.sub('', urlsplit(url).path))}"


def _named(headers: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    return {names[name.lower()]: value for name, value in headers.items() if name.lower() in names}
