"""What every store promises of jobs: queued once, in order, one at a time for a case, free again when their owner is dead."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import NOW, Opener, add_case

from signoff.graph.store.fence import Superseded, holding
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Backlog, Job, Lease


def queue(store: Store, *jobs: tuple[str, int]) -> list[bool]:
    with store.transaction():
        return [store.jobs.enqueue(key, case, "start") for key, case in jobs]


def claim(store: Store, owner: str, now: int = 0, dead: tuple[str, ...] = (), most: int = 8, case: int | None = None) -> list[Job]:
    """For ten milliseconds from now on."""
    with store.transaction():
        return store.jobs.claim(Lease(owner, now, now + 10, dead), most, case)


def finish(store: Store, job: Job, error: str | None = None) -> None:
    with store.transaction():
        store.jobs.finish(job, error)


def cases(store: Store, count: int) -> list[int]:
    return [add_case(store, part=i) for i in range(count)]


def test_a_key_is_queued_once_also_after_it_is_done(store: Store) -> None:
    one, two = cases(store, 2)
    assert queue(store, ("a", one), ("a", one), ("b", two)) == [True, False, True]
    for job in claim(store, "w"):
        finish(store, job)
    assert queue(store, ("a", one)) == [False]
    assert claim(store, "w") == []


def test_jobs_are_taken_oldest_first(store: Store) -> None:
    numbers = cases(store, 4)
    queue(store, *((f"start:{n}", n) for n in reversed(numbers)))
    assert [j.case for j in claim(store, "w", most=3)] == numbers[:0:-1]
    assert [j.case for j in claim(store, "w", most=3)] == numbers[:1]
    assert store.jobs.open_cases() == set(numbers)


def test_one_job_at_a_time_runs_for_a_case(store: Store) -> None:
    one, two = cases(store, 2)
    queue(store, ("first", one), ("second", one), ("other", two))
    first, other = claim(store, "w")
    assert (first.case, other.case) == (one, two)
    assert claim(store, "w") == claim(store, "v", 10) == []
    finish(store, first)
    (second,) = claim(store, "v")
    assert second.job_id > first.job_id


def test_the_job_of_the_dead_is_free_and_that_of_the_living_is_not(store: Store) -> None:
    (one,) = cases(store, 1)
    queue(store, ("a", one))
    (taken,) = claim(store, "dead")
    assert (taken.attempts, store.jobs.owners()) == (1, ["dead"])
    assert claim(store, "living") == []
    (again,) = claim(store, "living", dead=("dead", "others"))
    assert (again.job_id, again.attempts, store.jobs.owners()) == (taken.job_id, 2, ["living"])


def test_the_first_job_of_a_case_goes_before_the_second_also_when_its_owner_died(store: Store) -> None:
    (one,) = cases(store, 1)
    queue(store, ("first", one), ("second", one))
    (first,) = claim(store, "dead")
    assert [j.job_id for j in claim(store, "living", dead=("dead",))] == [first.job_id]


def test_a_job_for_one_case_is_taken_alone(store: Store) -> None:
    one, two = cases(store, 2)
    queue(store, ("a", one), ("b", two))
    assert [j.case for j in claim(store, "w", case=two)] == [two]


@pytest.mark.parametrize("error", [None, "it broke"])
def test_a_finished_job_is_over(store: Store, error: str | None) -> None:
    (one,) = cases(store, 1)
    queue(store, ("a", one))
    (job,) = claim(store, "w")
    finish(store, job, error)
    assert (claim(store, "v"), store.jobs.owners(), store.jobs.open_cases()) == ([], [], set())


def test_eight_workers_share_the_jobs_and_none_is_done_twice(store: Store, opener: Opener) -> None:
    numbers = cases(store, 60)
    queue(store, *((f"start:{n}", n) for n in numbers))
    names, start = tuple(f"w{i}" for i in range(8)), Barrier(8)
    stores = {name: opener() for name in names}

    def work(name: str) -> list[int]:
        mine, done = stores[name], []
        start.wait(30)
        while jobs := claim(mine, name, most=2):
            for job in jobs:
                done.append(job.case)
                finish(mine, job)
        return done

    with ThreadPoolExecutor(8) as pool:
        done = [case for of_one in pool.map(work, names) for case in of_one]
    assert sorted(done) == numbers


def test_a_job_is_free_when_its_time_is_over_and_not_before(store: Store) -> None:
    (one,) = cases(store, 1)
    queue(store, ("a", one))
    (taken,) = claim(store, "stopped")
    assert claim(store, "other", 10) == []
    (again,) = claim(store, "other", 11)
    assert (again.job_id, again.attempts, again.owner) == (taken.job_id, 2, "other")
    assert (store.jobs.holds(taken), store.jobs.holds(again)) == (False, True)


def test_a_job_that_is_prolonged_is_kept_by_whoever_holds_it_and_nobody_else(store: Store) -> None:
    (one,) = cases(store, 1)
    queue(store, ("a", one))
    (taken,) = claim(store, "w")
    with store.transaction():
        store.jobs.prolong([taken], 100)
    assert claim(store, "other", 99) == []
    (again,) = claim(store, "other", 101)
    with store.transaction():
        store.jobs.prolong([taken], 10_000)
        store.jobs.give_back(taken)
    assert [j.job_id for j in claim(store, "third", 112)] == [again.job_id]


def test_who_lost_a_job_writes_nothing_for_it(store: Store) -> None:
    (one,) = cases(store, 1)
    queue(store, ("a", one))
    (mine,) = claim(store, "stopped")
    with holding(mine), store.transaction():
        store.cases.set(one, lane="ocr")
    (theirs,) = claim(store, "other", 11)
    with holding(mine), pytest.raises(Superseded), store.transaction():
        store.cases.set(one, lane="agent")
    case = store.cases.get(one)
    assert case is not None
    assert case.lane == "ocr"
    with holding(theirs), store.transaction():
        store.jobs.finish(theirs)
    with holding(theirs), pytest.raises(Superseded), store.transaction():
        store.jobs.finish(theirs)


def test_a_job_that_is_put_off_waits_and_says_why(store: Store) -> None:
    one, two = cases(store, 2)
    queue(store, ("a", one), ("b", two))
    first, second = claim(store, "w")
    with store.transaction():
        store.jobs.put_back(first, 500, "The ERP does not answer.")
        store.jobs.finish(second)
    assert (claim(store, "w", 499), store.jobs.open_cases(), store.jobs.open_cases(499)) == ([], {one}, set())
    assert store.jobs.backlog(499) == Backlog(delayed=1)
    (again,) = claim(store, "w", 500)
    assert (again.job_id, again.attempts, again.delays) == (first.job_id, 2, 1)


def test_what_is_begun_again_is_counted(store: Store) -> None:
    (one,) = cases(store, 1)
    queue(store, ("a", one))
    for times in range(3):
        (job,) = claim(store, f"w{times}", 11 * times)
        assert job.begun == times
        with store.transaction():
            assert store.jobs.begin(job) == times + 1


def test_a_job_that_gets_further_each_time_is_counted_from_the_start(store: Store) -> None:
    (one,) = cases(store, 1)
    queue(store, ("a", one))
    for times in range(6):
        (job,) = claim(store, f"w{times}", 11 * times)
        with store.transaction():
            assert store.jobs.begin(job) == 1 + times % 2
            if times % 2:
                store.events.append("order.checked", "signoff", {}, NOW, one)


def test_the_backlog_counts_what_is_open(store: Store) -> None:
    numbers = cases(store, 5)
    queue(store, *((f"start:{n}", n) for n in numbers))
    claim(store, "lost", 0, most=1)
    stuck, *_ = claim(store, "w", 20, most=2, case=numbers[1])
    with store.transaction():
        store.jobs.finish(stuck, "It was begun too often.", "set_aside")
    claim(store, "w", 20, most=1, case=numbers[2])
    assert store.jobs.backlog(25) == Backlog(queued=2, running=1, stalled=1, set_aside=1, workers=1)


def test_turns_come_one_after_the_other_and_are_not_saved_up(store: Store, opener: Opener) -> None:
    other = opener()
    assert [store.jobs.turn("model", 1000, 250), other.jobs.turn("model", 1000, 250), store.jobs.turn("model", 1100, 250)] == [0, 250, 400]
    assert other.jobs.turn("another", 1100, 250) == 0
    assert [store.jobs.turn("model", 9000, 250) for _ in range(3)] == [0, 250, 500]


def test_eight_workers_take_turns(store: Store, opener: Opener) -> None:
    stores, start = [opener() for _ in range(8)], Barrier(8)

    def turns(mine: Store) -> list[int]:
        start.wait(30)
        return [mine.jobs.turn("model", 1000, 10) for _ in range(20)]

    with ThreadPoolExecutor(8) as pool:
        taken = sorted(wait for waits in pool.map(turns, stores) for wait in waits)
    assert taken == list(range(0, 1600, 10))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.sampled_from(["queue", "claim", "finish", "die"]), max_size=40))
def test_no_job_is_lost_whatever_happens_to_its_workers(store: Store, order: list[str]) -> None:
    number = add_case(store, source=f"orders/{len(list(store.cases.listed()))}.xml")
    queued, running, done = 0, [], 0
    for i, event in enumerate(order):
        if event == "queue":
            queued += queue(store, (f"case {number} job {i}", number))[0]
        elif event == "claim" and not running:
            running = claim(store, f"w{i}", 11 * i, case=number)
            assert len(running) == (1 if queued > done else 0)
        elif event == "finish" and running:
            finish(store, running.pop())
            done += 1
        elif event == "die":
            running = []
    while jobs := claim(store, "last", 11 * len(order), case=number):
        for job in jobs:
            finish(store, job)
            done += 1
    assert done == queued
