"""No request can reach a Stripe stand-in without being checked against what Stripe publishes.

Whatever the suite asks of Stripe goes through Stripe's own client to the sandbox, and the sandbox serves nothing whose
parameters it does not check: an operation that is not in the published file has no route, and one that is refuses
what is not in it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from integrations.sandbox.stripe import api, shapes
from integrations.sandbox.stripe.http import Request
from integrations.sandbox.stripe.sandbox import _OAUTH, SandboxStripe
from tests.support.stripe_api import KEY, error, get, post, read

ROOT = Path(__file__).parents[3]
OPERATIONS = sorted(route.operation for route in api._ROUTES)
# What would make a server or a client of Stripe in a test other than the sandbox's.
STAND_IN = re.compile(r"class \w+\(stripe\.HTTPClient\)|Route\(\"/v1/")


def asked(sandbox: SandboxStripe, operation: str, said: str) -> dict[str, str]:
    method, template = operation.split()
    path = re.sub(r"\{\w+\}", "id_1", template)
    body, query = (said.encode(), "") if method == "post" else (b"", said)
    request = Request(method.upper(), path, query, {"authorization": KEY}, body)
    return error(sandbox.handle(request))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_that_is_served_is_published_and_checked(sandbox: SandboxStripe, operation: str) -> None:
    assert shapes.parameters(operation)["type"] == "object"
    refused = asked(sandbox, operation, "not_a_parameter=1")
    assert (refused["code"], refused["param"]) == ("parameter_unknown", "not_a_parameter")


def test_what_is_not_published_is_not_served(sandbox: SandboxStripe) -> None:
    for method, path in (("GET", "/v1/topups"), ("POST", "/v1/topups"), ("DELETE", "/v1/refunds/re_1")):
        answer = sandbox.handle(Request(method, path, "", {"authorization": KEY}))
        assert answer.status == 404
        assert "Unrecognized request URL" in error(answer)["message"]


def test_every_route_is_checked_before_it_is_served(sandbox: SandboxStripe, monkeypatch: pytest.MonkeyPatch) -> None:
    def unpublished(operation: str) -> dict[str, object]:
        raise LookupError(operation)

    monkeypatch.setattr(shapes, "parameters", unpublished)
    with pytest.raises(LookupError, match="get /v1/account"):
        get(sandbox, "/v1/account")
    with pytest.raises(LookupError, match="post /v1/refunds"):
        post(sandbox, "/v1/refunds", {})


@pytest.mark.parametrize("path", sorted(_OAUTH))
def test_the_oauth_addresses_are_checked_too(sandbox: SandboxStripe, path: str) -> None:
    answer = post(sandbox, path, {"not_a_parameter": "1"})
    assert answer.status == 400
    assert read(answer)["error"] == "invalid_request"


def test_no_other_stand_in_for_stripe_goes_unchecked() -> None:
    tests = [path for path in ROOT.glob("tests/**/*.py") if path.name != Path(__file__).name]
    assert len(tests) > 100
    standing_in = [path.read_text() for path in tests if STAND_IN.search(path.read_text())]
    # Whoever answers a few of its addresses checks what is asked for all the same.
    assert all(text.count("require_published(") == text.count('Route("/v1/') for text in standing_in)
    clients = [path.name for path in ROOT.glob("integrations/**/*.py") if "(stripe.HTTPClient)" in path.read_text()]
    # The first is checked above, the second speaks HTTP, the third hands on what goes through it.
    assert sorted(clients) == ["in_process.py", "stripe_http.py", "stripe_watching.py"]
