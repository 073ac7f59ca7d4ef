"""The sandbox without a socket: Stripe's own client, whose requests go straight to the core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import stripe

from integrations.sandbox.stripe.http import Request
from integrations.sandbox.stripe.mishaps import NoAnswer
from integrations.stripe_account import StripeConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integrations.sandbox.stripe.sandbox import SandboxStripe


class InProcessHTTPClient(stripe.HTTPClient):
    """Hands each request to a sandbox in this process. Nothing leaves it, whatever address the client thinks of."""

    name = "in-process"

    def __init__(self, sandbox: SandboxStripe) -> None:
        super().__init__()
        self._sandbox = sandbox

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,  # noqa: ANN401 - the package's own signature
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Return (body, status, headers with lower-case names), as the package expects of its clients.

        Raises APIConnectionError where the sandbox is to give no answer.
        """
        parts = urlsplit(url)
        request = Request(
            method=method.upper(),
            path=parts.path.removeprefix(self._sandbox.settings.prefix),
            query=parts.query,
            headers={name.lower(): value for name, value in (headers or {}).items()},
            body=(post_data or "").encode(),
        )
        try:
            answer = self._sandbox.handle(request)
        except NoAnswer as error:
            words = "The connection ended before an answer came."
            raise stripe.APIConnectionError(words) from error  # type: ignore[no-untyped-call]  # not annotated there
        return answer.body.decode(), answer.status, {name.lower(): value for name, value in answer.headers.items()}

    def close(self) -> None:
        """Do nothing: there is no connection."""


def in_process_config(sandbox: SandboxStripe) -> StripeConfig:
    """Return what makes Stripe's client speak to this sandbox and to nothing else."""
    settings = sandbox.settings
    return StripeConfig(
        api_key=settings.api_key,
        client_id=settings.client_id,
        api_base=settings.base_url,
        connect_base=settings.base_url,
        desk=settings.base_url,
        http_client=InProcessHTTPClient(sandbox),
    )
