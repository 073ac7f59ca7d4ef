"""The sandbox's REST API: who may ask for what, what is answered when it is asked twice, and how lists are read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import stripe

from integrations.sandbox.stripe.http import Request
from integrations.sandbox.stripe.sandbox import SandboxStripe
from tests.support.stripe import SettableClock, a_payer
from tests.support.stripe_api import PRICE, error, get, make_link, post, read

if TYPE_CHECKING:
    import httpx2
    from stripe import StripeClient

    from tests.support.stripe import RunningSandbox


def test_a_key_is_asked_for(sandbox: SandboxStripe) -> None:
    none = sandbox.handle(Request("GET", "/v1/account"))
    basic = get(sandbox, "/v1/account", authorization="Basic abc")
    wrong = get(sandbox, "/v1/account", authorization="Bearer sk_test_somebody_else_entirely")

    assert [answer.status for answer in (none, basic, wrong)] == [401, 401, 401]
    assert "sk_test_somebody" not in error(wrong)["message"]


def test_oauth_is_for_the_platforms_own_key(sandbox: SandboxStripe) -> None:
    answer = post(sandbox, "/oauth/token", {"grant_type": "authorization_code"}, authorization="Bearer sk_test_x")

    assert answer.status == 401


def test_oauth_refuses_as_rfc_6749_has_it(sandbox: SandboxStripe) -> None:
    refresh = read(post(sandbox, "/oauth/token", {"grant_type": "refresh_token", "refresh_token": "rt_1"}))
    other = read(post(sandbox, "/oauth/token", {"grant_type": "password"}))
    nothing = read(post(sandbox, "/oauth/token", {}))

    assert refresh["error"] == "unsupported_grant_type"
    assert other["error_description"] == "Invalid grant_type: must be one of authorization_code or refresh_token"
    assert nothing["error"] == "invalid_request"


def test_a_connected_accounts_own_key_reaches_that_account_and_no_other(sandbox: SandboxStripe) -> None:
    account, other = sandbox.connect("Bluebird"), sandbox.connect("Cedar")
    with sandbox._ledger() as ledger:
        row = ledger.database.execute("select secret from keys where account = ?", (account,)).fetchone()
    own = f"Bearer {row['secret']}"

    assert read(get(sandbox, "/v1/account", authorization=own))["id"] == account
    assert get(sandbox, "/v1/account", authorization=own, stripe_account=other).status == 403
    assert get(sandbox, f"/v1/accounts/{other}", authorization=own).status == 403


def test_the_platform_sees_connected_accounts_only(sandbox: SandboxStripe) -> None:
    account = sandbox.connect("Bluebird")

    assert read(get(sandbox, f"/v1/accounts/{account}"))["business_profile"]["name"] == "Bluebird"
    assert error(get(sandbox, "/v1/accounts/acct_nobody"))["code"] == "account_invalid"
    assert get(sandbox, "/v1/charges", stripe_account="acct_nobody").status == 403


def test_the_platform_finds_itself_by_its_id(sandbox: SandboxStripe) -> None:
    platform = sandbox.settings.platform

    assert read(get(sandbox, f"/v1/accounts/{platform}")) == read(get(sandbox, "/v1/account"))


def test_a_request_that_is_too_large_is_not_read_to_its_end(
    sandbox_server: RunningSandbox,
    visitor: httpx2.Client,
) -> None:
    answer = visitor.post(f"{sandbox_server.core.settings.base_url}/v1/payment_links", content=b"a" * (2 << 20))

    assert answer.status_code == 413


def test_what_is_on_one_account_is_not_on_another(sandbox: SandboxStripe) -> None:
    account = sandbox.connect("Bluebird")
    link = make_link(sandbox)

    assert get(sandbox, f"/v1/payment_links/{link['id']}", stripe_account=account).status == 404
    assert read(get(sandbox, "/v1/payment_links", stripe_account=account))["data"] == []


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/payment_links/a/b", "/elsewhere", "//", "/c/pay", "/v1/"])
def test_an_address_that_is_nothing_is_not_found(sandbox: SandboxStripe, path: str) -> None:
    assert get(sandbox, path).status == 404


def test_the_same_key_and_parameters_get_the_same_answer(sandbox: SandboxStripe) -> None:
    first = post(sandbox, "/v1/payment_links", PRICE, idempotency_key="k1")
    again = post(sandbox, "/v1/payment_links", dict(reversed(PRICE.items())), idempotency_key="k1")

    assert first.body == again.body
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["Request-Id"] != again.headers["Request-Id"]
    assert len(read(get(sandbox, "/v1/payment_links"))["data"]) == 1


def test_the_same_key_with_other_parameters_is_a_conflict(sandbox: SandboxStripe, client: StripeClient) -> None:
    link = make_link(sandbox)
    client.v1.payment_links.update(link["id"], {"active": False}, {"idempotency_key": "k1"})

    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        client.v1.payment_links.update(link["id"], {"active": True}, {"idempotency_key": "k1"})


def test_a_key_is_an_accounts_own_and_lives_a_day(sandbox: SandboxStripe, stripe_clock: SettableClock) -> None:
    account = sandbox.connect("Bluebird")
    headers = {"idempotency_key": "k1"}
    first = post(sandbox, "/v1/payment_links", PRICE, **headers)
    other = post(sandbox, "/v1/payment_links", PRICE, stripe_account=account, **headers)
    stripe_clock.move(timedelta(days=1, seconds=1))
    later = post(sandbox, "/v1/payment_links", PRICE, **headers)

    assert len({read(answer)["id"] for answer in (first, other, later)}) == 3


def test_a_refused_request_does_not_use_its_key_up(sandbox: SandboxStripe) -> None:
    refused = post(sandbox, "/v1/payment_links", PRICE | {"surprise": "1"}, idempotency_key="k1")
    corrected = post(sandbox, "/v1/payment_links", PRICE, idempotency_key="k1")

    assert (refused.status, corrected.status) == (400, 200)


def test_a_key_has_at_most_255_characters(sandbox: SandboxStripe) -> None:
    answer = post(sandbox, "/v1/payment_links", PRICE, idempotency_key="k" * 256)

    assert error(answer)["type"] == "idempotency_error"


def test_lists_come_newest_first_and_page_by_page(sandbox: SandboxStripe, client: StripeClient) -> None:
    made = [make_link(sandbox)["id"] for _ in range(5)]

    first = client.v1.payment_links.list({"limit": 2})
    rest = client.v1.payment_links.list({"limit": 2, "starting_after": first.data[-1].id})
    back = client.v1.payment_links.list({"limit": 2, "ending_before": rest.data[0].id})

    assert [link.id for link in first.data] == made[:2:-1]
    assert [link.id for link in rest.data] == made[2:0:-1]
    assert [link.id for link in back.data] == [link.id for link in first.data]
    assert (first.has_more, back.has_more) == (True, False)
    assert [link.id for link in client.v1.payment_links.list({"limit": 2}).auto_paging_iter()] == made[::-1]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=ten", "starting_after=plink_gone", "colour=red"])
def test_a_list_that_is_asked_for_wrongly_is_refused(sandbox: SandboxStripe, query: str) -> None:
    assert get(sandbox, "/v1/payment_links", query).status in {400, 404}


def test_a_filter_that_the_sandbox_lacks_is_refused_rather_than_ignored(sandbox: SandboxStripe) -> None:
    answer = get(sandbox, "/v1/charges", "transfer_group=g")

    assert "does not support listing by 'transfer_group'" in error(answer)["message"]


def test_lists_are_narrowed_by_time(sandbox: SandboxStripe, stripe_clock: SettableClock) -> None:
    early = int(stripe_clock().timestamp())
    sandbox.pay(make_link(sandbox)["id"], a_payer())
    stripe_clock.move(timedelta(hours=1))
    sandbox.pay(make_link(sandbox)["id"], a_payer())

    def found(query: str) -> int:
        return len(read(get(sandbox, "/v1/charges", query))["data"])

    assert found("") == 2
    assert found(f"created={early}") == 1
    assert found(f"created[gt]={early}") == 1
    assert found(f"created[gte]={early}") == 2
    assert found(f"created[lt]={early}") == 0
    assert found(f"created[lte]={early}") == 1
