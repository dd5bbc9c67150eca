"""What a JATS article says of its own publication: journal, date, identifiers, and whether it was retracted."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from corpus.content import Publication

_GRADES = {"review-article": "review", "case-report": "case-report", "news": "news"}
"""The article types that tell the grade of evidence; a `research-article` may be a trial or a study of mice."""
_RETRACTED_TYPES = ("retraction", "retracted-article")
"""A retraction notice counts as retracted too: it repeats what it takes back."""
_RETRACTED_TITLE = re.compile(r"\W*retracted(?:\s+article)?\s*[:\])]", re.IGNORECASE)
_DATE_TYPES = ("epub", "pub", "epub-ppub", "ppub", "collection", "preprint")
"""Dates of publication, the one to be named first; not those of receipt, or of release in an archive."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HREF = "{http://www.w3.org/1999/xlink}href"


def publication_of(article: Any, title: str) -> Publication:
    """Where and when an article was published; its address is the DOI's, else that in PubMed Central or PubMed."""
    ids = {
        e.get("pub-id-type"): "".join(e.itertext()).strip() for e in article.iterfind("front/article-meta/article-id")
    }
    doi, pmid = identifier(ids.get("doi", "")), ids.get("pmid") or None
    pmcid = ids.get("pmcid") or ids.get("pmc") or None
    pmcid = _pmcid(pmcid) if pmcid else None
    addresses = (
        doi and f"https://doi.org/{doi}",
        pmcid and f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/",
        pmid and f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
    )
    related = [(e.get("related-article-type"), _target(e)) for e in article.iterfind("front//related-article")]
    return Publication(
        publisher=_text(article, "front/journal-meta//journal-title") or _text(article, "front//publisher-name"),
        url=next((address for address in addresses if address), ""),
        issued=_issued(article),
        doi=doi or None,
        pmid=pmid,
        pmcid=pmcid,
        retracted=article.get("article-type") in _RETRACTED_TYPES
        or any(kind == "retraction-forward" for kind, _ in related)
        or bool(_RETRACTED_TITLE.match(title)),
        retracts=tuple(name for kind, name in related if kind == "retracted-article" and name),
    )


def evidence_of(article: Any) -> str:
    """The grade of evidence, where the type of the article tells it."""
    return _GRADES.get(article.get("article-type", ""), "unspecified")


def _target(related: Any) -> str:
    """The identifier of the article that a link leads to."""
    href = identifier(related.get(_HREF, ""))
    return _pmcid(href) if related.get("ext-link-type") in ("pmc", "pmcid") else href


def _pmcid(written: str) -> str:
    return f"PMC{written}" if written.isdecimal() else written


def identifier(written: str) -> str:
    """A DOI or PMCID without the address that it may be written as."""
    return re.sub(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", written.strip(), flags=re.IGNORECASE)


def _text(article: Any, place: str) -> str:
    found = article.find(place)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def _issued(article: Any) -> str | None:
    """The date of publication, the most exact one that is given."""
    dates = []
    for element in article.iterfind("front/article-meta/pub-date"):
        kind = element.get("date-type") or element.get("pub-type") or "pub"
        day = _partial_date(*(element.findtext(part) or "" for part in ("year", "month", "day")))
        if day and kind in _DATE_TYPES:
            dates.append((-len(day), _DATE_TYPES.index(kind), day))
    return min(dates)[2] if dates else None


def _partial_date(year: str, month: str, day: str) -> str | None:
    """`2019-06-02`, or as much of it as is given and can be a date; a month may be a name."""
    year, month, day = year.strip(), month.strip().lower(), day.strip()
    if not re.fullmatch(r"[12]\d{3}", year):
        return None
    number = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else int(month) if month.isdecimal() else 0
    if not 1 <= number <= 12:
        return year
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return f"{year}-{number:02}"
