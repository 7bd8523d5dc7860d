"""`signoff eval generate`: labelled companies and orders by the thousand, from a seed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from signoff.app.terminal import console, print_json, progress


def generate(
    folder: Annotated[Path, typer.Argument(help="A new folder for the dataset.")],
    orders: Annotated[int, typer.Option("--orders", "-n", help="How many papers.", show_default=True)] = 300,
    seed: Annotated[int, typer.Option(help="The same seed and number give the same bytes.", show_default=True)] = 1,
    formats: Annotated[str, typer.Option(help="Only these formats, with commas between them: pdf,ubl,scan (default: all).")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Write a dataset: a company, orders on papers of many makes, and the right answers beside them."""
    from signoff.evals.generating.dataset import generate as write

    chosen = [part.strip() for part in formats.split(",") if part.strip()]
    with progress() as bar:
        task = bar.add_task("writing", total=orders)
        made = write(folder, orders, seed, chosen, lambda: bar.advance(task))
    if json:
        print_json({"folder": str(folder), "papers": orders, "orders": made, "seed": seed})
    else:
        console().print(f"{orders} papers with {made} orders stand in {folder}. Next:  signoff eval run {folder}")
