"""The words by which a question is looked up."""

from __future__ import annotations

import pytest

from assistant.question import search_words


@pytest.mark.parametrize(
    "question",
    [
        "Where do MSCs come from?",
        "where are the cells in the drip taken from",
        "From where, or where in the body, are these cells usually collected from?",
    ],
)
def test_who_asks_where_cells_come_from_asks_for_their_sources(question: str) -> None:
    assert search_words(question) == f"{question} sources"


@pytest.mark.parametrize("question", ["Where do the cells go?", "Which side effects come from MSCs?"])
def test_other_questions_are_looked_up_as_they_are(question: str) -> None:
    assert search_words(question) == question
