"""The text of somebody who offers treatments, and what it names: conditions, cells, routes, products, prices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from assistant.errors import BadInput
from corpus.documents import read
from corpus.errors import UnreadableDocument
from corpus.knowledge import TermKind
from corpus.lexicon import FIELD, Lexicon
from corpus.sentences import sentence_spans
from index.english import english_count

LONGEST = 60_000
"""Characters of a text that is still an advertisement, and no book."""
ENGLISH = 0.5
"""Least share of the words that English knows; names and terms make up the rest."""
WRAPPED = 45
"""Characters of a line from which the next one goes on with it; headings are shorter."""
_ITEM = re.compile(r"\s*(?:[-–—•*·>]|\d{1,2}[.):]|[A-Z][\w ]{0,30}:)\s?")
FEWEST = 5
"""Words from which something can be said of a text."""

_CURRENCY = r"USD|EUR|GBP|JPY|INR|AUD|CAD|RMB|CNY|KRW|THB"
_SUM = r"\d[\d,.]*(?: ?(?:million|thousand|k|lakhs?)\b)?"
PRICE = re.compile(
    rf"(?:(?:US|A|C)?[$£€¥₹]|\b(?:{_CURRENCY}|Rs\.?) ?){_SUM}"
    rf"|\b{_SUM} ?(?:{_CURRENCY}|dollars|euros?|pounds|yen|rupees|lakhs?|yuan|won|baht|pesos)\b",
    re.I,
)
_SELLS = re.compile(
    r"\b(?:book (?:a|your|now|today|online)|call (?:us|now|today)|appointment|consultation|packages?|discount|financing"
    r"|payment plan|deposit|our (?:clinic|patients|doctors|team|centre|center)|we (?:offer|treat|provide)|special offer"
    r"|prices?|from only|spa)\b",
    re.I,
)
_CANDID = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:NCT ?\d{8}|ISRCTN ?\d+|jRCT\w*\d+|ChiCTR[-\w]*\d+|CTRI/\d{4}|ACTRN\d+|KCT\d+|EudraCT)",
        r"\b(?:ethics (?:board|committee|review|approval)|institutional review board|IRB|HREC)\b",
        r"\b(?:placebo|dummy|sham|randomi[sz]ed|by chance|control group)\b",
        r"\b(?:no (?:cost|charge|fee)|free of charge|at no cost|costs? (?:you )?nothing|not (?:be )?charged"
        r"|(?:never|not) pay|pays? for (?:all|the))\b",
        r"\b(?:we do not know|is not known|not yet known|may not (?:help|work|benefit)|cannot promise|no guarantee"
        r"|not been (?:shown|proven)|to find out whether)\b",
    )
)
CANDID_SIGNS = 3
"""Of the five: a registered trial, an ethics board, a control group, no charge, a plain word on what is not known."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a text and where they stand: `text[start:end]`."""

    text: str
    start: int
    end: int


class Advert:
    """A text that was read, and what it names."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        """Args: text: as it was read.

        Raises:
            BadInput: it has no words, far too many, or is not in English.
        """
        self.text = text
        self._lexicon = lexicon
        words = re.findall(r"[^\W\d_]{2,}", text)
        if len(words) < FEWEST:
            raise BadInput("the text has hardly any words: give the words of the advertisement or page itself.")
        if len(text) > LONGEST:
            raise BadInput(
                f"the text has {len(text):,} characters, {LONGEST:,} are the most: give the page that makes the offer."
            )
        known = sum(english_count(word.lower()) > 0 for word in words)
        if known < ENGLISH * len(words):
            raise BadInput("the text is not in English, which is all that can be read here: translate it first.")

    @cached_property
    def flowing(self) -> str:
        """The text with every line break inside a sentence as a space, so that offsets stay."""
        lines = self.text.split("\n")
        joined = lines[0]
        for before, line in pairwise(lines):
            wrapped = len(before.strip()) >= WRAPPED and line.strip() and not _ITEM.match(line)
            joined += (" " if wrapped else "\n") + line
        return joined

    @cached_property
    def sentences(self) -> list[Words]:
        """The sentences, in order; a heading or an item of a list is one too."""
        found = []
        for line in re.finditer(r"[^\n]+", self.flowing):
            spans = sentence_spans(self.flowing, line.start(), line.end())
            found += [Words(self.flowing[start:end].strip(), start, end) for start, end in spans]
        return [one for one in found if one.text]

    def named(self, *kinds: TermKind) -> dict[str, list[Words]]:
        """For each term of these kinds, by id, the words that name it."""
        found: dict[str, list[Words]] = {}
        for mention in self._lexicon.mentions(self.text):
            if mention.term.kind in kinds and mention.term.id != FIELD:
                words = Words(self.text[mention.start : mention.end], mention.start, mention.end)
                found.setdefault(mention.term.id, []).append(words)
        return found

    @cached_property
    def prices(self) -> list[Words]:
        """Every sum of money."""
        return [Words(match.group().strip(), match.start(), match.end()) for match in PRICE.finditer(self.text)]

    @cached_property
    def candid(self) -> bool:
        """Whether the text names no price and has the signs of an honest trial, or of a page that explains one."""
        return not self.prices and sum(bool(sign.search(self.flowing)) for sign in _CANDID) >= CANDID_SIGNS

    @cached_property
    def sells(self) -> bool:
        """Whether something is for sale."""
        return not self.candid and bool(self.prices or _SELLS.search(self.flowing))

    @cached_property
    def place(self) -> str:
        """The code of the country that the text names most; empty where it names none."""
        counts = Counter(code for sentence in self.sentences for code in self._lexicon.countries(sentence.text))
        return counts.most_common(1)[0][0] if counts else ""

    def unrelated(self, conditions: Sequence[str]) -> list[str]:
        """One condition for each of the diseases named that have nothing to do with each other."""
        roots = {self._lexicon.ancestors(condition)[-1]: condition for condition in reversed(conditions)}
        return list(reversed(roots.values()))


def read_advert(path: Path, lexicon: Lexicon) -> Advert:
    """The advertisement in a text, HTML, PDF or DOCX file.

    Raises:
        BadInput: it cannot be read or used; the message names the file.
    """
    try:
        return Advert(read(path).text, lexicon)
    except UnreadableDocument as error:
        raise BadInput(str(error)) from error
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from None
