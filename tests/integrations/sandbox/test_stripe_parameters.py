"""What the sandbox refuses of a request, with the codes and words of Stripe."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.sandbox.stripe.http import Request
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from tests.support.stripe import SettableClock
from tests.support.stripe_api import KEY, PRICE, error, get, make_link, post, read


@pytest.mark.parametrize(
    ("changed", "code", "param"),
    [
        ({"surprise": "1"}, "parameter_unknown", "surprise"),
        ({"line_items[0][colour]": "red"}, "parameter_unknown", "line_items[0][colour]"),
        ({"line_items[0][price_data][unit_amount]": "12.5"}, "parameter_invalid_integer", None),
        ({"line_items[0][price_data][unit_amount]": "lots"}, "parameter_invalid_integer", None),
        ({"line_items[0][price_data][unit_amount]": "-5"}, "parameter_invalid_integer", None),
        ({"line_items[0][price_data][unit_amount]": "49"}, "amount_too_small", "line_items"),
        ({"line_items[0][price_data][unit_amount]": "100000000"}, "amount_too_large", None),
        ({"line_items[0][price_data][product_data][name]": ""}, "parameter_invalid_empty", None),
        ({"restrictions[completed_sessions][limit]": "0"}, "parameter_invalid_integer", None),
        ({"after_completion[type]": "redirect"}, "parameter_missing", "after_completion[redirect][url]"),
        (
            {"after_completion[type]": "redirect", "after_completion[redirect][url]": "evie"},
            "url_invalid",
            "after_completion[redirect][url]",
        ),
        ({"restrictions[limit]": "1"}, "parameter_unknown", "restrictions[limit]"),
        ({"after_completion[hosted_confirmation][custom_message]": "x"}, "parameter_missing", "after_completion[type]"),
    ],
)
def test_a_parameter_that_is_wrong_is_refused_with_stripes_code(
    sandbox: SandboxStripe,
    changed: dict[str, str],
    code: str,
    param: str | None,
) -> None:
    answer = post(sandbox, "/v1/payment_links", PRICE | changed)

    assert answer.status == 400
    refusal = error(answer)
    assert (refusal["type"], refusal["code"]) == ("invalid_request_error", code)
    assert refusal["param"] == (param or next(iter(changed)))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"line_items[0][price_data][currency]": "xyz"}, "Invalid currency: xyz"),
        ({"line_items[0][price_data][recurring][interval]": "fortnight"}, "must be one of day, month, week or year"),
        (
            {
                "line_items[0][price_data][recurring][interval]": "month",
                "line_items[0][price_data][recurring][interval_count]": "37",
            },
            "every three years",
        ),
        ({"line_items[0][quantity]": "0"}, "Quantity"),
        ({"line_items": "all"}, "is a value and an object at once"),
        ({"metadata": "text"}, "Invalid object"),
        ({"metadata[key]": "v" * 501}, "up to 500"),
        ({"metadata[" + "k" * 41 + "]": "v"}, "up to 40"),
        ({f"metadata[k{number}]": "v" for number in range(51)}, "up to 50 keys"),
        ({"inactive_message": "m" * 501}, "at most 500"),
        ({"subscription_data[metadata][a]": "b"}, "can not pass `subscription_data` in `payment` mode"),
        ({"automatic_tax[enabled]": "true"}, "The sandbox does not support 'automatic_tax'"),
        ({"application_fee_percent": "1.5"}, "The sandbox does not support 'application_fee_percent'"),
        ({"payment_intent_data[setup_future_usage]": "on_session"}, "does not support 'setup_future_usage'"),
        ({"line_items[0][adjustable_quantity][enabled]": "true"}, "does not support 'adjustable_quantity'"),
        ({"line_items[0][price_data][tax_behavior]": "inclusive"}, "does not support 'tax_behavior'"),
        ({"line_items[0][price_data][product_data][tax_code]": "txcd_1"}, "does not support 'tax_code'"),
        ({f"line_items[{place}][quantity]": "1" for place in range(21)}, "from 1 to 20 line items"),
        ({"b": "1", "b[c]": "2"}, "is a value and an object at once"),
        ({"allow_promotion_codes": "perhaps"}, "Invalid boolean: perhaps"),
        ({"application_fee_percent": "much"}, "Invalid decimal: much"),
        ({"application_fee_percent": "NaN"}, "Invalid decimal: NaN"),
        ({"expand[0]": "customer"}, "cannot be expanded"),
        ({"expand[0]": "line_items.data.price.product.a.b"}, "more than 4 levels"),
        ({"expand[x]": "line_items"}, "Invalid array"),
        ({"expand[0][a]": "line_items"}, "Invalid string"),
        ({"a[b": "1"}, "Invalid parameter name"),
        ({"a" + "[b]" * 20: "1"}, "Invalid parameter name"),
        ({"a": "%ff"}, "not valid form encoding"),
    ],
)
def test_what_stripe_has_no_code_for_is_refused_in_words(
    sandbox: SandboxStripe,
    changed: dict[str, str],
    words: str,
) -> None:
    answer = post(sandbox, "/v1/payment_links", PRICE | changed)

    assert answer.status == 400
    assert words in error(answer)["message"]


def test_a_coin_that_does_not_exist_is_refused(sandbox: SandboxStripe) -> None:
    for currency, amount in (("isk", "750050"), ("kwd", "12345")):
        price = {"line_items[0][price_data][currency]": currency, "line_items[0][price_data][unit_amount]": amount}
        answer = post(sandbox, "/v1/payment_links", PRICE | price)
        assert error(answer)["param"] == "line_items[0][price_data][unit_amount]"


def test_what_is_missing_is_named(sandbox: SandboxStripe) -> None:
    nothing = error(post(sandbox, "/v1/payment_links", {}))
    no_price = error(post(sandbox, "/v1/payment_links", {"line_items[0][quantity]": "1"}))
    no_amount = error(post(sandbox, "/v1/payment_links", {k: v for k, v in PRICE.items() if "unit_amount" not in k}))

    assert (nothing["code"], nothing["param"]) == ("parameter_missing", "line_items")
    assert "either `price` or `price_data`" in no_price["message"]
    assert no_amount["param"] == "line_items[0][price_data][unit_amount]"


def test_a_refused_link_leaves_nothing_behind(sandbox: SandboxStripe) -> None:
    post(sandbox, "/v1/payment_links", PRICE | {"inactive_message": "m" * 501})

    assert read(get(sandbox, "/v1/payment_links"))["data"] == []
    assert read(get(sandbox, "/v1/products"))["data"] == []


def test_prices_of_one_link_agree_on_currency_and_interval(sandbox: SandboxStripe) -> None:
    second = {name.replace("[0]", "[1]"): value for name, value in PRICE.items()}
    currencies = PRICE | second | {"line_items[1][price_data][currency]": "eur"}
    interval = "line_items[{}][price_data][recurring][interval]"
    intervals = PRICE | second | {interval.format(0): "month", interval.format(1): "year"}

    assert "same currency" in error(post(sandbox, "/v1/payment_links", currencies))["message"]
    assert "same interval" in error(post(sandbox, "/v1/payment_links", intervals))["message"]


def test_metadata_is_merged_and_a_key_is_unset_by_nothing(sandbox: SandboxStripe) -> None:
    link = make_link(sandbox, **{"metadata[a]": "1", "metadata[b]": "2"})
    path = f"/v1/payment_links/{link['id']}"

    merged = read(post(sandbox, path, {"metadata[b]": "", "metadata[c]": "3"}))

    assert merged["metadata"] == {"a": "1", "c": "3"}
    assert error(post(sandbox, path, {"metadata": ""}))["code"] == "parameter_invalid_empty"


names = st.sampled_from([*PRICE, "expand[]", "metadata[a]", "metadata", "restrictions", "line_items", "active"])


@given(form=st.dictionaries(names | st.text(max_size=20), st.text(max_size=40), max_size=8), raw=st.binary())
def test_whatever_is_sent_is_answered(form: dict[str, str], raw: bytes) -> None:
    core = SandboxStripe(SandboxSettings("http://s.example"), SettableClock())
    body = "&".join(f"{name}={value}" for name, value in (PRICE | form).items()).encode("utf-8", "surrogatepass")

    for sent in (body, raw):
        answer = core.handle(Request("POST", "/v1/payment_links", headers={"authorization": KEY}, body=sent))
        assert answer.status in {200, 400, 404}
        json.loads(answer.body)
    core.close()
