"""What the page calls things: grades of evidence, stages, kinds, caveats, countries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpus.knowledge import Country

NAME = "MSC Answers"
TAGLINE = "Answers from a library of named sources. Not medical advice."

EXAMPLES = (
    "Do stem cell injections help knee arthritis?",
    "Which MSC products are approved in my country?",
    "What are the risks of stem cell clinics?",
    "Can MSCs help with Crohn's disease fistulas?",
    "What are mesenchymal stromal cells?",
    "What is the safest path to a stem cell treatment?",
)

VERDICTS = {
    "supported": "The library says so too",
    "contradicted": "The library says otherwise",
    "nothing found": "The library does not settle this; it says:",
}

AUDIENCES = {"patient": "Plain words", "clinician": "With figures"}

Weight = Literal["strong", "some", "weak"]


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of evidence in plain words. `weight` only tints its badge; the words say it all."""

    label: str
    meaning: str
    weight: Weight

    @property
    def words(self) -> str:
        """Label and meaning as one line."""
        return f"{self.label}: {self.meaning}" if self.meaning else self.label


GRADES = {
    "regulator": Grade("Regulator", "a medicines authority or public body says so", "strong"),
    "guideline": Grade("Guideline", "advice agreed by an expert body", "strong"),
    "meta-analysis": Grade("Pooled studies", "many studies analysed together", "strong"),
    "rct": Grade("Randomised trial", "groups made by chance, then compared", "strong"),
    "single-arm": Grade("Single-arm study", "no comparison group", "some"),
    "observational": Grade("Observational study", "people followed, no groups made by chance", "some"),
    "case-report": Grade("Case report", "one patient or a few", "weak"),
    "preclinical": Grade("Laboratory or animal study", "not in patients", "weak"),
    "review": Grade("Review", "sums up what others found", "some"),
    "company": Grade("Company statement", "by the maker or seller", "weak"),
    "news": Grade("News report", "not a study", "weak"),
    "unspecified": Grade("Grade not stated", "", "weak"),
}

STAGES = {
    "triage": "Reading your question",
    "followup": "Reading your question",
    "retrieve": "Searching the library",
    "enough": "Weighing what was found",
    "draft": "Putting an answer together",
    "verify": "Checking each sentence against its source",
    "caveats": "Adding what to keep in mind",
}
START = STAGES["triage"]

HEADINGS = {
    "abstain": "Not in the library",
    "redirect": "A question for a person who knows you",
}

CAVEATS = {
    "not-medical-advice": "Not medical advice",
    "investigational": "Still experimental",
    "approved-narrowly": "Approved, but narrowly",
    "withdrawn": "Approval ended",
    "other-jurisdiction": "Approved elsewhere only",
    "unapproved-clinics": "Unapproved clinics",
    "trial-not-endorsement": "A listing is no endorsement",
    "conflicting-evidence": "Studies disagree",
    "early-evidence": "Early evidence",
    "report-adverse-event": "Where to report harm",
    "emergency": "Emergency",
    "out-of-date": "May be out of date",
}


def grade_of(evidence: str) -> Grade:
    """A grade of evidence in plain words; an unknown one counts as not stated."""
    return GRADES.get(evidence, GRADES["unspecified"])


def country_names(countries: dict[str, Country]) -> dict[str, str]:
    """What the country selector says for each code, in the order of the tables."""
    names = {code: country.name.removeprefix("the ") for code, country in countries.items()}
    return names | ({"other": "Another country"} if "other" in names else {})


def sentence(text: str) -> str:
    """A message that begins with a capital."""
    return text[:1].upper() + text[1:]
