"""`python -m assistant trials`: links that open the registries' own searches."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from front_door import command

from assistant.trials import BY_COUNTRY, REGISTRIES
from corpus.knowledge import ASKER_COUNTRIES


def trials(*options: object) -> dict:
    done = command("assistant", "trials", *options, "--json")
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)


@pytest.mark.parametrize(
    ("country", "registries"),
    [
        ("US", ["clinicaltrials.gov", "ictrp"]),
        ("EU", ["ctis", "clinicaltrials.gov", "ictrp"]),
        ("UK", ["isrctn", "clinicaltrials.gov", "ictrp"]),
        ("Japan", ["jrct", "clinicaltrials.gov", "ictrp"]),
        ("KR", ["cris", "clinicaltrials.gov", "ictrp"]),
        ("China", ["chictr", "clinicaltrials.gov", "ictrp"]),
        ("IN", ["ctri", "clinicaltrials.gov", "ictrp"]),
        ("AU", ["anzctr", "clinicaltrials.gov", "ictrp"]),
        ("New Zealand", ["anzctr", "clinicaltrials.gov", "ictrp"]),
        ("Mexico", ["clinicaltrials.gov", "ictrp"]),
    ],
)
def test_each_country_gets_its_own_registry_first(country: str, registries: list[str]) -> None:
    found = trials("--condition", "knee arthritis", "--country", country)
    assert [link["registry"] for link in found["links"]] == registries
    assert found["warning"].startswith("A listing in a trial registry is no endorsement")
    assert found["warning_source"]["url"].startswith("https://clinicaltrials.gov/")
    assert found["look_for"]


def test_every_country_of_a_question_has_registries() -> None:
    assert set(ASKER_COUNTRIES) - {"other"} <= set(BY_COUNTRY)
    assert {name for names in BY_COUNTRY.values() for name in names} | {"ictrp"} == set(REGISTRIES)


@pytest.mark.parametrize(
    ("country", "location"),
    [("US", ["United States"]), ("Germany", ["Germany"]), ("EU", None), ("Mexico", ["Mexico"]), ("other", None)],
)
def test_clinicaltrials_gov_is_filled_in(country: str, location: list[str] | None) -> None:
    links = trials("--condition", "ALS", "--country", country)["links"]
    link = next(link for link in links if link["registry"] == "clinicaltrials.gov")
    address = urlsplit(link["url"])
    fields = parse_qs(address.query)
    assert (address.scheme, address.netloc, address.path) == ("https", "clinicaltrials.gov", "/search")
    assert fields.pop("locn", None) == location
    assert fields == {
        "cond": ["amyotrophic lateral sclerosis"],
        "intr": ["mesenchymal"],
        "aggFilters": ["status:rec"],
    }
    assert link["filled_in"]


def test_a_condition_with_an_apostrophe_and_spaces_is_escaped() -> None:
    link = trials("--condition", "Parkinson's", "--country", "UK")["links"][0]
    assert parse_qs(urlsplit(link["url"]).query) == {"q": ['"Parkinson\'s disease" AND mesenchymal']}
    assert " " not in link["url"]


def test_a_registry_that_takes_no_filled_in_address_says_what_to_type() -> None:
    for registry in ("ctis", "jrct", "cris", "chictr", "ctri", "ictrp"):
        assert REGISTRIES[registry].query is None
    link = trials("--condition", "stroke", "--country", "JP")["links"][0]
    assert (link["filled_in"], link["to_type"], "?" in link["url"]) == (False, "mesenchymal stroke", False)
    done = command("assistant", "trials", "--condition", "stroke", "--country", "JP")
    assert "This registry takes no filled-in address: type the words into the free text field." in done.out
    assert "! A listing in a trial registry is no endorsement" in done.out


def test_unknown_names(tmp_path: object) -> None:
    done = command("assistant", "trials", "--condition", "knee", "--country", "Narnia")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: unknown country 'Narnia': ")
    assert command("assistant", "trials", "--country", "US").code == 2
