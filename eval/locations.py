"""Where the evaluation's own files lie."""

from pathlib import Path

EVAL_DIR = Path(__file__).parent
GOLD_DIR = EVAL_DIR / "gold"
ADVERTS_DIR = EVAL_DIR / "adverts"
CLAIMS_DIR = EVAL_DIR / "claims"
RESULTS_DIR = EVAL_DIR / "results" / "local"
GATE_FILE = EVAL_DIR / "gate.yaml"
REPORT_TEMPLATE = EVAL_DIR / "report.html.jinja"
