"""Rules on what the documents say: statuses that contradict the tables, figures that differ, names that are missing.

Each looks only at sentences plain enough to be read without doubt: one product, one country, a verb and its date; one
trial, one outcome, one time. A sentence that reports what others wrote is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.approvals import OPEN, standing
from corpus.faults import Fault
from corpus.knowledge import EventKind, Knowledge
from corpus.lexicon import Lexicon
from corpus.markdown import ParsedMarkdown
from corpus.register import MONTHS, OTHER_PLACES

Parsed = Sequence[tuple[Path, ParsedMarkdown]]


@dataclass(frozen=True, slots=True)
class _Sentence:
    path: Path
    line: int
    text: str
    as_of: date | None


def prose_faults(documents: Parsed, knowledge: Knowledge) -> Iterator[Fault]:
    """Every contradiction between documents and the product table, and between documents."""
    lexicon = Lexicon(knowledge)
    sentences = [
        _Sentence(path, statement.line, parsed.text[statement.start : statement.end], _day(parsed.meta.get("as_of")))
        for path, parsed in documents
        for statement in parsed.statements
    ]
    for sentence in sentences:
        yield from _status_faults(sentence, knowledge, lexicon)
        yield from _missing_names(sentence, knowledge, lexicon)
    yield from _figure_faults(sentences)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


_DATE = rf"(?:(?P<day>\d{{1,2}}) )?(?:(?P<month>{'|'.join(MONTHS)}) )?(?P<year>(?:19|20)\d\d)\b"
_DECISIONS: tuple[tuple[str, tuple[EventKind, ...]], ...] = (
    (
        r"(?:approved|approval|authori[sz]ed|authori[sz]ation|provisional consent)",
        ("approved", "conditional", "renewed"),
    ),
    (r"(?:withdrawn|withdrew|taken off the market)", ("withdrawn", "lapsed", "application-withdrawn")),
    (r"(?:refused|rejected|turned down)", ("refused",)),
)
_VERB = "|".join(f"(?P<kind{number}>{words})" for number, (words, _) in enumerate(_DECISIONS))
_DECIDED = re.compile(rf"\b(?:{_VERB})\b(?P<between>[^.;:()]{{0,60}}?)\b(?:on|in|since|dated) {_DATE}")
_REPORTED = re.compile(
    r"\b(?:wrong\w*|lists?|listed|tables?|report\w*|announce\w*|expect\w*|plan(?:s|ned)?|propos\w+|filed|files?|applied|"
    r"appli(?:es|cation)|submi\w+|named|ask\w*|vote[ds]?|alert|court|designat\w+|trial|bill|law|exclusivity|according|"
    r"known up to|terms?|until|before|after|later|said|says|wrote|calls?|called|drugs?|label|fast track|only|still|"
    r"ended|held up)\b",
    re.I,
)
"""Words of sentences that tell what others wrote, or of something else than the decision itself."""
_IS_APPROVED = re.compile(
    r"\b(?:is|are|remains) (?:now |still |fully |conditionally )*(?:approved|authori[sz]ed|licensed) in\b"
)
_NOT_APPROVED = re.compile(
    r"\b(?:is|was|has) (?:not|never)(?: been)? (?:approved|authori[sz]ed|licensed) in\b"
    r"(?![^.]*\b(?:for|as|to|by then)\b)"
)


def _status_faults(sentence: _Sentence, knowledge: Knowledge, lexicon: Lexicon) -> Iterator[Fault]:
    """A date of a decision, or a present status, that the product table does not have."""
    text = sentence.text
    products = {term.id for term in lexicon.terms(text) if term.kind == "product"}
    places = set(lexicon.countries(text)) | {code for code, name in OTHER_PLACES.items() if name in text}
    places -= {"other"} if places & set(OTHER_PLACES) else set()
    if len(products) != 1 or len(places) != 1:
        return
    product, place = knowledge.products.get(products.pop()), places.pop()
    if product is None or place == "other":
        return
    held = [one for one in product.authorisations if one.country == place]

    def fault(message: str) -> Fault:
        said = f"{message}; mend the sentence or products.yaml: “{text}”"
        return Fault(sentence.path, sentence.line, "status-contradicted", said)

    if not _REPORTED.search(text):
        for match in _DECIDED.finditer(text):
            number = next(n for n in range(len(_DECISIONS)) if match[f"kind{n}"])
            known = [e.date for one in held for e in one.events if e.event in _DECISIONS[number][1]]
            said = _partial(match)
            if not any(day.startswith(said) or said.startswith(day) for day in known):
                has = f"has {', '.join(known)}" if known else "has no such decision"
                yield fault(f"says “{match[f'kind{number}']}” of '{product.id}' in {place} on {said}, the table {has}")
    if sentence.as_of is None:
        return
    statuses = {standing(product, one, sentence.as_of).status for one in held}
    is_open = bool(statuses & set(OPEN))
    if _IS_APPROVED.search(text) and not is_open:
        now = ", ".join(sorted(statuses)) or "no decision"
        yield fault(f"says that '{product.id}' is approved in {place}, the table has {now} on {sentence.as_of}")
    if _NOT_APPROVED.search(text) and is_open:
        yield fault(f"says that '{product.id}' is not approved in {place}, the table has it approved")


def _partial(match: re.Match[str]) -> str:
    parts = [match["year"]]
    if match["month"]:
        parts.append(f"{MONTHS.index(match['month']) + 1:02}")
        if match["day"]:
            parts.append(f"{int(match['day']):02}")
    return "-".join(parts)


_PRODUCT_LIKE = re.compile(
    r"\b[A-Z]?[a-z]{3,}(?:cel|leucel)(?:-[A-Z][\w-]*)?\b|\b[A-Z][a-z]{2,}(?:[Ss]tem|cell?|gram)(?:-[A-Z]+)+\b"
)
"""`-cel` ends the international names of cell products (INN); the others are brand names with a suffix in capitals."""
_DISEASE_LIKE = re.compile(
    r"\b(?:[A-Z][a-z]+['’]s (?:disease|syndrome)|[A-Z][a-z]+ (?:disease|syndrome|palsy|dystrophy)|"
    r"(?!the |this |that |any |same |own |such |of |and |or |with )[a-z]{4,} (?:syndrome|palsy|dystrophy))\b"
)
_OTHER_WORDS = frozenset({"The", "This", "That", "These", "Such", "Each", "Any", "No", "Their", "Severe", "Active"})


def _missing_names(sentence: _Sentence, knowledge: Knowledge, lexicon: Lexicon) -> Iterator[Fault]:
    """A cell product or a disease that a sentence names and the tables do not hold."""
    text = sentence.text
    covered = [(mention.start, mention.end) for mention in lexicon.mentions(text)]

    def known(match: re.Match[str]) -> bool:
        return any(start < match.end() and match.start() < end for start, end in covered)

    names = {word.lower() for one in knowledge.products.values() for word in re.findall(r"[\w-]+", one.full_name)}
    for match in _PRODUCT_LIKE.finditer(text):
        if not known(match) and match[0].lower() not in names:
            message = f"'{match[0]}' is no product of products.yaml and conditions.yaml; add it to both"
            yield Fault(sentence.path, sentence.line, "unlisted-product", f"{message}: “{text}”")
    for match in _DISEASE_LIKE.finditer(text):
        if not known(match) and match[0].split()[0] not in _OTHER_WORDS:
            message = f"'{match[0]}' is no condition of conditions.yaml; add it there"
            yield Fault(sentence.path, sentence.line, "unlisted-condition", f"{message}: “{text}”")


_TRIAL = re.compile(
    r"\b(?:NCT\d{8}|[A-Z]{4,}-[A-Z]{2,}(?: II+)?|[A-Z]{2,}[A-Z0-9]*(?:-[A-Z0-9]+)*-?[A-Z]*\d{3}|"
    r"[A-Z]{5,}(?:-\d| II+)?)\b"
)
_NO_TRIAL = frozenset({"COVID", "ISSCR", "SARS", "WOMAC", "PROMIS", "CRISPR", "ASTCT", "EBMT"})
"""Words in capitals that are no trials."""
_OUTCOME = re.compile(
    r"\b(?P<what>(?:complete|partial|overall|clinical|combined) (?:response|remission)|response|remission|survival|"
    r"excellent outcome|deaths?|died|mortality)\b",
    re.I,
)
_TIME = re.compile(
    r"\b(?P<unit>day|week|month|year)s?[- ](?P<number>\d+)\b|\b(?P<count>\d+) (?P<units>day|week|month|year)s?\b"
)
_PERCENT = re.compile(r"\b(\d{1,2}(?:\.\d+)?)%(?!\s*(?:CI|confidence|interval|credible))")
_AGAINST = re.compile(r"\b(?:placebo|sham|control|controls|usual care|comparator|against|versus|compared)\b", re.I)
_PART = re.compile(
    r"\b(?:modified|per[- ]protocol|sub-?groups?|pooled|aged|under|over|severe|among|only|registry|record|planned|"
    r"expected|hoped|powered|differ\w*|while|children under|grade|repeat\w*|second course)\b",
    re.I,
)
_RANDOMISED = re.compile(r"\brandomi[sz]ed (?P<n>\d[\d,]*)\b|\b(?P<m>\d[\d,]*) (?:\w+ )?(?:were )?randomi[sz]ed\b")
_SAME = {"overall response": "response", "died": "death", "deaths": "death", "mortality": "death"}


def _figure_faults(sentences: Iterable[_Sentence]) -> Iterator[Fault]:
    """A figure of one outcome of one trial at one time that differs from an earlier document's."""
    seen: dict[tuple[str, ...], tuple[tuple[str, ...], _Sentence]] = {}
    for sentence in sentences:
        for key, figures in _figures(sentence.text):
            first, where = seen.setdefault(key, (figures, sentence))
            if where.path != sentence.path and not _agree(first, figures):
                what = f"{' '.join(part for part in key if part)} is {' and '.join(figures)} here"
                there = f"{' and '.join(first)} at {where.path}:{where.line}"
                message = f"{what}, {there}; check the sources: “{sentence.text}”"
                yield Fault(sentence.path, sentence.line, "figure-differs", message)


def _figures(text: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """((trial, outcome, time, how compared), figures) of a sentence on the whole of one trial."""
    trials = [name for name in dict.fromkeys(_TRIAL.findall(text)) if name.split("-")[0] not in _NO_TRIAL]
    named = [name for name in trials if not name.startswith("NCT")] or trials
    if len(named) != 1 or _PART.search(text):
        return
    for match in _RANDOMISED.finditer(text):
        yield (named[0], "people randomised"), ((match["n"] or match["m"]).replace(",", ""),)
    outcomes = list(_OUTCOME.finditer(text))
    times = {f"{m['unit'] or m['units']} {m['number'] or m['count']}" for m in _TIME.finditer(text)}
    percents = list(_PERCENT.finditer(text))
    if not outcomes or len(times) != 1 or not percents:
        return
    what = _SAME.get(outcomes[0]["what"].lower(), outcomes[0]["what"].lower())
    if _AGAINST.search(text):
        if len(percents) == 2 and len({outcome["what"].lower() for outcome in outcomes}) == 1:
            yield (named[0], what, times.pop(), "compared"), tuple(sorted((p[1] for p in percents), key=float))
    elif len(percents) == 1 or percents[0].start() > outcomes[0].start():
        yield (named[0], what, times.pop(), ""), (percents[0][1],)


def _agree(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether figures are the same as far as both are exact: 70% agrees with 70.4%."""
    if len(first) != len(second):
        return True
    return all(
        round(float(one), digits) == round(float(other), digits)
        for one, other in zip(first, second, strict=True)
        for digits in [min(len(one.partition(".")[2]), len(other.partition(".")[2]))]
    )
