"""300 synthetic people, the same ones every time: nobody in here exists."""

import random
from collections.abc import Iterator
from itertools import chain
from typing import Any

from local.sample.awkward import AWKWARD, BROKEN
from local.sample.employers import Employer, employers
from local.sample.names import Name, languages

COUNT = 300
_SEED = 20_260_301
_FIRST_ID = 3_000_000_001

_FUNCTIONS = ("Sales", "Marketing", "Finance", "Operations", "Engineering", "Human Resources", "Legal", "IT")
_LEVELS = {
    "Director": "Director of {}",
    "Manager": "{} Manager",
    "Non-Manager": "{} Specialist",
    "VP-Level": "Vice President, {}",
    "C-Level": "Chief {} Officer",
}


def people() -> list[dict[str, Any]]:
    """Records in the vendor's contact fields: ordinary people, then awkward ones, then broken ones."""
    ordinary = _ordinary(COUNT - len(AWKWARD) - len(BROKEN))
    everybody = chain(ordinary, AWKWARD, BROKEN)
    return [{"id": number, **person} for number, person in enumerate(everybody, start=_FIRST_ID)]


def _ordinary(wanted: int) -> Iterator[dict[str, Any]]:
    """So many people, no two of whom share a name at the same employer."""
    chance = random.Random(_SEED)  # noqa: S311 - the same people every time is the point
    spoken, hiring = languages(), employers()
    known: set[tuple[str, str, str]] = set()
    while len(known) < wanted:
        language = chance.choice(spoken)
        given, family = chance.choice(language.given), chance.choice(language.family)
        employer = chance.choice(hiring)
        identity = (given.address, family.address, employer.name)
        if identity not in known:
            known.add(identity)
            yield _person(chance, given, family, employer)


def _person(chance: random.Random, given: Name, family: Name, employer: Employer) -> dict[str, Any]:
    function, level = chance.choice(_FUNCTIONS), chance.choice(tuple(_LEVELS))
    direct = employer.phones.format(_digits(chance, employer))
    return {
        "firstName": given.written,
        "lastName": family.written,
        "jobTitle": _LEVELS[level].format(function),
        "jobFunction": function,
        "managementLevel": level,
        "email": f"{given.address}.{family.address}@{employer.domain}",
        # One in three has no number of their own, so that the company's steps in.
        **({"directPhone": direct} if chance.randrange(3) else {}),
        "companyName": employer.name,
        "companyWebsite": f"https://www.{employer.domain}",
        "companyPhone": employer.phones.format("0" * employer.digits),
        "companyPrimaryIndustry": employer.industry,
        "city": employer.city,
        "country": employer.country,
    }


def _digits(chance: random.Random, employer: Employer) -> str:
    return f"{chance.randrange(1, 10**employer.digits):0{employer.digits}}"
