"""Numbers in text: what they measure, and whether two of them say the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "once": 1, "twice": 2,
}  # fmt: skip
_FRACTIONS = {"half": 50.0} | {
    f"{words} {part}{'s' if count > 1 else ''}": 100 * count / whole
    for words, count in (("a", 1), ("one", 1), ("two", 2), ("three", 3), ("four", 4))
    for part, whole in (("third", 3), ("quarter", 4), ("fifth", 5), ("tenth", 10))
    if count < whole
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3, "m": 1e6}
_UNITS = {
    "%": "%", "percent": "%", "per cent": "%", "percentage points": "point", "points": "point", "point": "point",
    "mg": "mg", "g": "g", "kg": "kg", "µg": "µg", "μg": "µg", "mcg": "µg", "ml": "ml", "cm": "cm", "mm": "mm", "°c": "celsius", "c": "celsius",
    "day": "day", "days": "day", "week": "week", "weeks": "week", "month": "month", "months": "month",
    "year": "year", "years": "year", "hour": "hour", "hours": "hour", "minute": "minute", "minutes": "minute",
}  # fmt: skip
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join([*_MONTHS, *(month[:3] for month in _MONTHS)])
_DATE = re.compile(rf"\b(?:(\d{{1,2}}) )?({_MONTH})\.? (?:(\d{{1,2}}), )?((?:19|20)\d\d)\b", re.I)
_ISO_DATE = re.compile(r"\b((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?\b")
_NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[-−–](?=\d))?(?P<value>\d{1,3}(?:[,\u202f\u00a0]\d{3})+(?:\.\d+)?|\d*\.\d+|\d+)"
    r"(?:\s*[x×]\s*10\s*\^?\s*(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹\d]+))?"
    r"(?:\s*(?P<scale>hundred|thousand|million|billion)\b)?"
    r"(?P<unit>(?:\s+(?:MSCs?|EU|IU|(?:\w+ ){0,2}cells?)|\s*[mµμ]?g)?\s*(?:/|per )\s*(?:kg|kilogram(?:me)?|m?l|litre|day|week|month|year)\b|\s*%|\s*per ?cent\b|[ -](?:percentage points|points?|mg|g|kg|[µμ]g|mcg|mL|ml|cm|mm|days?|weeks?|months?|years?|hours?|minutes?)\b|\s*°C)?",
    re.I,
)
_SPELLED = re.compile(
    rf"\b({'|'.join(_WORDS)})\b(?:[ -](one|two|three|four|five|six|seven|eight|nine)\b)?(?:\s*(hundred|thousand|million|billion)\b)?(?:[ -](days?|weeks?|months?|years?|hours?|minutes?))?",
    re.I,
)
_FRACTION = re.compile(rf"\b({'|'.join(sorted(_FRACTIONS, key=len, reverse=True))})\b(?!-)".replace(" ", "[ -]"), re.I)
_SMALL = "|".join(word for word, value in _WORDS.items() if 1 <= value <= 20 and word != "once")
_SHARE = re.compile(
    rf"\b(?P<part>\d[\d,]*|{_SMALL})(?: \([^)]*\))? (?:out )?(?:of|in)(?: (?:the|every|its|their))? (?P<whole>\d[\d,]*|{_SMALL})\b"
    r"(?![-–.]\d| (?:January|February|March|April|May|June|July|August|September|October|November|December)\b)",
    re.I,
)
"""`18 of 20`, `one in five`: a share beside two counts."""
_MONEY = r"(?:\s*(?:USD|EUR|GBP|JPY|INR|AUD|CAD|CNY|KRW|US\$|\$|€|£|¥))?"
_ABOUT = re.compile(
    r"\b(about|around|roughly|nearly|almost|approximately|some|over|more than|just under|just over|(?:a )?little (?:under|over|more"
    r" than|less than)|close to|up to|under|below|fewer than|less than|at least|at most|no more than|no fewer than|above)"
    rf"{_MONEY}\s*$",
    re.I,
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_AT_LEAST = re.compile(rf"\b(over|(?<!no )more than|at least|no fewer than|above){_MONEY}\s*$", re.I)
_AT_MOST = re.compile(
    rf"\b(nearly|almost|under|up to|below|(?<!no )fewer than|less than|at most|no more than){_MONEY}\s*$", re.I
)
_OPEN = re.compile(r"\b(?:more|fewer|less) than|\b(?:under|below|over|above|at (?:least|most))\b", re.I)
APPROXIMATE = 0.08
"""Relative difference that "about" allows: "about half" for 49.5%, "about 45%" for 49.5% not quite."""
BOUNDED = 0.5
"""The same for "fewer than 3%" where it is 2.3%: true, and still telling what is known."""
ROUND_WHOLE = 10
"""The largest whole of which a share is a manner of speaking: "one in five" for 22%, and not "18 of 20" for 87%."""
IN_WORDS = 5.0
"""Percentage points that a fraction in words may be off: "about a third" for 35.3%, "just under half" for 45%."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit (empty if none), where and as it is written.

    A number from `low` to `high` bears it out: "about 50" leaves some room on both sides, "fewer than 50" on one.
    """

    value: float
    unit: str
    text: str
    start: int
    low: float
    high: float


def quantities(text: str) -> list[Quantity]:
    """The numbers of a text, dates among them (unit `date`, value as yyyymmdd with zeros for what is missing)."""
    found: list[Quantity] = []
    rest = text
    for match in _DATE.finditer(text):
        day = match.group(1) or match.group(3) or "0"
        month = [m[:3] for m in _MONTHS].index(match.group(2).lower()[:3]) + 1
        value = int(match.group(4)) * 10_000 + month * 100 + int(day)
        found.append(_exact(value, "date", match))
        rest = _blank(rest, match)
    for match in _ISO_DATE.finditer(rest):
        value = int(match.group(1)) * 10_000 + int(match.group(2)) * 100 + int(match.group(3) or 0)
        found.append(_exact(value, "date", match))
        rest = _blank(rest, match)
    for match in _NUMBER.finditer(rest):
        found.append(_numeric(rest, match))
        rest = _blank(rest, match)
    for match in _FRACTION.finditer(rest):
        words = match.group(1).lower().replace("-", " ")
        found.append(_in_words(_FRACTIONS[words], rest, match))
        rest = _blank(rest, match)
    for match in _SPELLED.finditer(rest):
        if match.group(1).lower() in ("one", "once") and not match.group(3) and not match.group(4):
            continue
        number = float(_WORDS[match.group(1).lower()] + (_WORDS[match.group(2).lower()] if match.group(2) else 0))
        number *= _SCALES[match.group(3).lower()] if match.group(3) else 1
        found.append(_written(number, _unit(match.group(4)), rest, match))
    return found


def shares(text: str) -> list[tuple[Quantity, int]]:
    """What `18 of 20` and `one in five` come to, in per cent, and the offset at which the words end."""
    found = []
    for match in _SHARE.finditer(text):
        part, whole = (_count(match.group(name)) for name in ("part", "whole"))
        if 0 < part <= whole:
            share = 100 * part / whole
            quantity = _in_words(share, text, match) if whole <= ROUND_WHOLE else _exact(share, "%", match)
            found.append((quantity, match.end()))
    return found


def same(claimed: Quantity, quoted: Quantity) -> bool:
    """Whether a quoted number bears out a claimed one: the same value, and no other unit."""
    if "date" in (claimed.unit, quoted.unit):
        return _same_date(claimed, quoted)
    if claimed.unit and claimed.unit != quoted.unit:
        return False
    if not claimed.unit and (quoted.unit == "%" or quoted.unit.startswith("/")):
        return False
    if quoted.low < quoted.high and not _FRACTION.fullmatch(claimed.text):
        return abs(claimed.value - quoted.value) < 1e-9  # "at least 4" is no reading of "at least 6"
    return claimed.low - 1e-9 <= quoted.value <= claimed.high + 1e-9 or _rounded(claimed, quoted)


def unsupported(claim: str, quotes: str) -> list[Quantity]:
    """The numbers of a claim that no number of the quotes bears out."""
    counts = quantities(quotes)
    held = [*counts, *(share for share, _ in shares(quotes))]
    missing = [quantity for quantity in quantities(claim) if not any(same(quantity, other) for other in held)]
    for share, end in shares(claim):
        if any(other.unit == "%" and same(share, other) for other in held):
            missing = [quantity for quantity in missing if not share.start <= quantity.start < end]
    return [quantity for quantity in missing if not _worked_out(quantity, counts)]


def _worked_out(claimed: Quantity, counts: Sequence[Quantity]) -> bool:
    """Whether a fraction in words is that of a number below 1, or of two counts: "two-thirds" for 143 and 213."""
    if claimed.unit != "%" or not _FRACTION.fullmatch(claimed.text):
        return False
    plain = {other.value for other in counts if not other.unit}
    ratios = {value for value in plain if 0 < value < 1} | {
        part / whole for part in plain for whole in plain if 1 < part < whole
    }
    return any(claimed.low <= 100 * ratio <= claimed.high for ratio in ratios)


def _same_date(claimed: Quantity, quoted: Quantity) -> bool:
    """A date bears out the same one or a coarser one: 18 December 2024 bears out December 2024 and 2024."""
    if claimed.unit == quoted.unit == "date":
        a, b = int(claimed.value), int(quoted.value)
        return a == b or (a % 100 == 0 and a // 100 == b // 100) or (a % 10_000 == 0 and a // 10_000 == b // 10_000)
    if quoted.unit == "date" and not claimed.unit:
        return int(claimed.value) == int(quoted.value) // 10_000
    return False


def _rounded(claimed: Quantity, quoted: Quantity) -> bool:
    """Whether a whole percentage is the quoted one rounded: 50% for 49.5%."""
    return (
        claimed.unit == "%"
        and claimed.low == claimed.high
        and claimed.value == int(claimed.value)
        and quoted.value != int(quoted.value)
        and abs(claimed.value - quoted.value) <= 0.5
    )


def _numeric(text: str, match: re.Match[str]) -> Quantity:
    value = float(re.sub(r"[,\u202f\u00a0]", "", match.group("value")))
    if match.group("power"):
        value *= 10.0 ** int(match.group("power").translate(_SUPERSCRIPT))
    if match.group("scale"):
        value *= _SCALES[match.group("scale").lower()]
    if match.group("sign") and not re.search(r"[\d%]\s*$", text[: match.start()]):
        value = -value
    return _written(value, _unit(match.group("unit")), text, match)


def _count(written: str) -> float:
    """A count in figures or words."""
    return float(_WORDS.get(written.lower()) or written.replace(",", ""))


def _unit(written: str | None) -> str:
    name = (written or "").strip(" -").lower()
    if per := re.search(r"(?:/|per )\s*(k|ml|l\b|litre|day|week|month|year)", name):
        mass = re.match(r"[mµμ]?g\b", name)
        return f"{_UNITS[mass.group()] if mass else ''}/{'kg' if per.group(1) == 'k' else per.group(1)}"
    return _UNITS.get(name, name)


def _exact(value: float, unit: str, match: re.Match[str]) -> Quantity:
    return Quantity(value, unit, match.group().strip(), match.start(), value, value)


def _written(value: float, unit: str, text: str, match: re.Match[str]) -> Quantity:
    """A number with the room that the words before it leave."""
    before = text[: match.start()]
    low, high = value, value
    if about := _ABOUT.search(before):
        if _OPEN.search(about.group()):
            low, high = value * (1 - BOUNDED), value * (1 + BOUNDED)
        else:
            low, high = value / (1 + APPROXIMATE), value / (1 - APPROXIMATE)
    return _one_sided(Quantity(value, unit, match.group().strip(), match.start(), *sorted((low, high))), before)


def _in_words(value: float, text: str, match: re.Match[str]) -> Quantity:
    """A share in words, in per cent: a few points to both sides, unless the words before it leave one side."""
    quantity = Quantity(value, "%", match.group(), match.start(), value - IN_WORDS, value + IN_WORDS)
    return _one_sided(quantity, text[: match.start()])


def _one_sided(quantity: Quantity, before: str) -> Quantity:
    """The number with no room on the side that `more than` or `nearly` before it close."""
    if _AT_LEAST.search(before):
        return replace(quantity, low=quantity.value)
    return replace(quantity, high=quantity.value) if _AT_MOST.search(before) else quantity


def _blank(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
