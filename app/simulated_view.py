"""What people see of `signoff policy simulate`: a paragraph and a few tables, before and after beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from signoff.app.simulating import Against, Simulated
from signoff.app.terminal import table
from signoff.domain.money import shown
from signoff.graph.past_case import Outcome
from signoff.graph.simulating import OUTCOMES, Moved, Side
from signoff.graph.store.rows import case_id

WORDS = {
    "unseen": "pass without a person",
    "review": "have their reading reviewed",
    "exception": "stop for an exception",
    "approval": "need a sign-off",
    "duplicate": "are set aside as duplicates",
    "unsignable": "could be signed by nobody",
}
KINDS = {"review": "review", "exception": "exception", "approval": "sign-off"}
BESIDE = {
    Against.RECORDED: "the policy that each was decided by",
    Against.CURRENT: "the policy that is in force now",
}
NAMED = 10
"""Cases that are named of a list; --json has all."""


def told(found: Simulated) -> Iterator[RenderableType]:
    """All of it, part by part."""
    tally = found.tally
    yield escape(_heading(found))
    if tally.cases:
        yield ""
        yield _outcomes(found)
        yield from _titled("Who is asked (tasks)", _load(found))
        yield from _titled("People (tasks that only they may answer + tasks that others may answer too)", _people(found))
        yield from _titled("Exceptions by finding (orders)", _counted("finding", tally.before.codes, tally.after.codes))
        passing = shown(tally.money.get("halted", Decimal(0)), found.new.policy.base_currency)
        yield from _moves(found, f"{_orders(tally.counts['halted'])} over {passing} passed unseen and would not any more", tally.halted)
        passing = shown(tally.money.get("freed", Decimal(0)), found.new.policy.base_currency)
        yield from _moves(found, f"{_orders(tally.counts['freed'])} over {passing} would newly pass unseen", tally.freed)
    yield from _listed("Nobody could sign", tally.unsignable)
    yield from _listed("Could not be told from the record", tally.untold)
    yield from map(escape, _rest(found))


def _heading(found: Simulated) -> str:
    tally, policy = found.tally, found.new.policy
    return (
        f"{_orders(tally.cases)} decided again by the policy of {policy.dated} ({found.new.hash[:12]}), beside {BESIDE[found.against]}: "
        f"of {tally.changed} something else is asked. Vendors, contracts, people, the past and what agents said are as they were; a "
        "reading or an exception that stops an order counts as accepted."
    )


def _outcomes(found: Simulated) -> Table:
    """An order may stand in several rows."""
    before, after = found.tally.before, found.tally.after
    made = table(
        "orders that (one may do several)",
        "before",
        "after",
        "",
        "worth before",
        "worth after",
        right=("before", "after", "", "worth before", "worth after"),
    )
    for name in OUTCOMES:
        if before.cases[name] or after.cases[name]:
            made.add_row(
                WORDS[name], str(before.cases[name]), str(after.cases[name]), _difference(before.cases[name], after.cases[name]),
                _worth(found, before, name), _worth(found, after, name),
            )  # fmt: skip
    return made


def _worth(found: Simulated, side: Side, name: str) -> str:
    unknown = f" + {side.unpriced[name]} unknown" if side.unpriced[name] else ""
    return shown(side.money.get(name, Decimal(0)), found.new.policy.base_currency) + unknown


def _load(found: Simulated) -> Table:
    before, after = found.tally.before.tasks, found.tally.after.tasks
    made = table("task", "for", "before", "after", "", right=("before", "after", ""))
    for kind, who in sorted({*before, *after}, key=lambda key: (list(KINDS).index(key[0]), -after[key], key[1])):
        made.add_row(
            KINDS[kind], escape(who), str(before[kind, who]), str(after[kind, who]), _difference(before[kind, who], after[kind, who])
        )
    return made


def _people(found: Simulated) -> Table:
    before, after = found.tally.before, found.tally.after
    made = table("person", "before", "after", right=("before", "after"))
    every = {*before.alone, *before.shared, *after.alone, *after.shared}
    for person in sorted(every, key=lambda p: (-after.alone[p], -after.shared[p], p)):
        sides = (f"{side.alone[person]} + {side.shared[person]}" for side in (before, after))
        made.add_row(escape(f"{found.names.get(person, 'not in people.csv any more')} ({person})"), *sides)
    return made


def _counted(what: str, before: Counter[str], after: Counter[str]) -> Table:
    made = table(what, "before", "after", "", right=("before", "after", ""))
    for name in sorted({*before, *after}, key=lambda name: (-after[name], name)):
        made.add_row(name, str(before[name]), str(after[name]), _difference(before[name], after[name]))
    return made


def _difference(before: int, after: int) -> str:
    return f"{after - before:+}" if after != before else ""


def _titled(title: str, made: Table) -> Iterator[RenderableType]:
    if made.row_count:
        yield from ("", f"[bold]{title}[/bold]", made)


def _moves(found: Simulated, title: str, largest: list[Moved]) -> Iterator[RenderableType]:
    made = table("case", "amount", "asked before", "asked after", right=("amount",))
    for moved in largest:
        amount = shown(moved.amount, found.new.policy.base_currency)
        made.add_row(case_id(moved.case), amount, escape(_asked(moved.before)), escape(_asked(moved.after)))
    yield from _titled(f"{title}{'; the largest:' if largest else '.'}", made)


def _asked(outcome: Outcome) -> str:
    if outcome.why:
        return "nobody could sign"
    if outcome.duplicate:
        return "set aside as a duplicate"
    return "; ".join(f"{KINDS[a.kind]}: {a.label.removeprefix('role:').removeprefix('person:')}" for a in outcome.asked) or "nobody"


def _listed(title: str, reasons: dict[str, list[int]]) -> Iterator[RenderableType]:
    if reasons:
        count = sum(map(len, reasons.values()))
        yield from ("", f"[bold]{title}: {_orders(count)}[/bold]")
        for why, cases in sorted(reasons.items()):
            yield escape(f"  {_named(cases)}: {why}")


def _named(cases: Iterable[int]) -> str:
    numbers = sorted(cases)
    more = f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else ""
    return ", ".join(map(case_id, numbers[:NAMED])) + more


def _rest(found: Simulated) -> Iterator[str]:
    tally = found.tally
    yield ""
    if tally.elsewhere:
        states = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in sorted(tally.elsewhere.items()))
        yield f"Not simulated, as they never came as far as a check: {states}."
    if tally.differing:
        otherwise = f"{len(tally.differing)} went another way than is shown as before: {_named(tally.differing)}"
        yield f"Of {_orders(tally.decided)} that are decided, {otherwise}."
    elif tally.decided:
        yield f"{_orders(tally.decided)} are decided, and went as is shown as before."


def _orders(count: int) -> str:
    return f"{count:,} order{'' if count == 1 else 's'}"
