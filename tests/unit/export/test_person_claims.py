"""No two chunks ever hold one person, whoever dies, comes back or takes its time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import Transient
from shared.domain.ids import ExportId, ObjectType, TenantId
from shared.domain.person_marks import Mark
from shared.storage import person_claims
from shared.storage.person_claims import LIFETIME, Claimant, PersonClaims
from tests.fakes import MemoryTable

TENANT, LEAD = TenantId("contoso"), ObjectType.LEAD
PEOPLE = [Mark(bytes([number] * 6)) for number in range(6)]
ADA, BO, CY, *_ = PEOPLE


def chunk(number: int) -> Claimant:
    return Claimant(ExportId("998299999999999-010203040506"), number)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Workers:
    """Several processes over one table, each with its own memory of it."""

    def __init__(self, processes: int = 2) -> None:
        self.clock = Clock()
        self.table = MemoryTable()
        self.all = [PersonClaims(self.table, self.clock) for _ in range(processes)]

    def claim(self, number: int, *people: Mark, process: int = 0) -> set[Mark]:
        """What others have of it."""
        return set(self.all[process].claim(TENANT, LEAD, chunk(number), people))

    def release(self, number: int, process: int = 0) -> None:
        self.all[process].release(TENANT, LEAD, chunk(number))


def test_what_one_chunk_claims_is_taken_for_the_next_until_it_is_released() -> None:
    workers = Workers()
    assert workers.claim(1, ADA, BO) == set()
    assert workers.claim(2, BO, CY, process=1) == {BO}
    workers.release(1)
    assert workers.claim(2, BO, CY, process=1) == set()
    assert workers.claim(1, ADA, CY) == {CY}


def test_a_chunk_that_comes_back_in_another_process_has_its_claims_still() -> None:
    workers = Workers()
    workers.claim(1, ADA)
    assert workers.claim(1, ADA, process=1) == set()


def test_claims_of_a_chunk_that_is_not_heard_of_again_end() -> None:
    workers = Workers()
    workers.claim(1, ADA)
    workers.clock.now += LIFETIME - timedelta(seconds=1)
    assert workers.claim(2, ADA) == {ADA}
    workers.clock.now += timedelta(seconds=2)
    assert workers.claim(2, ADA) == set()
    assert workers.claim(1, ADA) == {ADA}


def test_objects_and_tenants_know_nothing_of_each_other() -> None:
    workers = Workers()
    workers.claim(1, ADA)
    claims = workers.all[0]
    for tenant, object_type in ((TENANT, ObjectType.ACCOUNT), (TenantId("fabrikam"), LEAD)):
        assert claims.claim(tenant, object_type, chunk(2), [ADA]) == frozenset()


def test_more_claims_than_a_row_holds_make_a_chunk_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_claims, "_MOST_CHARACTERS", 90)
    workers = Workers()
    workers.claim(1, ADA)
    with pytest.raises(Transient) as caught:
        workers.claim(2, *PEOPLE)
    assert caught.value.code == "manyAtOnce"
    workers.release(1)


_people = st.sets(st.sampled_from(PEOPLE), min_size=1)
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.integers(1, 3), st.integers(0, 1), _people),
        st.tuples(st.just("release"), st.integers(1, 3), st.integers(0, 1), st.just(set[Mark]())),
        st.tuples(st.just("wait"), st.integers(1, 16), st.just(0), st.just(set[Mark]())),
    ),
    max_size=25,
)


@given(_steps)
def test_nobody_is_held_twice(
    steps: list[tuple[str, int, int, set[Mark]]],
) -> None:
    workers = Workers()
    held: dict[int, tuple[datetime, set[Mark]]] = {}
    for step, number, process, people in steps:
        now = workers.clock.now
        held = {each: (until, own) for each, (until, own) in held.items() if until > now}
        if step == "wait":
            workers.clock.now += timedelta(minutes=number)
        elif step == "release":
            workers.release(number, process)
            held.pop(number, None)
        else:
            taken = workers.claim(number, *people, process=process)
            others = set().union(*(own for each, (_, own) in held.items() if each != number))
            assert taken == people & others
            held[number] = (now + LIFETIME, held.get(number, (now, set()))[1] | (people - taken))
