"""Some words of the infrastructure are misspelt, each alone; `./dev bench bicep` does it to all of them."""

from collections import defaultdict

import pytest

from local.bicep.across.code import read_code
from local.bicep.misspelling import KEYS, REFERENCES, Outcome, tried
from local.bicep.program import sources
from tests.bicep_programs import INFRA

EVERY = 31


@pytest.fixture(scope="module")
def outcomes() -> dict[str, list[Outcome]]:
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in tried(sources(INFRA), read_code(), root=INFRA, every=EVERY):
        kinds[outcome.misspelling.kind].append(outcome)
    return kinds


def test_of_misspelt_property_keys_most_are_found(outcomes: dict[str, list[Outcome]]) -> None:
    found = [outcome.found for outcome in outcomes[KEYS]]
    assert len(found) >= 20
    assert sum(found) / len(found) >= 0.9


def test_every_misspelt_reference_is_found(outcomes: dict[str, list[Outcome]]) -> None:
    missed = [outcome.misspelling for outcome in outcomes[REFERENCES] if not outcome.found]
    assert len(outcomes[REFERENCES]) >= 25
    assert missed == []
