"""How Stripe is reached: connections that stay open and are shared by all threads, and nothing around them.

The package's own client goes through `requests`, which looks for proxies, cookies and passwords anew for every
request; that took longer than the rest of the request.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import stripe
from urllib3 import PoolManager, ProxyManager, Timeout
from urllib3.exceptions import HTTPError, SSLError

if TYPE_CHECKING:
    from collections.abc import Mapping

# As many as a process may have threads that ask; the others' connections are closed after use.
_KEPT_OPEN: Final = 64
_no_answer: Any = stripe.APIConnectionError  # its constructor is not annotated


class StripeHTTPClient(stripe.HTTPClient):
    """Sends each request once. `timeout_seconds` is for the connection, and for each wait for an answer's bytes."""

    name = "urllib3"

    def __init__(self, timeout_seconds: float) -> None:
        super().__init__()
        self._timeout = Timeout(connect=timeout_seconds, read=timeout_seconds)
        self._manager_of = cache(_manager)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,  # noqa: ANN401 - the package's own signature
        *,
        _usage: list[str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]:
        """Return (body, status, headers); raises stripe.APIConnectionError where there is no whole answer."""
        parts = urlsplit(url)
        manager = self._manager_of(parts.scheme, parts.netloc)
        try:
            answer = manager.request(
                method, url, body=post_data, headers=headers, retries=False, redirect=False, timeout=self._timeout
            )
        except HTTPError as error:
            # A certificate that is wrong now will be wrong in a second, too.
            worth_a_retry = not isinstance(error, SSLError)
            raise _no_answer(f"no answer: {error}", should_retry=worth_a_retry) from error
        return answer.data, answer.status, answer.headers

    def close(self) -> None:
        """Close the connections."""
        self._manager_of.cache_clear()


def _manager(scheme: str, host: str) -> PoolManager:
    """Return what keeps the connections to a host, by the proxy that the system has set for it, if any."""
    trusted = stripe.ca_bundle_path
    proxy = None if proxy_bypass(host) else getproxies().get(scheme)
    if proxy:
        return ProxyManager(proxy, maxsize=_KEPT_OPEN, cert_reqs="CERT_REQUIRED", ca_certs=trusted)
    return PoolManager(maxsize=_KEPT_OPEN, cert_reqs="CERT_REQUIRED", ca_certs=trusted)
