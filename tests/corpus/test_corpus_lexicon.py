"""Finding what a text is about: the words of the bundled tables."""

from __future__ import annotations

import pytest

from corpus.knowledge import Country, Knowledge, load_knowledge
from corpus.lexicon import Lexicon, names


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def lexicon(knowledge: Knowledge) -> Lexicon:
    return Lexicon(knowledge)


def ids(lexicon: Lexicon, text: str) -> list[str]:
    return [term.id for term in lexicon.terms(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Does it help knee osteoarthritis?", ["knee-osteoarthritis"]),
        ("Does it help gonarthrosis?", ["knee-osteoarthritis"]),
        ("my worn knee", ["knee-osteoarthritis"]),
        ("my bad knees", ["knee-osteoarthritis"]),
        ("what about osteoarthritus", ["osteoarthritis"]),
        ("KNEE ARTHRITIS", ["knee-osteoarthritis"]),
        ("Graft-versus-host disease and knee pain", ["gvhd", "knee-osteoarthritis"]),
        ("graft versus host", ["gvhd"]),
        ("steroid-refractory GvHD", ["acute-gvhd"]),
        ("kneecaps", []),
    ],
)
def test_the_longest_phrase_is_found(lexicon: Lexicon, text: str, found: list[str]) -> None:
    assert ids(lexicon, text) == found


def test_a_mention_says_where(lexicon: Lexicon) -> None:
    text = "Is my worn-out joint helped by Ryoncil, or by Ryoncil’s price?"
    assert [(m.term.id, text[m.start : m.end]) for m in lexicon.mentions(text)] == [
        ("osteoarthritis", "worn-out joint"),
        ("ryoncil", "Ryoncil"),
        ("ryoncil", "Ryoncil’s"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Does OA hurt?", ["osteoarthritis"]),
        ("does oa hurt?", ["osteoarthritis"]),
        ("Does oa hurt?", []),
        ("Does Oa hurt?", []),
    ],
)
def test_a_short_acronym_needs_capitals_unless_all_is_small(lexicon: Lexicon, text: str, found: list[str]) -> None:
    assert ids(lexicon, text) == found


def test_terms_of_one_kind(lexicon: Lexicon) -> None:
    text = "Is Alofisel approved by the EMA for knee pain?"
    assert [term.id for term in lexicon.terms(text, "product")] == ["alofisel"]
    assert [term.id for term in lexicon.terms(text, "agency")] == ["ema"]
    assert [term.id for term in lexicon.terms(text, "condition", "agency")] == ["ema", "knee-osteoarthritis"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Can you help us?", ()),
        ("They told us that it works in the US.", ("US",)),
        ("Is it legal in the U.S. or the USA?", ("US",)),
        ("united states", ("US",)),
        ("I live in Texas", ("US",)),
        ("Seoul, then Tokyo and Osaka", ("KR", "JP")),
        ("in the UK and in France", ("UK", "EU")),
        ("Toronto is in Canada, Sydney in Australia", ("CA", "AU")),
        ("Mumbai", ("IN",)),
        ("Shanghai", ("CN",)),
        ("US, not Germany", ("US", "EU")),
        ("nothing at all", ()),
    ],
)
def test_countries_in_order_of_mention(lexicon: Lexicon, text: str, codes: tuple[str, ...]) -> None:
    assert lexicon.countries(text) == codes


def test_every_word_of_the_tables_is_found(lexicon: Lexicon, knowledge: Knowledge) -> None:
    missed = [
        (word, term.id)
        for term in knowledge.terms.values()
        for word in term.words
        if [mention.term.id for mention in lexicon.mentions(word)] != [term.id]
    ]
    assert missed == []


def test_every_place_is_found(lexicon: Lexicon, knowledge: Knowledge) -> None:
    def missed(country: Country) -> list[str]:
        return [word for word in country.words if word != "us" and lexicon.countries(word) != (country.code,)]

    assert {country.code: missed(country) for country in knowledge.countries.values() if missed(country)} == {}


def test_ancestors_and_relatives(lexicon: Lexicon) -> None:
    assert lexicon.ancestors("knee-osteoarthritis") == ["knee-osteoarthritis", "osteoarthritis", "joints"]
    assert lexicon.ancestors("joints") == ["joints"]
    below = lexicon.descendants("osteoarthritis")
    assert {"osteoarthritis", "knee-osteoarthritis", "hip-osteoarthritis"} <= set(below)
    assert "joints" not in below
    assert lexicon.related("joints", "knee-osteoarthritis")
    assert lexicon.related("knee-osteoarthritis", "joints")
    assert not lexicon.related("knee-osteoarthritis", "hip-osteoarthritis")


def test_names_in_a_sentence(knowledge: Knowledge) -> None:
    terms = [knowledge.terms[name] for name in ("gvhd", "joints", "osteoarthritis")]
    assert names(terms) == "graft-versus-host disease, joint and cartilage problems and osteoarthritis"
    assert names(terms[:1]) == "graft-versus-host disease"
    assert names([]) == ""
