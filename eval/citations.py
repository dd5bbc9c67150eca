"""Citations of an answer: are there any, are they verbatim, do they carry the claims?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Answer, Citation
from assistant.verify import Judgement, Verifier
from corpus.documents import Document


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """Counts over one answer, and the faults found.

    `recall` is ALCE's citation recall: the share of claims that their citations, taken together,
    support. `precision` is ALCE's citation precision: the share of citations that are relevant.
    Both from 0 to 1, and 0 where there is nothing to count (Gao et al. 2023, arXiv:2305.14627, §3).
    """

    claims: int = 0
    cited: int = 0
    quotes: int = 0
    verbatim: int = 0
    recall: float = 0.0
    precision: float = 0.0
    uncited: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    irrelevant: tuple[str, ...] = ()


def check_citations(answer: Answer, documents: Mapping[str, Document], verifier: Verifier) -> CitationCheck:
    """The citations of an answer checked against the documents that they name."""
    by_marker = {citation.marker: citation for citation in answer.citations}
    uncited, unsupported, irrelevant = [], [], []
    relevant = used = 0
    for claim in answer.claims:
        held = [by_marker[marker].quote for marker in claim.citations if marker in by_marker]
        used += len(held)
        judgement = verifier.judge(claim.text, held)
        if not held:
            uncited.append(claim.text)
        elif not judgement.supported:
            unsupported.append(f"{claim.text} ({'; '.join(judgement.reasons)})")
        else:
            extra = [number for number in range(len(held)) if _irrelevant(claim.text, held, number, verifier)]
            irrelevant += [f"“{held[number]}” for: {claim.text}" for number in extra]
            relevant += len(held) - len(extra)
    supported = len(answer.claims) - len(uncited) - len(unsupported)
    altered = [citation.quote for citation in answer.citations if not is_verbatim(citation, documents)]
    return CitationCheck(
        claims=len(answer.claims),
        cited=len(answer.claims) - len(uncited),
        quotes=len(answer.citations),
        verbatim=len(answer.citations) - len(altered),
        recall=supported / len(answer.claims) if answer.claims else 0.0,
        precision=relevant / used if used else 0.0,
        uncited=tuple(uncited),
        altered=tuple(altered),
        unsupported=tuple(unsupported),
        irrelevant=tuple(irrelevant),
    )


def is_verbatim(citation: Citation, documents: Mapping[str, Document]) -> bool:
    """Whether the quote is, to the character, what stands at its place in its document."""
    document = documents.get(citation.document_id)
    if document is None or not citation.quote:
        return False
    return document.text[citation.start : citation.end] == citation.quote


def _irrelevant(claim: str, quotes: Sequence[str], number: int, verifier: Verifier) -> bool:
    """ALCE: a citation that does not support the claim alone, while the others do without it."""
    others = [quote for other, quote in enumerate(quotes) if other != number]
    alone: Judgement = verifier.judge(claim, [quotes[number]])
    return not alone.supported and verifier.judge(claim, others).supported
