"""Whatever is wrong with the model, the calls that were made are known and the parser can still answer."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Never

import pytest

from billing.errors import ProviderUnavailable
from bot.assistant.model.answer import ModelUnavailable
from tests.support.inquiries import an_inquiry
from tests.support.openai import Broken, CallTool, Cut, Fail, Hang, Incomplete, Say, ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.assistant.model.route import ModelRoute
    from tests.support.inquiries import Door
    from tests.support.openai import Step

    Routes = Callable[..., ModelRoute]


@pytest.mark.parametrize("status", [429, 500, 503, 408, 409])
def test_a_failure_that_passes_is_tried_again(
    status: int, scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(Fail(status), Fail(status), Say("Here I am."))

    assert route().converse(an_inquiry(), door).text == "Here I am."


@pytest.mark.parametrize("status", [429, 500])
def test_a_failure_that_stays_is_tried_three_times_in_all(
    status: int, scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(*[Fail(status)] * 3)

    with pytest.raises(ModelUnavailable) as given_up:
        route().converse(an_inquiry(), door)

    assert given_up.value.reason.startswith(f"status {status} scripted_{status}")
    assert len(scripted_model.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refused_request_is_not_repeated(
    status: int, scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(Fail(status))

    with pytest.raises(ModelUnavailable, match="Try again"):
        route().converse(an_inquiry(), door)


def test_nobody_waits_two_minutes_because_the_model_says_so(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(Fail(429, retry_after="100"))
    started = time.monotonic()

    with pytest.raises(ModelUnavailable):
        route().converse(an_inquiry(), door)

    assert time.monotonic() - started < 10


def test_a_wait_given_as_a_date_is_left_to_the_package(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(Fail(429, retry_after="Wed, 11 Mar 2026 00:00:00 GMT"), Say("Here I am."))

    assert route().converse(an_inquiry(), door).text == "Here I am."


def test_a_model_that_hangs_is_given_up(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(CallTool("make_thing", {"name": "Print"}), Hang(), Hang())

    with pytest.raises(ModelUnavailable) as given_up:
        route(timeout_seconds=0.3, max_retries=1).converse(an_inquiry(), door)

    assert given_up.value.reason == "time-out"
    assert [call.skill for call in given_up.value.calls] == ["make_thing"]


def test_a_model_that_is_not_there_is_unavailable(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(ModelUnavailable) as given_up:
        route(base_url=f"http://127.0.0.1:{port}/v1", max_retries=0).converse(an_inquiry(), door)

    assert given_up.value.reason == "no connection"


@pytest.mark.parametrize(
    "step",
    [
        Broken(),
        Broken("<html>Welcome to the proxy</html>", "text/html"),
        Broken("[]"),
        Broken("null"),
        Broken('{"output": null}'),
        Broken('{"id": "resp_1", "object": "response", "status": "completed", "output": "yes"}'),
        Broken('{"id": "resp_1", "status": "completed", "output": [{"type": "function_call", "name": {}}]}'),
        Broken('{"id": "resp_1", "status": "completed", "output": []}'),
        Broken('{"id": "resp_1", "status": "failed", "error": {"code": "server_error"}, "output": []}'),
        Broken('{"id": "resp_1", "status": "in_progress", "output": []}'),
        Incomplete(text="I have made the"),
        Incomplete(call=CallTool("make_thing", '{"name": "Pri')),
        Say(""),
    ],
    ids=str,
)
def test_an_answer_that_is_none_is_not_acted_on(
    step: Step, scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(CallTool("list_things", {}), step)

    with pytest.raises(ModelUnavailable) as given_up:
        route().converse(an_inquiry(), door)

    assert [call.skill for call in door.called] == ["list_things"]
    assert [call.skill for call in given_up.value.calls] == ["list_things"]
    assert given_up.value.usage.rounds >= 1


@pytest.mark.parametrize(
    "step",
    [
        Cut("I have made"),
        Cut("I have made", ending="error"),
        Cut("I have made", ending="failed"),
        Cut("I have made", ending="{"),
        Cut("I have made", ending='{"error": {"message": "overloaded"}}'),
        Broken(),
        Fail(500),
        Incomplete(text="I have made the"),
    ],
    ids=str,
)
def test_a_stream_that_breaks_off_is_no_answer(
    step: Step, scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(CallTool("list_things", {}), step)

    with pytest.raises(ModelUnavailable) as given_up:
        route(max_retries=0).converse(an_inquiry(), door, lambda _: None)

    assert [call.skill for call in given_up.value.calls] == ["list_things"]


def test_an_error_of_the_runner_itself_is_not_taken_for_the_models(
    scripted_model: ScriptedModel, route: Routes
) -> None:
    def broken(_: object) -> Never:
        message = "a fault of ours"
        raise RuntimeError(message)

    scripted_model.expect(CallTool("list_things", {}))

    with pytest.raises(RuntimeError, match="a fault of ours"):
        route().converse(an_inquiry(), broken)


def test_the_reason_is_not_what_people_read(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(Fail(401))

    with pytest.raises(ProviderUnavailable) as given_up:
        route().converse(an_inquiry(), door)

    assert given_up.value.retryable
    assert "401" not in given_up.value.user_message
