"""Renders the example orders of `orders.yaml` into `orders/`: run `python examples/render.py`.

    python examples/render.py            # writes examples/orders, and the table in examples/README.md
    python examples/render.py /tmp/out   # writes somewhere else

Every run gives the same bytes, so a changed file in a diff means that somebody changed an order.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from renderers import cxml, edifact, mails, orderx, pages, papers, scans, sheets, tradacoms, ubl, x12  # noqa: E402
from source import Paper, load_papers  # noqa: E402

RENDERERS: dict[str, Callable[[Paper], bytes]] = {
    "ubl": ubl.render,
    "cxml": cxml.render,
    "orderx": orderx.render,
    "orderx_pdf": orderx.render_pdf,
    "x12": x12.render,
    "edifact": edifact.render,
    "tradacoms": tradacoms.render,
    "xlsx": sheets.render_xlsx,
    "ods": sheets.render_ods,
    "csv": sheets.render_csv,
    "pdf": pages.render,
    "scan": scans.render,
    "docx": papers.render_docx,
    "html": papers.render_html,
    "text": papers.render_text,
}


def render(paper: Paper) -> bytes:
    """The file's bytes. A mail wraps what another renderer made; a copy repeats another paper's bytes."""
    if paper.render == "mail":
        return mails.render(paper, RENDERERS)
    return RENDERERS[paper.render](paper)


def render_all(target: Path) -> list[Path]:
    """Writes every paper below `target` and returns the files."""
    written: dict[str, bytes] = {}
    for paper in load_papers():
        written[paper.file] = written[paper.options["copy_of"]] if paper.render == "copy" else render(paper)
    for name, data in written.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return [target / name for name in written]


def table() -> str:
    """The README's table: each file, what it is for, and what becomes of its orders."""
    rows = ["| file | what it is | outcome |", "|---|---|---|"]
    for paper in load_papers():
        ends = (" ".join([f"**{e['status']}**", *(f"`{code}`" for code in e["findings"])]) for e in paper.expect)
        rows.append(f"| {paper.file} | {paper.about} | {'<br>'.join(ends)} |")
    return "\n".join(rows) + "\n"


def write_readme(path: Path = HERE / "README.md") -> None:
    """Puts the current table below the README's last heading."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("| file |")] + table(), encoding="utf-8")


if __name__ == "__main__":
    files = render_all(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "orders")
    if len(sys.argv) == 1:
        write_readme()
    sys.stdout.write(f"{len(files)} files written.\n")
