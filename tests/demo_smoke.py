"""A smoke test of the demo: `python tests/demo_smoke.py WORKSPACE`, after `make demo`.

People of the example company take one paused order of each kind to its end; every one of them must be in the ERP.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

SIGNOFF = Path(sys.executable).with_name("signoff")
KINDS = {
    "pdf/4500018070.pdf": "a reading that a person confirms",
    "xml/4500018008.xml": "an exception that a buyer accepts",
    "xml/4500018021.xml": "an order on hold",
    "xml/4500018004.xml": "one approval",
    "xml/4500018005.xml": "approvals up the hierarchy, and the CFO",
    "cxml/4500018032.xml": "two steps, the second signed by two in parallel",
    "edi/860-tamarack.x12": "a change of an order",
}
MOST = 10
"""No order asks for more answers."""


def signoff(workspace: str, *args: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"SIGNOFF_WORKSPACE": workspace, "SIGNOFF_TODAY": "2026-11-20"}
    return subprocess.run([str(SIGNOFF), *args], env=env, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


def record(workspace: str, case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(signoff(workspace, "show", case, "--json").stdout)
    return found


def settle(workspace: str, case: str) -> str:
    """Everybody who is asked says yes, until nobody is asked any more; what is wrong, or nothing."""
    for _ in range(MOST):
        now = record(workspace, case)
        asked = [t for t in now["tasks"] if t["status"] == "open"]
        if not asked:
            return in_erp(workspace, now)
        ran = signoff(workspace, "decide", case, "--as", asked[0]["candidates"][0], "--approve")
        if ran.returncode:
            return ran.stderr.strip()
    return f"{case} asked for more than {MOST} answers."


def in_erp(workspace: str, now: dict[str, Any]) -> str:
    if now["status"] != "posted" or not now["posting"]["id"]:
        return f"{now['case_id']} is {now['status']}: {now['reason']}"
    with closing(sqlite3.connect(Path(workspace) / "erp.db")) as erp:
        found = erp.execute(
            "SELECT count(*) FROM purchase_orders WHERE id = ?", (int(now["posting"]["id"].removeprefix("PO-")),)
        ).fetchone()
    return "" if found == (1,) else f"{now['posting']['id']} is not in the ERP."


def main(workspace: str) -> int:
    cases = {r["source"]: r for r in json.loads(signoff(workspace, "list", "--json").stdout)}
    results = {}
    for source, kind in KINDS.items():
        paused = cases[source]["status"] in ("needs_review", "needs_approval", "on_hold")
        results[kind] = settle(workspace, cases[source]["case_id"]) if paused else f"{source} does not wait: {cases[source]['status']}."
    verified = signoff(workspace, "audit", "verify")
    results["the record is whole"] = "" if verified.returncode == 0 else verified.stdout.strip()
    for kind, problem in results.items():
        sys.stdout.write(f"{'FAILED' if problem else 'ok':8}{kind}{': ' * bool(problem)}{problem}\n")
    failed = sum(map(bool, results.values()))
    sys.stdout.write(f"{len(results) - failed} passed, {failed} failed\n")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
