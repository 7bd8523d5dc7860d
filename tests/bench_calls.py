"""How many calls to a model orders take, and how many take none: a batch against a server whose model finds nothing.

Prints figures, fails on nothing. Usage: python tests/bench_calls.py [FOLDER]
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from llm_brains import nothing
from llm_server import LlmServer
from signoff_run import ORDERS, make_company, rows, started

CALLS = (
    "SELECT c.state, m.agent, count(m.number) FROM cases c LEFT JOIN model_calls m ON m.case_number = c.number GROUP BY c.number, m.agent"
)
PER_CASE = "SELECT count(m.number) FROM cases c LEFT JOIN model_calls m ON m.case_number = c.number GROUP BY c.number"


def main(folder: Path) -> None:
    with TemporaryDirectory() as scratch, LlmServer(nothing) as server:
        workspace = make_company(Path(scratch) / "company")
        os.environ |= {"OPENAI_BASE_URL": server.url, "SIGNOFF_MODEL": "bench"}
        process = started("batch", folder, "--out", workspace / "records.jsonl", workspace=workspace)
        process.communicate()
        per_case = Counter(int(str(n)) for (n,) in rows(workspace / "signoff.db", PER_CASE))
        by_agent: Counter[str] = Counter()
        for _, agent, n in rows(workspace / "signoff.db", CALLS):
            by_agent[str(agent)] += int(str(n))
    orders, calls = per_case.total(), sum(n * many for n, many in per_case.items())
    agents = ", ".join(f"{agent} {n}" for agent, n in sorted(by_agent.items()) if n)
    spread = ", ".join(f"{many} took {n}" for n, many in sorted(per_case.items()))
    print(f"{orders} orders in {folder}, {calls} calls: {calls / orders:.2f} an order; {per_case[0] / orders:.1%} took none ({spread})")
    given, made = server.billed.input_tokens / orders, server.billed.output_tokens / orders
    print(f"by agent: {agents}; {given:,.0f} tokens in, {made:,.0f} out an order")
    print(f"errors of the server: {len(server.errors)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ORDERS)
