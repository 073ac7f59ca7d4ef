"""Calls that nobody watches."""

from __future__ import annotations

from billing.watching import OK, unwatched


def test_a_call_that_nobody_watches_can_say_what_it_likes() -> None:
    with unwatched("stripe", "GET /v1/account") as call:
        assert call.result == OK
        call.facts["stripe_request"] = "req_1"
    with unwatched("stripe", "GET /v1/account") as other:
        assert other.facts == {}
