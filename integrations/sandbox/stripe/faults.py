"""What the sandbox answers when it refuses: Stripe's error bodies, status by status."""

from __future__ import annotations

from typing import Any, Final

BAD_REQUEST: Final = 400
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404


class ApiFault(Exception):
    """An answer of the API that is an error, in the form that Stripe gives it."""

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        status: int = BAD_REQUEST,
        type_: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        parts = {"type": type_, "message": message, "param": param, "code": code}
        self.error = {name: value for name, value in parts.items() if value is not None}

    @property
    def body(self) -> dict[str, Any]:
        """Return the answer's JSON."""
        return {"error": self.error}


class OAuthFault(Exception):
    """An answer of the OAuth addresses that is an error: its `error` is a word, as RFC 6749 has it."""

    def __init__(self, error: str, description: str, *, status: int = BAD_REQUEST) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"error": error, "error_description": description}


def missing(kind: str, id_: str, param: str = "id") -> ApiFault:
    """Return the fault that the account has no such object."""
    return ApiFault(f"No such {kind}: '{id_}'", param=param, code="resource_missing", status=NOT_FOUND)


def unsupported(what: str, param: str) -> ApiFault:
    """Return the fault that Stripe could do this, but the sandbox does not."""
    return ApiFault(f"The sandbox does not support {what}. Stripe itself may.", param=param)
