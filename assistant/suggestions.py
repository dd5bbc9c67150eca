"""Questions that can be answered next."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.answer import Citation, Kind
from assistant.draft import Evidence
from assistant.question import Subject

STARTERS = (
    "What are mesenchymal stromal cells?",
    "Which MSC products has the FDA approved?",
    "What are the risks of unapproved stem cell clinics?",
)
MAX_SUGGESTIONS = 3


def suggestions_for(
    kind: Kind, subject: Subject | None, evidence: Evidence | None, citations: Iterable[Citation]
) -> tuple[str, ...]:
    """Up to three questions: about the documents nearest to this one, or to start with where none is near."""
    if kind == "emergency" or evidence is None:
        return ()
    titles = [(passage.title, passage.section) for passage in evidence.passages]
    if kind == "abstain":
        near = [f"What does the library say about {_topic(title)}?" for title, _ in titles]
        return (
            tuple(dict.fromkeys(near))[:MAX_SUGGESTIONS]
            if evidence.passages and evidence.passages[0].dense > 0.3
            else STARTERS
        )
    used = {(citation.title, citation.section) for citation in citations}
    fresh = [
        (title, section)
        for title, section in titles
        if (title, section) not in used and section not in ("In short", "")
    ]
    return tuple(dict.fromkeys(f"{section} ({_topic(title)})" for title, section in fresh))[:MAX_SUGGESTIONS]


def _topic(title: str) -> str:
    """A title as it reads in the middle of a sentence."""
    first = title.split(" ", 1)[0]
    keep = first.isupper() or any(character.isupper() for character in first[1:])
    return title if keep else title[0].lower() + title[1:]
