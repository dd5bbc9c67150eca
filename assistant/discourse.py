"""What a conversation has been about so far: the last question, what was named, and what a pointing word stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.mentions import SETTINGS, TREATMENTS, Named, distinct, mended, names_in
from corpus.lexicon import Lexicon

LISTED = ("product", "trial", "company")
"""Kinds of names of which one can be picked out: `the second one`, `both`."""
_ON_DISEASE = re.compile(
    r"^(?:so |and )?(?:what(?:['’]?s| is| are| causes| does)|how common|(?:which|what) organs|who gets)\b", re.I
)
"""Opens a question on a disease itself, where the next one's `it` is the disease."""
_ON_TRIAL = re.compile(
    r"\b(?:patients?|people|placebo|control|publish\w*|papers?|arms?|endpoints?|randomi\w*|results?|find"
    r"|found|show\w*|sponsor\w*|trials?|stud(?:y|ies)|that have|big|compar\w*|phase|data|blind\w*"
    r"|numbers?|significant|fail\w*)\b",
    re.I,
)
"""Words of a question that may be on a trial that only the answer named."""
_TREATED = re.compile(r"\b(?:inject\w*|cells?|therap\w+|products?|approved|shots?|clinic\w*|trials?)\b", re.I)
NAMED_AT_MOST = 2
"""Names of one kind that a question is given from the one before it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that stands alone: its words, and what it is about beside the names in them."""

    text: str
    about: tuple[Named, ...] = ()

    @property
    def whole(self) -> str:
        """The words with what they are about in brackets."""
        if not self.about:
            return self.text
        return f"{self.text.rstrip('?!. ')} ({phrase(self.about)})?"


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation up to a turn. `said` is what the last answer names; `heard` is everything, the latest last.

    `since` is how much had been heard when the talk came to its present subject.
    `question` is the one that is being read, `answer` the last one that was given.
    """

    lexicon: Lexicon
    asked: Asked | None = None
    said: tuple[Named, ...] = ()
    heard: tuple[Named, ...] = ()
    since: int = 0
    question: str = ""
    answer: str = ""

    def after_question(self, asked: Asked, said: str) -> Talk:
        """The conversation after a question: in words that stand alone, and as the user said it."""
        new = asked.text == said and self._new_subject(said)
        about = tuple(_as_condition(name) for name in asked.about)
        asked = Asked(mended(asked.text, self.lexicon), about)
        heard = (*self.heard, *asked.about, *self.names(asked.text))
        return replace(self, asked=asked, said=(), heard=heard, since=len(self.heard) if new else self.since)

    def _new_subject(self, text: str) -> bool:
        """Whether a question is about things of which nothing has been heard."""
        own = {name.key for name in self.names(text) if name.kind not in (*SETTINGS, "field")}
        return bool(own) and not own & {name.key for name in self.heard[self.since :]}

    def after_answer(self, text: str) -> Talk:
        """The conversation after an answer."""
        said = self.names(text)
        trials = distinct(name for name in said if name.kind == "trial")
        asked = self.asked
        if (
            asked
            and len(trials) == 1
            and re.search(
                r"\b(?:trials?|stud(?:y|ies|ied)|test(?:ed|s)?|research|evidence|proof|shown?|tried)\b",
                asked.text,
                re.I,
            )
            and not self._asked_of("trial")
        ):
            asked = replace(asked, about=(*asked.about, *trials))
        return replace(self, asked=asked, said=said, answer=text, heard=(*self.heard, *said))

    def _asked_of(self, kind: str) -> bool:
        assert self.asked is not None
        return any(name.kind == kind for name in (*self.asked.about, *self.names(self.asked.text)))

    def names(self, text: str) -> tuple[Named, ...]:
        """What a text names; a name that was heard before is known again wherever it stands."""
        found = list(names_in(text, self.lexicon))
        for known in distinct(name for name in self.heard if name.kind in ("topic", "name", "company", "trial")):
            match = re.search(rf"(?<!\w){re.escape(known.name)}(?!\w)", text, re.I)
            if match and not any(one.start <= match.start() and match.end() <= one.end for one in found):
                found = [one for one in found if one.end <= match.start() or match.end() <= one.start]
                found.append(replace(known, start=match.start(), end=match.end()))
        return tuple(sorted(found, key=lambda one: one.start))

    @property
    def focus(self) -> tuple[Named, ...]:
        """What the last question is about, its settings too; and what only the answer names, if that is one thing."""
        if self.asked is None:
            return ()
        names = [*self.names(self.asked.text), *self.asked.about]
        if not any(name.kind in ("product", "trial", "company") for name in names):
            for kind in LISTED:
                said = distinct(name for name in self.said if name.kind == kind)
                if kind == "trial" and not _ON_TRIAL.search(self.question):
                    continue
                if len(said) == 1 and not (kind == "company" and any(name.kind == "product" for name in names)):
                    names += said
        if not any(name.kind not in SETTINGS for name in names):
            names = [name for name in self.said if name.kind not in SETTINGS][:1] + names
        return tuple(distinct(names))

    @property
    def subjects(self) -> tuple[Named, ...]:
        """The focus without its settings; the field itself only where it is not plain that it is meant."""
        names = [name for name in self.focus if name.kind not in SETTINGS]
        if any(name.kind in ("product", "concept", "cell-source", "topic") for name in names):
            names = [name for name in names if name.kind != "field"]
        if kinds_of(names) == {"condition"} and self._on_disease:
            names = [replace(name, kind="disease") for name in names]
        return tuple(names)

    @property
    def _on_disease(self) -> bool:
        """Whether a disease itself is spoken of, and no treatment yet."""
        text = self.asked.text if self.asked else ""
        treated = any(name.kind in ("field", *TREATMENTS) for name in self.heard)
        return bool(_ON_DISEASE.match(text)) or not (treated or _TREATED.search(text))

    def latest(self, *kinds: str) -> Named | None:
        """The last thing of these kinds that was named; a condition from before the present subject will do."""
        heard = self.heard if "condition" in kinds else self.heard[self.since :]
        return next((name for name in reversed(heard) if name.kind in kinds), None)

    def choice(self, *kinds: str) -> list[Named]:
        """The last list of two or more things (of these kinds) that an answer or a question gave, in its order."""
        for kind in kinds or LISTED:
            said = distinct(name for name in self.said if name.kind == kind)
            if len(said) > 1:
                return said
        for kind in kinds or LISTED:
            names = distinct(name for name in self.heard[self.since :] if name.kind == kind)
            if len(names) > 1:
                return names
        return []

    def of_place(self, place: Named) -> Named | None:
        """The product that the last answer names with a place: before it, or after it in `In Japan Temcell`."""
        for spot in (name for name in self.said if name.key == place.key):
            start = max(self.answer.rfind(". ", 0, spot.start), -1)
            end = self.answer.find(". ", spot.end) % (len(self.answer) + 1)
            sentence = [name for name in self.said if start < name.start < end and name.kind in ("product", "place")]
            products = [name for name in sentence if name.kind == "product"]
            if products and sentence[0].kind == "place":
                return next((name for name in products if name.start > spot.start), products[-1])
            if products:
                return next((name for name in reversed(products) if name.start < spot.start), products[0])
        return None


def _as_condition(name: Named) -> Named:
    """A disease that was spoken of for itself, as one that something is given for."""
    return replace(name, kind="condition") if name.kind == "disease" else name


def kinds_of(names: Iterable[Named]) -> set[str]:
    """The kinds of some names."""
    return {name.kind for name in names}


def phrase(names: tuple[Named, ...]) -> str:
    """Names as one noun phrase: `DREAM-HF trial, MSC therapy for heart failure in Japan`."""
    if kinds_of(names) & {"field", "condition", *TREATMENTS}:
        names = tuple(distinct(_as_condition(name) for name in names))
    conditions = _some(names, ("condition",))
    treatments = [_as_cells(name, names) for name in _some(names, TREATMENTS)]
    others = [f"{name} trial" for name in _some(names, ("trial",))] + _some(
        names, ("company", "topic", "disease", "name")
    )
    field = any(name.kind == "field" for name in names)
    middle = " and ".join(treatments) or ("MSC therapy" if field or conditions else "")
    if conditions:
        middle += " for " + " and ".join(conditions)
    settings = _some(names, ("people", "time", "agency"))
    parts = [*others, *([middle] if middle else []), *settings]
    places = _some(names, ("place",))
    return ", ".join(parts) + (f" in {places[-1]}" if places and parts else places[-1] if places else "")


def _as_cells(treatment: str, names: tuple[Named, ...]) -> str:
    """A tissue as the source of cells that it is: `bone marrow MSCs`."""
    tissue = any(name.name == treatment and name.kind == "cell-source" for name in names)
    own = "'" in treatment
    return (
        f"{treatment} MSCs"
        if tissue and not own and not treatment.endswith(("cells", "fraction", "concentrate"))
        else treatment
    )


def _some(names: tuple[Named, ...], kinds: tuple[str, ...]) -> list[str]:
    found = sorted(distinct(name for name in names if name.kind in kinds), key=lambda name: name.kind != "product")
    return [re.sub(r" trial$", "", name.name) for name in found[:NAMED_AT_MOST]]


def without(names: Iterable[Named], others: Iterable[Named]) -> tuple[Named, ...]:
    """The names that are of no kind of the others; a product is left out beside another source of cells too."""
    kinds = kinds_of(others) | ({"disease"} if "condition" in kinds_of(others) else set())
    keys = {name.key for name in others}
    return tuple(name for name in names if name.kind not in kinds and name.key not in keys)


def past_conditions(talk: Talk) -> tuple[Named, ...]:
    """The condition that was last spoken of, if any."""
    name = talk.latest("condition")
    return (name,) if name else ()
