"""Files of every kind, made on the spot."""

from __future__ import annotations

from pathlib import Path

import docx
from front_door import write

FLOWN = "The cells were flown in a zeppelin."


def pdf(path: Path, *pages: list[str], title: str = "Cells in knees", trailer: str = "") -> Path:
    """A PDF written by hand: a page for each list of lines, in Helvetica."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        content = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    objects.append(f"<< /Title ({title}) >>")
    data, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size, start = len(objects) + 1, len(data)
    data += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n"
    data += f"<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    return write(path, data)


def word(path: Path, *paragraphs: str) -> Path:
    """A Word document of these paragraphs."""
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
    return path


def sample_of(path: Path) -> Path:
    """A file of the kind that its suffix says, about cells in a zeppelin."""
    if path.suffix == ".pdf":
        return pdf(path, [FLOWN])
    if path.suffix == ".docx":
        return word(path, FLOWN)
    marked = {
        ".html": f"<p>{FLOWN}</p>",
        ".xml": f"<article><body><p>{FLOWN}</p></body></article>",
        ".csv": f"text\n{FLOWN}\n",
        ".jsonl": f'{{"text": "{FLOWN}"}}',
    }
    return write(path, marked.get(path.suffix, FLOWN))
