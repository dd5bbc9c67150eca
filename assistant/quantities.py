"""Numbers in text: what they measure, and whether two of them say the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "once": 1, "twice": 2,
}  # fmt: skip
_FRACTIONS = {
    "half": 50.0,
    "a third": 100 / 3,
    "one third": 100 / 3,
    "two thirds": 200 / 3,
    "a quarter": 25.0,
    "three quarters": 75.0,
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
    r"(?P<unit>(?:\s+(?:MSCs?|(?:\w+ )?cells?)|\s*[mµμ]?g)?\s*(?:/|per )\s*(?:kg|kilogram(?:me)?)\b|\s*%|\s*per ?cent\b|[ -](?:percentage points|points?|mg|g|kg|[µμ]g|mcg|mL|ml|cm|mm|days?|weeks?|months?|years?|hours?|minutes?)\b|\s*°C)?",
    re.I,
)
_SPELLED = re.compile(
    rf"\b({'|'.join(_WORDS)})\b(?:[ -](one|two|three|four|five|six|seven|eight|nine)\b)?(?:\s*(hundred|thousand|million|billion)\b)?(?:[ -](days?|weeks?|months?|years?|hours?|minutes?))?",
    re.I,
)
_FRACTION = re.compile(rf"\b({'|'.join(sorted(_FRACTIONS, key=len, reverse=True))})\b(?!-)", re.I)
_ABOUT = re.compile(
    r"\b(about|around|roughly|nearly|almost|approximately|some|over|more than|just under|just over|close to|up to)\s*$",
    re.I,
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_AT_LEAST = re.compile(r"\b(over|more than)\s*$", re.I)
_AT_MOST = re.compile(r"\b(nearly|almost|under|up to)\s*$", re.I)
APPROXIMATE = 0.08
"""Relative difference that "about" allows: "about half" for 49.5%, "about 45%" for 49.5% not quite."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, its unit (empty if none), and whether the text calls it approximate. `text` is as written.

    `bound` is `least` for "more than 50", `most` for "nearly 50", else empty.
    """

    value: float
    unit: str
    approximate: bool
    text: str
    bound: Literal["", "least", "most"] = ""


def quantities(text: str) -> list[Quantity]:
    """The numbers of a text, dates among them (unit `date`, value as yyyymmdd with zeros for what is missing)."""
    found: list[Quantity] = []
    rest = text
    for match in _DATE.finditer(text):
        day = match.group(1) or match.group(3) or "0"
        month = [m[:3] for m in _MONTHS].index(match.group(2).lower()[:3]) + 1
        value = int(match.group(4)) * 10_000 + month * 100 + int(day)
        found.append(Quantity(value, "date", False, match.group()))
        rest = _blank(rest, match)
    for match in _ISO_DATE.finditer(rest):
        value = int(match.group(1)) * 10_000 + int(match.group(2)) * 100 + int(match.group(3) or 0)
        found.append(Quantity(value, "date", False, match.group()))
        rest = _blank(rest, match)
    for match in _NUMBER.finditer(rest):
        found.append(_numeric(rest, match))
        rest = _blank(rest, match)
    for match in _SPELLED.finditer(rest):
        if match.group(1).lower() in ("one", "once") and not match.group(3) and not match.group(4):
            continue
        number = float(_WORDS[match.group(1).lower()] + (_WORDS[match.group(2).lower()] if match.group(2) else 0))
        number *= _SCALES[match.group(3).lower()] if match.group(3) else 1
        near = _approximate(rest, match.start())
        found.append(Quantity(number, _unit(match.group(4)), near, match.group(), _bound(rest, match.start())))
        rest = _blank(rest, match)
    for match in _FRACTION.finditer(rest):
        approximate = match.group(1).lower() != "half" or _approximate(rest, match.start())
        bound = _bound(rest, match.start())
        found.append(Quantity(_FRACTIONS[match.group(1).lower()], "%", approximate, match.group(), bound))
    return found


def same(claimed: Quantity, quoted: Quantity) -> bool:
    """Whether a quoted number bears out a claimed one: the same value, and no other unit."""
    if "date" in (claimed.unit, quoted.unit):
        return _same_date(claimed, quoted)
    if claimed.unit and claimed.unit != quoted.unit:
        return False
    if not claimed.unit and (quoted.unit == "%" or quoted.unit.endswith("/kg")):
        return False
    if abs(claimed.value - quoted.value) < 1e-9:
        return True
    if claimed.approximate:
        above = quoted.value - claimed.value
        near = abs(above) <= APPROXIMATE * abs(quoted.value)
        return near and not (claimed.bound == "least" and above < 0) and not (claimed.bound == "most" and above > 0)
    return _rounded(claimed, quoted)


def unsupported(claim: str, quotes: str) -> list[Quantity]:
    """The numbers of a claim that no number of the quotes bears out."""
    held = quantities(quotes)
    return [quantity for quantity in quantities(claim) if not any(same(quantity, other) for other in held)]


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
    near = _approximate(text, match.start())
    return Quantity(value, _unit(match.group("unit")), near, match.group().strip(), _bound(text, match.start()))


def _unit(written: str | None) -> str:
    name = (written or "").strip(" -").lower()
    if re.search(r"(?:/|per )\s*k", name):
        mass = re.match(r"[mµμ]?g\b", name)
        return f"{_UNITS[mass.group()] if mass else ''}/kg"
    return _UNITS.get(name, name)


def _approximate(text: str, start: int) -> bool:
    return bool(_ABOUT.search(text[:start]))


def _bound(text: str, start: int) -> Literal["", "least", "most"]:
    """The side of the number that the words before it leave open."""
    if _AT_LEAST.search(text[:start]):
        return "least"
    return "most" if _AT_MOST.search(text[:start]) else ""


def _blank(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
