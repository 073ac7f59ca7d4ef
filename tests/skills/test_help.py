"""What Evie says that she can do: the topics, and what belongs to each."""

from __future__ import annotations

from collections import Counter

import pytest

from billing.roles import Role
from skills.help_topics import TOPICS
from skills.registry import SKILLS
from tests.support.studio import Studio


def test_no_skill_belongs_to_two_topics_and_no_topic_names_one_that_is_not_there() -> None:
    named = Counter(name for topic in TOPICS for name in topic.skills)
    assert set(named.values()) == {1}
    assert named.keys() <= SKILLS.keys()


def the_overview() -> list[str]:
    """Return the topics, and the summaries of the skills that belong to none, as a new one may."""
    placed = {name for topic in TOPICS for name in topic.skills} | {"help"}
    return [*(topic.title for topic in TOPICS), *(one.summary for one in SKILLS.values() if one.name not in placed)]


def test_help_shows_the_topics_with_a_button_for_each(studio: Studio) -> None:
    card = studio.done("help").card
    assert card is not None
    assert [row.title for row in card.rows] == the_overview()
    assert card.rows[0].detail.startswith("“create a 30% deposit invoice")
    assert [button.say for button in card.buttons][:2] == ["help with invoices", "help with payments"]


def test_help_shows_only_what_the_role_allows(studio: Studio) -> None:
    for_viewers = studio.run("help", Role.VIEWER).card
    assert for_viewers is not None
    assert "Reminders" not in [row.title for row in for_viewers.rows]
    settings = studio.done("help", topic="settings").card
    assert settings is not None
    assert "“connect stripe”" in [row.detail for row in settings.rows]
    assert "connect stripe" not in str(studio.run("help", Role.VIEWER, topic="settings").card)


@pytest.mark.parametrize("called", ["automations", "Automation", "workflows"])
def test_a_topic_shows_all_that_belongs_to_it_and_leads_back(studio: Studio, called: str) -> None:
    about = studio.done("help", topic=called).card
    assert about is not None
    assert about.title == "About automations"
    assert about.rows[0].title == SKILLS["create_automation"].summary
    assert len(about.rows) == next(len(topic.skills) for topic in TOPICS if topic.title == "Automations")
    assert [button.say for button in about.buttons] == ["help"]


def test_a_word_that_is_no_topic_finds_what_it_is_said_of(studio: Studio) -> None:
    found = studio.done("help", topic="channel")
    assert found.text == "Set the channel that hears of payments and failures."
    assert found.card is not None
    assert found.card.title == "About channel"
    assert found.card.rows[0].detail.count("“") > 1


def test_what_nothing_is_known_of_says_so_and_shows_the_topics(studio: Studio) -> None:
    outcome = studio.done("help", topic="zebras")
    assert outcome.text == "I have nothing about “zebras”. These are the things that I can help with."
    assert outcome.card is not None
    assert [row.title for row in outcome.card.rows] == the_overview()


@pytest.mark.parametrize("topic", [topic.title for topic in TOPICS])
def test_no_example_has_an_open_slot(studio: Studio, topic: str) -> None:
    card = studio.done("help", topic=topic).card
    assert card is not None
    assert not any("{" in row.detail for row in card.rows)
