"""Slack's failures in our words: what may be tried again, and what a person has to mend."""

from __future__ import annotations

import re
from contextlib import contextmanager
from http.client import HTTPException
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError, SlackRequestError

from billing.errors import ProviderRefused, ProviderUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500
_DEFAULT_WAIT_SECONDS = 30.0

_PASSING = frozenset(
    "fatal_error internal_error org_login_required rate_limited ratelimited request_timeout service_unavailable "
    "team_added_to_org".split(),
)

_SENTENCES: Mapping[str, str] = {
    "channel_not_found": "Slack shows me no such channel. Invite me there with /invite @Evie.",
    "not_in_channel": "I am not in that channel. Invite me there with /invite @Evie.",
    "is_archived": "That channel is archived. Unarchive it or choose another one.",
    "messages_tab_disabled": "Direct messages to me are switched off in the Slack app's settings (App Home).",
    "restricted_action": "The channel's settings do not let me post there.",
    "restricted_action_read_only_channel": "The channel is read-only for me. Its settings say who may post there.",
    "ekm_access_denied": "Your organisation has suspended its encryption keys, so nobody can post there just now.",
    "no_permission": "Slack does not let me post there. An admin of your Slack can say what the app may do.",
    "team_access_not_granted": (
        "The organisation has not let me into this workspace. Its owners approve the app for it in Slack."
    ),
    "access_denied": "Slack does not let me in there. An admin of your Slack can say what the app may do.",
    "enterprise_is_restricted": "Your organisation does not let apps post there. Its owners can change that in Slack.",
    "missing_scope": "The Slack app lacks a permission. Update it with “evie manifest” and install it again.",
    "invalid_auth": "Slack does not accept my token any more. Install the Slack app again.",
    "not_authed": "Slack does not accept my token any more. Install the Slack app again.",
    "token_expired": "Slack does not accept my token any more. Install the Slack app again.",
    "token_revoked": "Slack does not accept my token any more. Install the Slack app again.",
    "account_inactive": "The Slack app was removed from the workspace. Install it again.",
    "user_not_in_channel": "The person is not in that channel any more.",
}


class SlackRefused(ProviderRefused):
    """Slack understood a call and said no; `reason` is its code, such as `channel_not_found`."""

    def __init__(self, user_message: str, reason: str) -> None:
        super().__init__(user_message)
        self.reason = reason


@contextmanager
def slack_errors() -> Iterator[None]:
    """Turn what Slack's package raises into ProviderUnavailable (try again) or SlackRefused (mend it)."""
    try:
        yield
    except SlackApiError as error:
        raise in_our_words(
            int(error.response.status_code), str(error.response.get("error", "")), error.response.headers
        ) from error
    except (OSError, HTTPException, SlackRequestError) as error:
        raise ProviderUnavailable("Slack did not answer.") from error


def code_of(error: SlackApiError) -> str:
    """Return Slack's code for what was wrong, or the HTTP status where the answer has no such code."""
    code = str(error.response.get("error", ""))
    return code if re.fullmatch(r"[a-z_]+", code) else str(error.response.status_code)


def in_our_words(status: int, code: str, headers: Mapping[str, str]) -> ProviderUnavailable | SlackRefused:
    """Return the error for an answer of Slack's: HTTP status, error code, response headers."""
    if status == _TOO_MANY_REQUESTS or code in {"ratelimited", "rate_limited"}:
        return ProviderUnavailable("Slack asks for a pause.", retry_after=_wait(headers))
    # What is no code at all is a page of some proxy: nobody can tell whether the call arrived.
    if status >= _SERVER_ERROR or code in _PASSING or not re.fullmatch(r"[a-z_]+", code):
        return ProviderUnavailable("Slack has trouble at the moment.")
    return SlackRefused(_SENTENCES.get(code, f"Slack refused it ({code})."), code)


def _wait(headers: Mapping[str, str]) -> float:
    """Return the seconds of a Retry-After header."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(value) if re.fullmatch(r"\d{1,6}", value) else _DEFAULT_WAIT_SECONDS
