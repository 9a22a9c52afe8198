"""Keeps exports under way for as long as a chaos round lasts: new people, and some who came before."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

import requests

from tests.chaos.people import Person, make_people, seeds
from tests.chaos.stage import Stage
from tests.e2e.conversation import NDJSON

_POLL_SECONDS = 0.2
_PATIENCE = 300.0
_MAY_COME_AGAIN = frozenset({409, 429, 500, 502, 503})


@dataclass(frozen=True, slots=True)
class Sent:
    """An export that was accepted, with its input."""

    id: str
    people: Sequence[Person]


@dataclass(slots=True)
class Crowd:
    """Everybody of a round. `leads`: ids of the leads that were there before, by e-mail."""

    stage: Stage
    prefix: str
    people: list[Person] = field(default_factory=list)
    leads: dict[str, str] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def come(self, chance: random.Random, amount: int) -> list[Person]:
        """New people, some of whom Dynamics knows, and a few who were there before."""
        with self.lock:
            fresh = make_people(chance, f"{self.prefix}n{len(self.people)}", amount)
            again = chance.sample(self.people, k=min(len(self.people), amount // 4))
            self.people += fresh
            seeded = seeds(fresh)
            ids = self.stage.dataverse.seed("lead", *seeded) if seeded else []
            self.leads |= zip((each["emailaddress1"] for each in seeded), ids, strict=True)
        return fresh + again

    def keep_sending(self, chance: random.Random, amount: int) -> None:
        """One export after another, each twice at once, until the round is over."""
        while not self.over.is_set():
            people = self.come(chance, amount)
            part = chance.sample(people, k=len(people) // 3)
            exports = [
                self._send(each, f"{people[0].email}{people[1].email}-{len(each)}") for each in (people, part)
            ]
            for each in exports:
                self._wait(each)

    def _send(self, people: Sequence[Person], key: str) -> Sent:
        """Starts an export, as often as it takes: the key makes one of them all."""
        body = b"\n".join(person.line for person in people)
        headers = {"Content-Type": NDJSON, "Idempotency-Key": key}

        def start() -> str | None:
            answer = self.stage.admin.call(
                "POST", "/exports", params={"object": "lead"}, data=body, headers=headers
            )
            if answer.status_code in {200, 202}:
                return str(answer.json()["id"])
            assert answer.status_code in _MAY_COME_AGAIN, answer.text
            return None

        sent = Sent(until_told(start, _PATIENCE), people)
        with self.lock:
            self.sent.append(sent)
        return sent

    def _wait(self, sent: Sent) -> None:
        def ended() -> bool | None:
            answer = self.stage.admin.call("GET", f"/exports/{sent.id}")
            return True if self.over.is_set() or (answer.ok and answer.json()["endedAt"]) else None

        until_told(ended, _PATIENCE)


def until_told(ask: Callable[[], Any], patience: float) -> Any:
    """What somebody is told who asks until there is an answer."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            told = ask()
        except requests.RequestException:
            told = None  # nobody serves at the moment
        if told is not None:
            return told
        time.sleep(_POLL_SECONDS)
    raise AssertionError(f"no answer for {patience} seconds")
