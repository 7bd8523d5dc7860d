"""Who must sign an order: a pure function of typed values, policy, people, and the day.

All rules that fit contribute their steps, in the order of the file; the same sign-off is asked for once, at the latest
place where it stands. Scrutiny only rises (`approve < review < block`):

* no rule fits: the fallback role signs; a rule that says `nobody` gives way to any step; where it stands, the owners of
  warnings sign, whatever the amount;
* an unknown amount counts as larger than every threshold, and a credit counts as large as the sum that it moves;
* `management` is signed by every manager on the way up who has a limit, up to the first whose limit covers the amount;
  where none covers it the fallback role signs last, with the finding `approver_limit`;
* a role signs whatever the limit of the person, because the role is the authority;
* the requester is no candidate anywhere, nor is anybody whom the requester's name fits (`domain/checks/approvers.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from signoff.domain.advice import RoutingAdvice
from signoff.domain.approvals import Approver, Rule, Step
from signoff.domain.checks.approvers import Signers
from signoff.domain.checks.approvers import requesters as requesters
from signoff.domain.checks.matching import Setting, Traits, because, fits, traits_of
from signoff.domain.findings import Finding, Severity
from signoff.domain.people import Directory
from signoff.domain.policy import Policy
from signoff.domain.signoffs import RouteStep
from signoff.domain.stages import CheckedOrder, Route

NO_RULE = "no rule matched"
ADVISED = "the routing agent"
ANYWHERE = Setting()


def route(
    checked: CheckedOrder,
    policy: Policy,
    people: Directory,
    policy_hash: str,
    advice: RoutingAdvice | None = None,
    setting: Setting = ANYWHERE,
) -> Route:
    """The sign-offs this order needs. Raises `NeedsPerson` when policy leaves nobody to ask.

    `advice` only adds: rules that hold for the category and cost centre it names, and the reviewers it asks for, before the others.
    """
    traits = traits_of(checked, policy.company, setting)
    signers = Signers(policy, people, checked.verified.order, traits.amount, (traits.category,), setting.day)
    matched = [rule for rule in policy.approvals if fits(rule, traits)]
    steps = _ruled(signers, matched, traits) if matched else _unmatched(signers)
    if passing := _passing(policy, traits):
        steps = [*_warned(signers, passing.name, checked.check.findings), *steps]
    further, added = _advised(signers, matched, traits, advice) if advice else ([], [])
    noticed = tuple(judged for f in signers.findings() if (judged := policy.judge(f, traits.vendor, traits.category, traits.contract)))
    rules = tuple(r.name for r in (*matched, *further)) or (NO_RULE,)
    if advice and advice.failed and not steps:
        steps = _unmatched(signers, f"the routing agent could not look at the order: {advice.failed}")
    asked = signers.enough(once([*added, *steps]))
    return Route(steps=asked, barred=tuple(sorted(signers.barred)), rules=rules, findings=noticed, policy_hash=policy_hash)


def _passing(policy: Policy, traits: Traits) -> Rule | None:
    """The rule that would let the order pass, were it small and without a warning."""
    small = replace(traits, amount=Decimal(0))
    return next((rule for rule in policy.approvals if rule.nobody and fits(rule, small)), None)


def _ruled(signers: Signers, rules: Sequence[Rule], traits: Traits) -> list[RouteStep]:
    """The steps of rules, in their order."""
    return [
        made
        for rule in rules
        for step in rule.steps
        for made in _steps(signers, rule.name, because(rule, traits, signers.policy.base_currency), step)
    ]


def _advised(signers: Signers, matched: Sequence[Rule], traits: Traits, advice: RoutingAdvice) -> tuple[list[Rule], list[RouteStep]]:
    """Rules that hold besides if the agent is right about category and cost centre, and their steps with the reviewers it wants."""
    seen = replace(traits, category=advice.category or traits.category, cost_center=advice.cost_center or traits.cost_center)
    further = [r for r in signers.policy.approvals if r.steps and r not in matched and fits(r, seen)]
    signers.categories = (traits.category, seen.category)
    steps = _ruled(signers, further, seen)
    for reviewer in advice.reviewers:
        wanted = Step(role=reviewer.role, person=reviewer.person)
        steps += _steps(signers, ADVISED, f"the routing agent asks for it: {reviewer.why}", wanted)
    return further, steps


def _steps(signers: Signers, rule: str, why: str, step: Step) -> Iterator[RouteStep]:
    """A step as route steps: one after another for management, one with everybody in it otherwise."""
    made = [pair for approver in step.approvers for pair in signers.sign_offs(approver, why)]
    if step.management:
        yield from (RouteStep(approvers=(a,), distinct=step.distinct, rule=rule, why=reason) for a, reason in made)
        return
    reasons = "; ".join(dict.fromkeys(reason for _, reason in made))
    approvers = tuple(a for a, _ in made)
    yield RouteStep(
        approvers=approvers, any_of=bool(step.any_of), quorum=step.quorum, distinct=step.distinct, rule=rule, why=reasons
    )  # fmt: skip


def steps_of(signers: Signers, rule: Rule, step: Step) -> list[RouteStep]:
    """The route steps of one step of a rule. Raises `NeedsPerson` like `route`."""
    return list(_steps(signers, rule.name, "", step))


def _unmatched(signers: Signers, because: str = "no approval rule of the policy matches this order") -> list[RouteStep]:
    approver, why = signers.fallback(because)
    return [RouteStep(approvers=(approver,), rule=NO_RULE, why=why)]


def _warned(signers: Signers, rule: str, findings: Sequence[Finding]) -> list[RouteStep]:
    """Rules that ask for nobody hold only for an order without warnings; otherwise the findings' owners sign, each of them.

    They sign a larger order, too, before those whom its rules ask, so that it is not seen by fewer than a small one.
    """
    serious = [f for f in findings if f.severity.rank >= Severity.WARNING.rank]
    if not serious:
        return []
    messages = " ".join(dict.fromkeys(f.message for f in serious))
    why = f"{messages} The rule {rule!r} passes only orders without warnings."
    return asked_of(signers, rule, why, [signers.policy.gates.owner(f.code) for f in serious])


def asked_of(signers: Signers, rule: str, why: str, owners: Iterable[Approver]) -> list[RouteStep]:
    """The sign-offs of those who own findings, each once: at the same time, and then of managers one after another."""
    each = tuple(dict.fromkeys(owners))
    managed = [made for owner in each if owner.management for made in _steps(signers, rule, why, Step(**owner.model_dump()))]
    others = tuple(owner for owner in each if not owner.management)
    return [*(_steps(signers, rule, why, Step(all_of=others)) if others else ()), *managed]


def once(steps: Sequence[RouteStep]) -> tuple[RouteStep, ...]:
    """The steps with each sign-off asked for once, at the latest place where it stands.

    The people who may give it say what it is: two roles held by the same one person are one sign-off. A choice, a quorum and a
    step of different people stay whole; a plain sign-off that one of the latter asks for by the same name is not asked for again.
    """
    whole = _together(steps)
    settled = {a for step in whole if _settles(step) for a in step.approvers}
    seen: set[frozenset[str]] = set()
    kept: list[RouteStep] = []
    for step in reversed(steps):
        if _whole(step):
            kept += [step] if any(step is other for other in whole) else []
            continue
        approvers = []
        for approver in step.approvers:
            own = frozenset(approver.candidates)
            if own not in seen and approver not in settled:
                approvers.append(approver)
                seen.add(own)
        if approvers:
            kept.append(step.model_copy(update={"approvers": tuple(approvers)}))
    return tuple(reversed(kept))


def _together(steps: Sequence[RouteStep]) -> list[RouteStep]:
    """The steps whose sign-offs mean something only together, without those that a later one covers."""
    kept: list[RouteStep] = []
    for step in reversed(steps):
        if _whole(step) and not any(_covers(later, step) for later in kept):
            kept.append(step)
    return kept


def _sets(step: RouteStep) -> list[frozenset[str]]:
    return sorted((frozenset(a.candidates) for a in step.approvers), key=sorted)


def _labels(step: RouteStep) -> set[str]:
    return {a.label for a in step.approvers}


def _whole(step: RouteStep) -> bool:
    """Whether its sign-offs mean something only together."""
    return step.apart or (step.any_of and len(set(_sets(step))) > 1)


def _settles(step: RouteStep) -> bool:
    """Whether it is of different people, each of whom signs in any case."""
    return step.apart and step.needed == len(step.approvers)


def _covers(later: RouteStep, step: RouteStep) -> bool:
    """Whether the later step asks for all that this one does. Where people must not be the same, those of two names are two, even if
    the same ones could answer for both."""
    if not _whole(later) or set(_sets(later)) != set(_sets(step)) or step.distinct > later.distinct:
        return False
    if later.distinct and _labels(later) != _labels(step):
        return False
    return later.any_of == step.any_of and later.needed >= step.needed and step.apart <= later.apart
