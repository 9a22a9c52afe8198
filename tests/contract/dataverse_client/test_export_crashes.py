"""A worker may fail or die at any step of an export: each record arrives once all the same."""

import os
import random

import pytest
from dataverse_organizations import Emulator
from playing_exports import Play
from simulated_account import Account, Fate

from tests.chaos.checker import violations

_STRIDE = 10
_SEEDS = 8
_MANY = 300


@pytest.fixture
def play(dataverse_process: Emulator) -> Play:
    return Play(dataverse_process)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("fate", Fate)
def test_whatever_befalls_a_step_each_record_has_one_outcome_and_one_lead(play: Play, fate: Fate) -> None:
    """Every step of an export in turn; `EVERY_STEP=1` says so, else each tenth with another beginning."""
    steps = len(play.steps())
    first, stride = (1, 1) if os.environ.get("EVERY_STEP") else (1 + list(Fate).index(fate) * 2, _STRIDE)
    found = [each for number in range(first, steps + 1, stride) for each in play.judge({number: fate})]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("seed", range(_SEEDS))
def test_whatever_befalls_several_steps_each_record_has_one_outcome_and_one_lead(
    play: Play, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    fates = {number: chance.choice(list(Fate)[:3]) for number in chance.sample(range(1, 60), k=4)}
    fates[chance.randrange(60, 90)] = Fate.SLEEP
    found = play.judge(dict(sorted(fates.items())), seed)
    assert not found, "\n".join(found)


def test_messages_that_come_up_to_five_times_in_any_order_make_one_lead_each(play: Play) -> None:
    chance = random.Random(6)  # noqa: S311 - repeatable on purpose
    account = Account(copies=lambda: chance.randint(1, 5))
    # A clock so quick that a turn is over with each chunk, which then has a message of its own.
    _, witness = play.run(amount=200, seed=6, account=account, chunk_size=1, window=8, tick=20.0)
    assert violations(witness) == []
    assert account.sent > _MANY
