"""Synthetic people with 40 of the vendor's fields, nine in ten of them filled."""

import random

from benchmarks.people import Person, person

_MORE = {
    "middleName": "M.",
    "salutation": "Ms.",
    "jobFunction": ["Sales Operations", "Finance"],
    "managementLevel": ["Director"],
    "supplementalEmail": "someone@ngata.example",
    "phone": "(425) 555-0142",
    "fax": "(425) 555-0144",
    "companyFax": "(425) 555-0101",
    "externalUrl": "https://ngata.example",
    "metroArea": "WA - Seattle",
    "region": "Washington",
    "continent": "North America",
    "companyDivision": "Retail",
    "companyStreet": "1 Contoso Plaza",
    "companyCity": "Redmond",
    "companyState": "Washington",
    "companyZipCode": "98052",
    "companyCountry": "United States",
    "companyContinent": "North America",
    "companySicCodes": ["5091"],
    "companyNaicsCodes": ["423910", "459110"],
    "companyDescription": "Contoso makes outdoor equipment, and sells it where people need it.",
    "education": [{"school": "State University"}],
    "techSkills": ["Python", "OData"],
    "directPhoneDoNotCall": "true",
    "lastUpdatedDate": "2026-05-02T08:11:00Z",
    "validDate": "05/02/2026 08:11 AM",
}


def wide_person(number: int) -> Person:
    """The person with this number; the same fields are missing every time."""
    chance = random.Random(number)  # noqa: S311 - the same people every time is the point
    everything = {**person(number), **_MORE}
    return {name: value for name, value in everything.items() if name == "id" or chance.randrange(10)}
