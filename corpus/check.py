"""Every rule of the corpus; every fault with its file and line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from corpus.check_products import product_faults
from corpus.check_prose import prose_faults
from corpus.encoding import decode
from corpus.errors import MscError
from corpus.faults import Fault
from corpus.knowledge import ASKER_COUNTRIES, EVIDENCE, Knowledge, load_knowledge
from corpus.lexicon import word_key
from corpus.markdown import ParsedMarkdown, Statement, as_ids, parse_markdown
from corpus.readability import reading_grade

TOPICS = ("basics", "cell-sources", "mechanisms", "conditions", "regulation", "safety", "guidance")
FIELDS = ("id", "title", "topic", "as_of", "review_by", "conditions", "products")
OPTIONAL_FIELDS = ("caveats",)
IN_SHORT = "In short"
READING_GRADE = 9.0
"""Highest Flesch-Kincaid grade of an `In short` section: about the reading age of 14."""

_BARE_START = re.compile(
    r"(It|Its|This|That|These|Those|They|Their|He|She|His|Her|However|But|Also|Therefore|Moreover|In addition|And)\b"
    r"(?! (?:trial|study|review|page|document|library)\b)"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, and what the corpus holds."""

    faults: tuple[Fault, ...]
    documents: int
    statements: int
    topics: Counter[str]
    grades: Counter[str]
    primary: int

    @property
    def failed(self) -> bool:
        """Whether a rule is broken that is more than a warning."""
        return any(not fault.warning for fault in self.faults)

    @property
    def primary_share(self) -> float:
        """Share (0 to 1) of the sourced statements that rest on a primary source."""
        return self.primary / max(1, sum(self.grades.values()))


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    parsed: ParsedMarkdown


def check(folder: Path, today: date) -> Checked:
    """All faults of the corpus in a folder, as of a day.

    Raises:
        TableFault: a table cannot be read at all.
    """
    knowledge = load_knowledge(folder)
    faults: list[Fault] = []
    files: list[_File] = []
    for path in sorted((folder / "documents").rglob("*.md")):
        try:
            files.append(_File(path, parse_markdown(decode(path, path.read_bytes()), str(path))))
        except (MscError, OSError) as error:
            faults.append(_unreadable(path, str(error)))
    for file in files:
        faults += _document_faults(file, knowledge, today)
    faults += _repeated_paragraphs(files)
    faults += _table_faults(knowledge)
    faults += product_faults(knowledge, today)
    faults += prose_faults([(file.path, file.parsed) for file in files], knowledge)
    faults += _unused_sources(files, knowledge)
    statements = [statement for file in files for statement in file.parsed.statements]
    grades: Counter[str] = Counter()
    primary = 0
    for statement in statements:
        sources = knowledge.cited(statement.keys)
        if sources:
            grades[sources[0].evidence] += 1
            primary += any(source.primary for source in sources)
    return Checked(
        faults=tuple(faults),
        documents=len(files),
        statements=len(statements),
        topics=Counter(str(file.parsed.meta.get("topic")) for file in files),
        grades=Counter({grade: grades[grade] for grade in EVIDENCE if grades[grade]}),
        primary=primary,
    )


def _unreadable(path: Path, message: str) -> Fault:
    """The fault of a file that cannot be read, at the line that its error names."""
    named = re.match(rf"{re.escape(str(path))}(?::(\d+))?: ", message)
    return Fault(path, int((named and named[1]) or 1), "unreadable", message[named.end() :] if named else message)


def _document_faults(file: _File, knowledge: Knowledge, today: date) -> Iterator[Fault]:
    yield from _front_matter_faults(file, knowledge, today)
    yield from _in_short_faults(file)
    for statement in file.parsed.statements:
        yield from _statement_faults(file, statement, knowledge)


def _front_matter_faults(file: _File, knowledge: Knowledge, today: date) -> Iterator[Fault]:
    meta, path = file.parsed.meta, file.path

    def fault(rule: str, message: str, field: str = "", warning: bool = False) -> Fault:
        return Fault(path, file.parsed.meta_lines.get(field, 1), rule, message, warning)

    for name in FIELDS:
        if name not in meta:
            yield fault("front-matter", f"the field '{name}' is missing; add it")
    for name in meta:
        if name not in FIELDS + OPTIONAL_FIELDS:
            yield fault("front-matter", f"unknown field '{name}'; use {', '.join(FIELDS + OPTIONAL_FIELDS)}", name)
    if meta.get("id") != path.stem:
        yield fault("front-matter", f"id '{meta.get('id')}' must equal the file name '{path.stem}'", "id")
    if meta.get("topic") not in TOPICS:
        yield fault("front-matter", f"unknown topic '{meta.get('topic')}'; use one of {', '.join(TOPICS)}", "topic")
    for name in ("as_of", "review_by"):
        if name in meta and not isinstance(meta[name], date):
            yield fault("front-matter", f"'{name}' must be a date, YYYY-MM-DD", name)
    review_by = meta.get("review_by")
    if isinstance(review_by, date) and review_by < today:
        message = f"was to be reviewed by {review_by}; check its statements"
        yield fault("review-passed", message, "review_by", warning=True)
    kinds = {term.id: term.kind for term in knowledge.terms.values()}
    for name in as_ids(meta.get("conditions")):
        if kinds.get(name) != "condition":
            yield fault("unknown-condition", f"'{name}' is no condition of conditions.yaml; add it there", "conditions")
    for name in as_ids(meta.get("products")):
        if name not in knowledge.products:
            yield fault("unknown-product", f"'{name}' is not in products.yaml; add it there", "products")


def _in_short_faults(file: _File) -> Iterator[Fault]:
    sections = file.parsed.sections
    if not sections or sections[0].title != IN_SHORT:
        yield Fault(file.path, 1, "in-short", f"the first section must be '## {IN_SHORT}'")
        return
    section = sections[0]
    line = file.parsed.heading_lines[section.start]
    inside = [s for s in file.parsed.statements if section.start <= s.start < section.end]
    if not 2 <= len(inside) <= 5:
        yield Fault(file.path, line, "in-short", f"has {len(inside)} sentences; write two to five")
    grade = reading_grade(" ".join(file.parsed.text[s.start : s.end] for s in inside))
    if grade > READING_GRADE:
        message = f"reads at grade {grade:.1f}; use shorter words and sentences (grade {READING_GRADE:g} at most)"
        yield Fault(file.path, line, "reading-grade", message)


def _statement_faults(file: _File, statement: Statement, knowledge: Knowledge) -> Iterator[Fault]:
    text = file.parsed.text[statement.start : statement.end]

    def fault(rule: str, message: str) -> Fault:
        return Fault(file.path, statement.line, rule, f"{message}: “{_shorten(text)}”")

    if not statement.keys:
        yield fault("no-source", "a statement without a source; add [@key]")
    for key in statement.keys:
        source = knowledge.sources.get(key)
        if source is None:
            yield fault("unknown-source", f"'{key}' is not in sources.yaml")
        elif source.retracted and "retract" not in text.lower():
            yield fault("retracted-source", f"'{key}' is retracted and cannot support a statement")
    if _BARE_START.match(text):
        yield fault("bare-pronoun", "starts with a pronoun or connective; name the subject")
    if "[@" in text or "@]" in text:
        yield fault("citation-form", "a citation that is not in the form [@key; @key]")


def _repeated_paragraphs(files: list[_File]) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], tuple[Path, int]] = {}
    for file in files:
        for block in file.parsed.blocks:
            key = word_key(file.parsed.text[block.start : block.end])
            line = next((s.line for s in file.parsed.statements if s.start >= block.start), 1)
            if len(key) > 5 and key in seen:
                first, first_line = seen[key]
                yield Fault(file.path, line, "repeated-paragraph", f"stands already at {first}:{first_line}")
            seen.setdefault(key, (file.path, line))


def _unused_sources(files: list[_File], knowledge: Knowledge) -> Iterator[Fault]:
    used = {key for file in files for statement in file.parsed.statements for key in statement.keys}
    used |= {key for _, _, key in _table_keys(knowledge)}
    for key, source in knowledge.sources.items():
        if key not in used and not source.retracted:
            yield _table_fault(knowledge, "sources.yaml", key, "unused-source", f"'{key}' is cited nowhere; remove it")


def _table_fault(knowledge: Knowledge, table: str, row: str, rule: str, message: str) -> Fault:
    return Fault(knowledge.folder / table, knowledge.lines.get((table, row), 1), rule, message)


def _table_keys(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    """(table, row, source key) for every source that a table names."""
    for product in knowledge.products.values():
        for held in product.authorisations:
            for event in held.events:
                yield from (("products.yaml", product.id, key) for key in event.sources)
        for designation in product.designations:
            yield from (("products.yaml", product.id, key) for key in designation.sources)
        yield from (("products.yaml", product.id, key) for key in product.note_sources)
    for country in knowledge.countries.values():
        for part in (country.approvals, country.emergency, country.report, country.trials):
            yield from (("countries.yaml", country.code, key) for key in part.sources)
    for flag in knowledge.red_flags.values():
        yield from (("redflags.yaml", flag.id, key) for key in flag.sources)
    for row in knowledge.not_approvals.values():
        yield from (("notapprovals.yaml", row.id, key) for key in row.sources)


def _table_faults(knowledge: Knowledge) -> Iterator[Fault]:
    for table, row, line in knowledge.repeated:
        yield Fault(knowledge.folder / table, line, "repeated-id", f"'{row}' stands twice; keep one")
    for table, row, key in _table_keys(knowledge):
        if key not in knowledge.sources:
            yield _table_fault(knowledge, table, row, "unknown-source", f"'{row}' names '{key}', not in sources.yaml")
        elif knowledge.sources[key].retracted:
            yield _table_fault(knowledge, table, row, "retracted-source", f"'{row}' rests on '{key}', retracted")
    yield from _source_faults(knowledge)
    yield from _term_faults(knowledge)
    for code in ASKER_COUNTRIES:
        if code not in knowledge.countries:
            yield Fault(knowledge.folder / "countries.yaml", 1, "missing-country", f"'{code}' is missing; add it")
    yield from _pattern_faults(knowledge)


def _pattern_faults(knowledge: Knowledge) -> Iterator[Fault]:
    patterns = [("redflags.yaml", row.id, pattern) for row in knowledge.red_flags.values() for pattern in row.patterns]
    patterns += [
        ("notapprovals.yaml", row.id, pattern) for row in knowledge.not_approvals.values() for pattern in row.patterns
    ]
    for table, row, pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            message = f"'{row}': the pattern '{pattern}' does not compile: {error}"
            yield _table_fault(knowledge, table, row, "bad-pattern", message)


def _source_faults(knowledge: Knowledge) -> Iterator[Fault]:
    for key, source in knowledge.sources.items():
        address = urlsplit(source.url)
        if address.scheme not in ("http", "https") or not address.netloc:
            message = f"'{key}' has no web address (it is '{source.url}'); add one"
            yield _table_fault(knowledge, "sources.yaml", key, "no-address", message)
        if not source.issued:
            yield _table_fault(knowledge, "sources.yaml", key, "no-date", f"'{key}' has no date of issue; add one")


def _term_faults(knowledge: Knowledge) -> Iterator[Fault]:
    owners: dict[tuple[str, ...], str] = {}
    for term in knowledge.terms.values():
        if term.parent and term.parent not in knowledge.terms:
            message = f"'{term.id}': its parent '{term.parent}' is missing"
            yield _table_fault(knowledge, "conditions.yaml", term.id, "unknown-parent", message)
        for word in term.words:
            owner = owners.setdefault(word_key(word), term.id)
            if owner != term.id:
                message = f"'{word}' stands under '{owner}' and '{term.id}'; keep one"
                yield _table_fault(knowledge, "conditions.yaml", term.id, "repeated-word", message)


def _shorten(text: str, width: int = 80) -> str:
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + "…"
