"""Where sentences begin and end, and how hard they are to read."""

from __future__ import annotations

import pytest

from corpus.documents import read
from corpus.locations import DOCUMENTS_DIR
from corpus.readability import reading_grade
from corpus.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Lee saw 3.5 points. Pain fell, e.g. at rest.", ["Dr. Lee saw 3.5 points.", "Pain fell, e.g. at rest."]),
        ("Really? Yes! Café 🎉 was next. End.", ["Really?", "Yes!", "Café 🎉 was next.", "End."]),
        ("A hard-wrapped\nsentence ends. Next\none.", ["A hard-wrapped\nsentence ends.", "Next\none."]),
        ("  no full stop ", ["no full stop"]),
        ("", []),
    ],
)
def test_sentence_spans(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences
    moved = [(start - 5, end - 5) for start, end in sentence_spans(f"xxx. {text} Yyy.", 5, 5 + len(text))]
    assert moved == sentence_spans(text)


def test_the_sentences_of_every_bundled_document_lie_within_their_blocks() -> None:
    for path in sorted(DOCUMENTS_DIR.glob("*.md")):
        document = read(path)
        assert document.id == path.stem
        assert "[@" not in document.text
        for block in document.blocks:
            spans = sentence_spans(document.text, block.start, block.end)
            joined = " ".join(document.text[start:end] for start, end in spans)
            assert joined.split() == document.text[block.start : block.end].split()
        statements = {
            span for block in document.blocks for span in sentence_spans(document.text, block.start, block.end)
        }
        assert {(span.start, span.end) for span in document.source_spans} <= statements


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 6/6 - 15.59
        ("The cat sat on the mat.", 2.34 + 11.8 - 15.59),
        # 7 words, 2 sentences, 10 syllables (doc-tor, treat-ment, wa-ter)
        ("The doctor gave treatment. Cells need water.", 0.39 * 7 / 2 + 11.8 * 10 / 7 - 15.59),
        ("", 0.0),
    ],
)
def test_reading_grade(text: str, grade: float) -> None:
    assert reading_grade(text) == pytest.approx(grade, abs=1e-9)
