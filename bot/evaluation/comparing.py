"""When two calls are the same: arguments are exact after normalisation, free text is lenient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from bot.assistant.reply import CallReport
    from bot.evaluation.cases import ExpectedCall
    from skills.spec import Skill

_FREE_TEXT: Final = frozenset({"description", "message", "text", "topic", "name", "query"})
_DECIMALS: Final = frozenset({"amount", "percent", "min_amount"})
_UNORDERED: Final = frozenset({"status", "events"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares calls under a catalogue, which knows the defaults. A skill that is not in it has none."""

    skills: Mapping[str, Skill]

    def same_list(
        self,
        expected: Sequence[ExpectedCall],
        made: Sequence[CallReport],
        records: Mapping[str, str],
    ) -> bool:
        """Say whether the calls are those expected, in that order. `records` has the numbers of `$1`, `$new1` ….

        `$1` is what the first made call of the same list resulted in.
        """
        if len(expected) != len(made):
            return False
        known = {**records, **results(made)}
        return all(self.same(want, call, known) for want, call in zip(expected, made, strict=True))

    def same(self, expected: ExpectedCall, made: CallReport, records: Mapping[str, str]) -> bool:
        """Say whether one call is the one expected."""
        if expected.skill != made.skill:
            return False
        want = self._normal(expected.skill, _filled(expected.arguments, records))
        got = self._normal(made.skill, _filled(made.arguments, records))
        return _same_values(want, got)

    def _normal(self, skill: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments in one form, without those that equal their defaults."""
        known = self.skills.get(skill)
        defaults = {} if known is None else {argument.name: argument.default for argument in known.arguments}
        normal = {name: _normal_value(name, value) for name, value in arguments.items() if value is not None}
        return {
            name: value
            for name, value in normal.items()
            if name not in defaults or defaults[name] is None or value != _normal_value(name, defaults[name])
        }


def results(made: Sequence[CallReport]) -> dict[str, str]:
    """Return the records that the calls of one list resulted in, as `$1`, `$2` …."""
    return {
        f"${position}": str(call.result["number"])
        for position, call in enumerate(made, 1)
        if call.result is not None and "number" in call.result
    }


def _filled(value: Any, records: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """Put the real numbers in the place of `$1` and `$new1`."""
    if isinstance(value, Mapping):
        return {key: _filled(inner, records) for key, inner in value.items()}
    return records.get(value, value) if isinstance(value, str) else value


def _normal_value(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        return {key: _normal_value(key, inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        values = [_normal_value(name, item) for item in value]
        if len(values) == 1:
            return values[0]
        return sorted(values, key=str) if name in _UNORDERED else values
    if name in _DECIMALS and isinstance(value, str):
        return _decimal(value)
    return value


def _decimal(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _same_values(want: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    if want.keys() != got.keys():
        return False
    return all(_same_value(name, value, got[name]) for name, value in want.items())


def _same_value(name: str, want: Any, got: Any) -> bool:  # noqa: ANN401 - any JSON
    if isinstance(want, Mapping) and isinstance(got, Mapping):
        return _same_values(want, got)
    if name in _FREE_TEXT and isinstance(want, str) and isinstance(got, str):
        short, long = sorted((_plain(want), _plain(got)), key=len)
        return bool(short) and short in long
    # A truth value is not a number here, though Python takes True for 1.
    return type(want) is type(got) and bool(want == got)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
