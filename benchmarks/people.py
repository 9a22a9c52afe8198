"""Synthetic people in the vendor's fields, the same for the same number: nobody in here exists."""

import random
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path
from typing import Any

import orjson

_SEED = 7_340_033

_BEGINNINGS = ("Al", "Be", "Ca", "Da", "El", "Fa", "Gi", "Ha", "Il", "Jo", "Ka", "Lu", "Mé", "No", "Ol", "Pa")
_MIDDLES = ("ba", "da", "fi", "go", "ka", "li", "ma", "no", "ra", "so", "tu", "vi")
_ENDINGS = ("", "n", "s", "rt", "nna", "łek", "sson", "ez")
_GIVEN = tuple("".join(parts) for parts in product(_BEGINNINGS, _MIDDLES[:6], _ENDINGS[:6]))
_FAMILY = tuple("".join(parts) for parts in product(_BEGINNINGS, _MIDDLES, _MIDDLES, _ENDINGS))
_COMPANIES = 5_000
_TITLES = (
    "Director of Sales",
    "Sales Manager",
    "Account Executive",
    "Vice President, Marketing",
    "Controller",
)
_CITIES = (
    ("Redmond", "Washington", "98052", "United States"),
    ("München", "Bayern", "80331", "Germany"),
    ("Łódź", "Łódzkie", "90-001", "Poland"),
    ("Leeds", "England", "LS1 4AP", "United Kingdom"),
)

Person = dict[str, Any]


def person(number: int) -> Person:
    """The person with this number, in 17 fields of which one is missing for every third."""
    chance = random.Random(_SEED + number)  # noqa: S311 - the same people every time is the point
    given, family = chance.choice(_GIVEN), chance.choice(_FAMILY)
    company = chance.randrange(_COMPANIES)
    city, state, postal_code, country = chance.choice(_CITIES)
    found = {
        "id": 5_000_000_000 + number,
        "firstName": given,
        "lastName": family,
        "jobTitle": chance.choice(_TITLES),
        "email": f"person{number}@company{company}.example",
        "directPhone": f"(425) 555-{chance.randrange(10_000):04}" if number % 3 else None,
        "mobilePhone": f"(425) 556-{chance.randrange(10_000):04}",
        "companyName": f"Company {company} Ltd",
        "companyPhone": f"(425) 557-{company:04}",
        "companyWebsite": f"https://www.company{company}.example",
        "street": f"{chance.randrange(1, 300)} Harbor Way, Suite {chance.randrange(1, 90)}",
        "city": city,
        "state": state,
        "zipCode": postal_code,
        "country": country,
        "companyEmployeeCount": chance.randrange(1, 20_000),
        "companyRevenueNumeric": chance.randrange(1, 900) * 1_000_000,
    }
    return {name: value for name, value in found.items() if value is not None}


def with_fax(number: int) -> Person:
    """The same person with a number that was not known before."""
    return {**person(number), "fax": f"(425) 558-{number % 10_000:04}"}


def write_people(file: Path, numbers: Iterable[int], make: Callable[[int], Person] = person) -> Path:
    """The file, with one of these people a line."""
    with file.open("wb") as lines:
        lines.writelines(orjson.dumps(make(number)) + b"\n" for number in numbers)
    return file
