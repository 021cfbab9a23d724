"""Our own outage: hosts of different owners that were well, and nobody who answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling.outage import FEWEST, SILENCE, Unreached, is_outage, ours

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def failure(domain: object, seconds: float = 0, well: bool = True) -> Unreached[str]:
    return Unreached(f"{domain}.example", NOW + timedelta(seconds=seconds), well, f"feed of {domain}")


def test_hosts_of_three_owners_that_fail_together_are_an_outage() -> None:
    failures = [failure(number, number) for number in range(FEWEST)]
    end = NOW + timedelta(minutes=1)
    assert ours(failures, since=None, until=end) == failures
    assert ours(failures, since=NOW, until=end) == failures
    assert ours(failures[1:], since=None, until=end) == []


def test_one_host_that_fails_often_proves_nothing_nor_do_hosts_that_were_ill_before() -> None:
    assert not is_outage([failure("ill", number) for number in range(50)])
    assert not is_outage([failure(number, well=False) for number in range(50)])


def test_in_an_outage_those_that_were_ill_before_are_excused_too() -> None:
    failures = [*(failure(number) for number in range(FEWEST)), failure("ill", well=False)]
    assert ours(failures, since=None, until=NOW + SILENCE) == failures


def test_a_failure_during_which_somebody_answered_is_the_host_s_own() -> None:
    failures = [failure(number, number) for number in range(10)]
    assert ours(failures, since=None, until=NOW) == []
    assert ours(failures, since=None, until=NOW + timedelta(seconds=5)) == failures[:5]
    assert ours(failures, since=None, until=NOW + timedelta(seconds=2)) == []


def test_a_moment_between_two_answers_is_no_silence() -> None:
    failures = [failure(number) for number in range(10)]
    until = NOW + timedelta(seconds=1)
    assert ours(failures, since=until - SILENCE / 2, until=until) == []
    assert ours(failures, since=until - SILENCE, until=until) == failures


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 100), st.booleans())),
    st.none() | st.integers(0, 100),
    st.integers(0, 100),
)
def test_never_is_anything_excused_that_an_answer_contradicts(
    found: list[tuple[int, int, bool]], first: int | None, second: int
) -> None:
    since = None if first is None else NOW + timedelta(seconds=first)
    until = NOW + timedelta(seconds=second)
    excused = ours([failure(*one) for one in found], since=since, until=until)
    assert all(one.at < until for one in excused)
    assert not excused or (is_outage(excused) and (since is None or until - since >= SILENCE))
