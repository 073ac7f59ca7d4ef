"""How the model is reached and how much one request may cost."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """The model's address and the bounds of one request. Seconds are wall clock, tokens are the model's own.

    `base_url` None is OpenAI's. `max_rounds` bounds the questions to the model, `max_total_tokens` what they
    cost together, `max_seconds` how long a person waits before the last question is asked. `max_retries` are
    those of one question, after a time-out, a 429 or a 5xx. The history bounds say how much of the
    conversation is told. `daily_tokens` is what all requests of one person may cost within 24 hours.
    """

    api_key: str = field(repr=False)
    base_url: str | None
    model: str
    timeout_seconds: float = 30
    max_retries: int = 2
    max_rounds: int = 8
    max_seconds: float = 120
    max_total_tokens: int = 100_000
    daily_tokens: int = 1_000_000
    max_output_tokens: int = 4_096
    history_turns: int = 12
    history_characters: int = 12_000
