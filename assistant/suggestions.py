"""Questions that can be asked next: made from the headings of what was found, offered only if they are answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from assistant.answer import Citation, Kind
from assistant.draft import Evidence
from assistant.question import Subject
from corpus.knowledge import Knowledge
from corpus.lexicon import Lexicon
from index.passages import Passage

STARTERS = (
    "What are mesenchymal stromal cells?",
    "Which MSC products has the FDA approved?",
    "What are the risks of unapproved stem cell clinics?",
)
MAX_SUGGESTIONS = 3
MAX_TRIED = 8
"""Candidates looked at for one answer: each costs a search of about 30 ms."""
MAX_OF_DOCUMENT = 2
LONG_TITLE = 60
"""Characters from which a title is not put into a question."""
NEAR = 0.3
"""Cosine of the nearest passage below which a question is about something else altogether."""

_SKELETON = {
    "What it is": "",
    "What was tried": "What have trials of {therapy} found?",
    "What was not shown": "What has not been shown about {therapy}?",
    "What regulators say": "What do regulators say about {therapy}?",
    "Open trials and how to find them": "How can I find open trials of {therapy}?",
}
"""The headings that every document on a condition has, as questions."""

_AUX = r"is|are|was|were|has|have|can|could|may|might|must|should|will|would|do|does|did"
_WH = r"what|which|who|whose|where|when|why|how"
_WHO = r"((?:(?!\b(?:is|are|it|they|have|has)\b).)+?)"
_DIRECT = re.compile(
    rf"(?:{_AUX})\b|(?:{_WH}) (?:(?:strong|safe|often|long|well|else) )?(?:{_AUX})\b|who \w+s\b|"
    r"what (?:happens|change[ds])\b",
    re.I,
)
_FILE = re.compile(r"\S+\.\w{1,5}")
_FLAG = re.compile(r"red flag: (.+)", re.I)
_NOT_INVERTED = re.compile(r"\band (?:its|the|what|how|where|why|that)\b|^\w+ (?:many|much|often|long)\b", re.I)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of heading, and the question that it makes; its groups go into it in their order."""

    heading: re.Pattern[str]
    question: str

    @classmethod
    def of(cls, heading: str, question: str) -> Form:
        """The form of a pattern, letter case apart."""
        return cls(re.compile(heading, re.I), question)


_FORMS = (
    Form.of(r"what to (.+)", "What should I {0}?"),
    Form.of(r"why to (.+)", "Why should I {0}?"),
    Form.of(r"how to (.+)", "How can I {0}?"),
    Form.of(r"where to (.+)", "Where can I {0}?"),
    Form.of(r"questions to (.+)", "Which questions should I {0}?"),
    Form.of(rf"what {_WHO} found\b(.*)", "What did {0} find{1}?"),
    Form.of(rf"what {_WHO} (say|show|mean|contain)\b(.*)", "What do {0} {1}{2}?"),
    Form.of(rf"what {_WHO} (say|show|mean|contain)s\b(.*)", "What does {0} {1}{2}?"),
    Form.of(r"what ((?:(?!\band\b).)+?) (have|has) (found|shown|done)\b(.*)", "What {1} {0} {2}{3}?"),
    Form.of(r"((?:\w+ )?products) ((?:approved|made|often said)\b.+)", "Which {0} are {1}?"),
    Form.of(r"((?:\w+ )?products) that ((?:are|were)\b.+)", "Which {0} {1}?"),
    Form.of(r"(?:the )?((?:risks|side effects|warnings|signs|advantages|steps|kinds|reasons) .+)", "What are the {0}?"),
    Form.of(r"((?:safety|approval|age) of .+)", "What is known about the {0}?"),
    Form.of(
        r"(?!.*\bmislead)((?:(?!(?:of|to|for|in|on|a|no|any|outside|if|why|what|how|where|which|who)\b)[\w'’-]+ ){0,5}"
        r"trials?(?: (?:of|in|behind|with|on) .+)?)",
        "What did {0} find?",
    ),
)  # fmt: skip
_INVERTED = re.compile(r"(why|how|where|when) (.+?) (is|are|was|were) (.+)", re.I)
_CLAUSE = re.compile(rf"(?:{_WH})\b", re.I)
_NO_PHRASE = re.compile(
    r"(?:if|before|after|since|for|step|often|words|names|questions|example|a short|other|one|two|three|four|"
    r"beginning|introduction|contents|glossary|references|sources|summary|page)\b|.*[:;]|"
    r"(?:(?!\b(?:that|which|who)\b).)*\b(?:is|are|was|were|mislead)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the document that should answer it; empty where that is the register or any."""

    question: str
    document_id: str = ""


def chosen_of(candidates: Iterable[Candidate], offered: Callable[[str, str, Collection[str]], bool]) -> tuple[str, ...]:
    """Up to `MAX_SUGGESTIONS` questions: those of which `offered(question, document_id, chosen before)` holds."""
    chosen: list[str] = []
    for number, candidate in enumerate(candidates):
        if len(chosen) == MAX_SUGGESTIONS or number == MAX_TRIED:
            break
        if offered(candidate.question, candidate.document_id, chosen):
            chosen.append(candidate.question)
    return tuple(chosen)


class Suggester:
    """Makes questions of headings; knows the tables for what is a name, and what a heading is about."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon) -> None:
        self._countries = knowledge.countries
        self._lexicon = lexicon
        places = [word for country in knowledge.countries.values() for word in (country.name, *country.words)]
        named = [place.removeprefix("the ").title() for place in places]
        named += [term.name for term in knowledge.terms.values() if term.name[:1].isupper()]
        self._names = {re.sub(r"['’]s?$", "", name.split()[0], flags=re.I) for name in named}

    def candidates(
        self, kind: Kind, subject: Subject | None, evidence: Evidence | None, citations: Iterable[Citation]
    ) -> Iterator[Candidate]:
        """Questions near to one that was asked, the most useful first, each once; none in an emergency.

        An answer is followed by what it has not said, an abstention by what is nearest to its question,
        or by questions to start with where nothing is near.
        """
        if kind == "emergency" or evidence is None or subject is None:
            return
        near = bool(evidence.passages) and evidence.passages[0].dense > NEAR
        found = [passage for passage in evidence.passages if near and not passage.document_id.startswith("register-")]
        seen = {""}
        for candidate in self._ordered(kind, subject, found, citations):
            if candidate.question not in seen:
                seen.add(candidate.question)
                yield candidate

    def _ordered(
        self, kind: Kind, subject: Subject, found: list[Passage], citations: Iterable[Citation]
    ) -> Iterator[Candidate]:
        if kind != "abstain":
            yield from self._status(subject)
        used = {(citation.document_id, citation.section) for citation in citations}
        cited = {document for document, _ in used}
        taken: dict[str, int] = {}
        for passage in sorted(found, key=lambda passage: passage.document_id not in cited):
            document = passage.document_id
            question = self.question_of(passage.title, passage.section)
            if question and (document, passage.section) not in used and taken.get(document, 0) < MAX_OF_DOCUMENT:
                used.add((document, passage.section))
                taken[document] = taken.get(document, 0) + 1
                yield Candidate(question, document)
        for document, title in dict.fromkeys((passage.document_id, passage.title) for passage in found):
            yield Candidate(self.question_of(title), document)
        if kind == "abstain":
            yield from (Candidate(question) for question in STARTERS)

    def _status(self, subject: Subject) -> Iterator[Candidate]:
        """What is approved, of what the question names, in the asker's country; nothing where that was asked."""
        if subject.asks_status:
            return
        known = subject.place in self._countries and subject.place != "other"
        where = f" in {self._countries[subject.place].name}" if known else ""
        for product in subject.products[:1]:
            yield Candidate(f"Is {product.name} approved{where}?" if known else f"Where is {product.name} approved?")
        for condition in [term for term in subject.conditions if term.covered][:1]:
            yield Candidate(f"Which MSC products are approved for {condition.name}{where}?")

    def question_of(self, title: str, section: str = "") -> str:
        """The question that a section of a document answers, or the document as a whole; empty if none can be made."""
        topic = self._topic(title)
        heading = section.strip().rstrip(".")
        if heading in _SKELETON:
            return _SKELETON[heading].format(therapy=topic)
        if not heading or heading == "In short":
            if _FILE.fullmatch(title):
                return f"What does “{title}” say?"
            return self._of_title(topic)
        asked = self._asked(heading)
        if asked or _NO_PHRASE.match(heading):
            return asked
        about = self._inner(heading)
        if self._lexicon.terms(heading) or re.search(r"(?<!^)[A-Z]", heading):
            return f"What is known about {about}?"
        return f"What does “{title}” say about {about}?" if len(title) <= LONG_TITLE else ""

    def _of_title(self, topic: str) -> str:
        match = re.fullmatch(r"MSC therapy(?: and exosomes)? (for|after) (.+)", topic)
        if match:
            what = match.group(2).replace(" and for ", " and ")
            return f"Does MSC therapy help {'with' if match.group(1) == 'for' else 'after'} {what}?"
        about = "What does the library say about" if re.match(r"\w+ing\b", topic) else "What is known about"
        return self._asked(topic[:1].upper() + topic[1:]) or ("" if _NO_PHRASE.match(topic) else f"{about} {topic}?")

    def _asked(self, heading: str) -> str:
        """A heading as a question where it has the form of one, or nearly."""
        if "?" in heading:
            return heading[: heading.index("?") + 1]
        heading = re.split(r", (?:and )?(?:how|what|where|which|who|whether)\b", heading)[0]
        if match := _FLAG.fullmatch(heading):
            return "Why is “{}” a red flag?".format(match.group(1).replace('"', ""))
        if _DIRECT.match(heading):
            return f"{heading}?"
        for form in _FORMS:
            if match := form.heading.fullmatch(heading):
                return form.question.format(*(self._inner(part) for part in match.groups("")))
        if (match := _INVERTED.fullmatch(heading)) and not _NOT_INVERTED.search(heading):
            word, who, verb, rest = match.groups()
            return f"{word.capitalize()} {verb} {who} {rest}?"
        return f"Can you explain {self._inner(heading.split(':')[0])}?" if _CLAUSE.match(heading) else ""

    def _topic(self, title: str) -> str:
        """What a title is about, as it reads in the middle of a sentence: without what is added behind it."""
        short = re.sub(r"\s*\([^)]*\)", "", title).split(":")[0].strip()
        if not _CLAUSE.match(short) and len(short.split(",")[0].split()) > 3:
            short = short.split(",")[0]
        return self._inner(short or title)

    def _inner(self, phrase: str) -> str:
        """A phrase as it reads in the middle of a sentence: names and abbreviations keep their capital."""
        first = re.split(r"[\s,]", phrase.lstrip(), maxsplit=1)[0]
        name = re.sub(r"['’]s?$", "", first)
        if any(letter.isupper() for letter in first[1:]) or name in self._names:
            return phrase
        return phrase[:1].lower() + phrase[1:]
