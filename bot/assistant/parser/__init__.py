"""Sentences to calls without a model: what people say is read against the skills' own examples and the records."""

from bot.assistant.parser.parser import Parser

__all__ = ["Parser"]
