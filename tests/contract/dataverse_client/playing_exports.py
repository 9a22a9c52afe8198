"""Plays exports in the simulation, each over an emulator that is emptied before, and judges them."""

import random
from dataclasses import dataclass

import requests
from dataverse_organizations import Emulator
from simulated_account import Account, Fate, Steps
from simulated_export import Simulation

from tests.chaos.checker import said_twice, violations
from tests.chaos.people import Kind, Person, make_people, seeds
from tests.chaos.witness import Witness


@dataclass
class Play:
    """Simulations of the same people over an emulator that is emptied before each."""

    emulator: Emulator

    def run(self, amount: int = 24, seed: int = 1, **about: object) -> tuple[Simulation, Witness]:
        self.emulator.control("reset")
        chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        people = [each for each in make_people(chance, f"s{seed}", amount) if each.kind is not Kind.DOOMED]
        self._seed(people)
        simulation = Simulation(self.emulator, people, chance, **about)  # type: ignore[arg-type]
        simulation.start()
        seen = simulation.run()
        rows = self.emulator.control("rows/lead", method="GET")["rows"]
        return simulation, Witness(exports=[seen], rows=rows)

    def _seed(self, people: list[Person]) -> None:
        answer = requests.post(f"{self.emulator.url}/_emulator/rows/lead", json=seeds(people), timeout=60)
        assert answer.status_code == 201, answer.text

    def steps(self) -> list[str]:
        """The names of the steps of an export that nothing befalls."""
        simulation, witness = self.run()
        assert violations(witness) == []
        assert said_twice(witness) == []
        return simulation.account.steps.names

    def judge(self, fates: dict[int, Fate], seed: int = 1) -> list[str]:
        """What is wrong after these fates, with the step at which they struck."""
        simulation, witness = self.run(seed=seed, account=Account(Steps(dict(fates))))
        names = dict(enumerate(simulation.account.steps.names, start=1))
        struck = ", ".join(
            f"{fate} at step {each}, {names.get(each, 'never')}" for each, fate in fates.items()
        )
        found = [*map(str, violations(witness)), *simulation.unexplained(), *simulation.left_over()]
        return [f"seed {seed}, {struck}: {each}" for each in found]
