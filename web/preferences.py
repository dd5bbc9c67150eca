"""Country and audience: what the browser keeps, and the control that chooses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from web.markup import joined
from web.words import AUDIENCES

SCRIPT = (Path(__file__).parent / "preferences.js").read_text(encoding="utf-8")

_CONTROL = Markup(
    '<div class="preferences">'
    '<div class="field"><label for="country">Your country</label>'
    '<select id="country" autocomplete="off">{}</select></div>'
    '<fieldset class="field"><legend>Answers in</legend><div class="choices">{}</div></fieldset>'
    "</div>"
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """For whom to answer."""

    country: str
    audience: str = "patient"

    def to_dict(self) -> dict[str, str]:
        """The values as the browser keeps them."""
        return {"country": self.country, "audience": self.audience}


def preferences_from(stored: Any, countries: Mapping[str, str], default: str) -> Preferences:
    """What a browser sent, whatever it is: values that are not on offer become the defaults."""
    values = stored if isinstance(stored, dict) else {}
    country, audience = values.get("country"), values.get("audience")
    return Preferences(
        country=country if isinstance(country, str) and country in countries else default,
        audience=audience if isinstance(audience, str) and audience in AUDIENCES else "patient",
    )


def control_html(countries: Mapping[str, str]) -> Markup:
    """A native country list and two radio buttons; the script beside this file sets and reads them."""
    options = joined(Markup('<option value="{}">{}</option>').format(code, name) for code, name in countries.items())
    choices = joined(
        Markup('<label><input type="radio" name="audience" value="{}"><span>{}</span></label>').format(code, name)
        for code, name in AUDIENCES.items()
    )
    return _CONTROL.format(options, choices)
