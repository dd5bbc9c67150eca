"""Where the bundled corpus lies."""

from pathlib import Path

CORPUS_DIR = Path(__file__).parent
DOCUMENTS_DIR = CORPUS_DIR / "documents"
