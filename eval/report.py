"""The results of a run as one self-contained page."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from eval.locations import REPORT_TEMPLATE
from eval.metrics import LATENCIES, METRICS, fact_stands
from eval.printed import interval, number
from eval.results import CaseResult, Results, write_file

REPORT_FILE = "report.html"
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.S)


def write_report(results: Results, folder: Path) -> Path:
    """Write `report.html` into a folder, made if needed; returns the file.

    Raises:
        ResultsFault: it cannot be written.
    """
    return write_file(folder / REPORT_FILE, page_of(results).encode())


def page_of(results: Results) -> str:
    """The page: everything in it is escaped, and its content policy allows its own script and no request."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals.update(number=number, interval=interval, facts=_facts, definitions=definitions())
    source = REPORT_TEMPLATE.read_text(encoding="utf-8")
    script = _SCRIPT.search(source)
    digest = base64.b64encode(hashlib.sha256((script.group(1) if script else "").encode()).digest()).decode()
    return environment.from_string(source).render(results=results, script_hash=f"sha256-{digest}")


def definitions() -> dict[str, str]:
    """What each metric measures, in a sentence."""
    metrics = {name: " ".join((metric.__doc__ or "").split()) for name, metric in METRICS.items()}
    latencies = {name: f"Wall time of one question, quantile {quantile:g}." for name, quantile in LATENCIES.items()}
    return metrics | latencies


def _facts(result: CaseResult) -> list[tuple[str, bool, bool]]:
    """The facts of a case: alternatives, whether vital, whether found."""
    claims = [claim.text for claim in result.answer.claims] if result.answer else []
    return [(" | ".join(fact.any), fact.vital, fact_stands(fact, claims)) for fact in result.case.facts]
