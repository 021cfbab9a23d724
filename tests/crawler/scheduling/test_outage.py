"""Our own outage: hosts of different owners that were well, and nobody who answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling.outage import FEWEST, Unreached, is_outage, ours

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def failure(domain: object, seconds: float = 0, well: bool = True) -> Unreached[str]:
    return Unreached(f"{domain}.example", NOW + timedelta(seconds=seconds), well, f"feed of {domain}")


def test_hosts_of_three_owners_that_fail_together_are_an_outage() -> None:
    failures = [failure(number, number) for number in range(FEWEST)]
    assert ours(failures, None) == failures
    assert ours(failures, NOW + timedelta(minutes=1)) == failures
    assert ours(failures[1:], None) == []


def test_one_host_that_fails_often_proves_nothing_nor_do_hosts_that_were_ill_before() -> None:
    assert not is_outage([failure("ill", number) for number in range(50)])
    assert not is_outage([failure(number, well=False) for number in range(50)])


def test_in_an_outage_those_that_were_ill_before_are_excused_too() -> None:
    failures = [*(failure(number) for number in range(FEWEST)), failure("ill", well=False)]
    assert ours(failures, None) == failures


def test_a_failure_during_which_somebody_answered_is_the_host_s_own() -> None:
    failures = [failure(number, number) for number in range(10)]
    assert ours(failures, NOW) == []
    assert ours(failures, NOW + timedelta(seconds=5)) == failures[:5]
    assert ours(failures, NOW + timedelta(seconds=2)) == []


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 100), st.booleans())), st.none() | st.integers(0, 100))
def test_never_is_anything_excused_that_an_answer_contradicts(
    found: list[tuple[int, int, bool]], second: int | None
) -> None:
    answered = None if second is None else NOW + timedelta(seconds=second)
    excused = ours([failure(*one) for one in found], answered)
    assert all(answered is None or one.at < answered for one in excused)
    assert not excused or is_outage(excused)
