"""The people of one chaos round: what is sent, and what has to be true of each afterwards."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

FILLED = {
    "firstName": "firstname",
    "lastName": "lastname",
    "companyName": "companyname",
    "jobTitle": "jobtitle",
    "phone": "telephone1",
}
"""Vendor fields of these people and the columns that the default mapping fills with them."""

EDITED_COLUMN = "jobtitle"


class Kind(StrEnum):
    """What is special about a person."""

    NEW = "new"  # nobody knows them yet
    KNOWN = "known"  # a lead with values that nobody may overwrite
    DOOMED = "doomed"  # a lead that somebody deletes while the export runs
    EDITED = "edited"  # a lead whose empty job title somebody fills in while the export runs
    TWICE = "twice"  # stands in the file a second time, under the same id
    BROKEN = "broken"  # a line that is no JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One line of the input. `kept`: what Dynamics has of them already, column by column."""

    kind: Kind
    vendor: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """By which a person is told from all others."""
        return self.vendor.get("email", "")

    @property
    def line(self) -> bytes:
        """The line of the input."""
        return b'{"id": "cut off' if self.kind is Kind.BROKEN else orjson.dumps(dict(self.vendor))

    def seed(self) -> dict[str, Any]:
        """The lead that Dynamics has before."""
        return {"subject": "kept", "emailaddress1": self.email, **self.kept}


def make_people(chance: random.Random, prefix: str, amount: int) -> list[Person]:
    """People in an order of chance; about half are new."""
    kinds = chance.choices(list(Kind), weights=(10, 4, 2, 2, 1, 1), k=amount)
    people = [_person(kind, prefix, number) for number, kind in enumerate(kinds, start=1)]
    people += [person for person in people if person.kind is Kind.TWICE]
    chance.shuffle(people)
    return people


def seeds(people: Sequence[Person]) -> list[dict[str, Any]]:
    """The leads that lie in Dynamics before the export."""
    return [person.seed() for person in people if person.kept]


def _person(kind: Kind, prefix: str, number: int) -> Person:
    vendor = {
        "id": f"{prefix}-{number}",
        "firstName": f"Ada{number}",
        "lastName": f"Ngata-{prefix}-{number}",
        "companyName": f"Contoso {prefix} {number}",
        "jobTitle": f"Director {number}",
        "phone": f"+49 30 {number:06d}",
        "email": f"ada{number}@{prefix}.example",
    }
    kept = {"lastname": f"Kept-{prefix}-{number}"}
    match kind:
        case Kind.BROKEN:
            return Person(kind=kind)
        case Kind.KNOWN:
            return Person(kind=kind, vendor=vendor, kept={**kept, "jobtitle": "Kept title"})
        case Kind.DOOMED | Kind.EDITED:
            return Person(kind=kind, vendor=vendor, kept=kept)
        case _:
            return Person(kind=kind, vendor=vendor)
