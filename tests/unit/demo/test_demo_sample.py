import json
from collections import Counter
from pathlib import Path

import pytest

from local.sample.people import COUNT, people
from shared.domain.ids import ObjectType
from shared.domain.vendor_catalog import vendor_fields

COMPANIES = Path(__file__).parents[3] / "local" / "sample" / "companies.ndjson"


def companies() -> list[dict[str, object]]:
    return [json.loads(line) for line in COMPANIES.read_text(encoding="utf-8").splitlines()]


def test_people_are_the_same_ones_every_time() -> None:
    assert people() == people()
    assert len(people()) == COUNT


def test_nobody_appears_twice_under_an_id_an_address_or_a_name_at_a_company() -> None:
    everybody = people()
    addresses = [person["email"] for person in everybody if "email" in person]
    names = [(person.get("firstName"), person.get("lastName"), person["companyName"]) for person in everybody]
    for identities in ([person["id"] for person in everybody], addresses, names):
        assert Counter(identities).most_common(1)[0][1] == 1


def test_every_address_of_the_people_leads_nowhere() -> None:
    for person in people():
        for value in (person.get("email"), person["companyWebsite"]):
            assert value is None or value.endswith(".example")


def test_some_people_have_no_direct_phone_and_all_have_their_company_s() -> None:
    everybody = people()
    assert 0 < sum("directPhone" in person for person in everybody) < len(everybody)
    assert all(person["companyPhone"] for person in everybody)


def test_names_come_from_several_scripts() -> None:
    given = "".join(person.get("firstName", "") for person in people())
    for first, last in (("Α", "ω"), ("А", "я"), ("א", "ת"), ("ا", "ي"), ("가", "힣")):  # noqa: RUF001 - scripts
        assert any(first <= letter <= last for letter in given)


def test_two_people_are_broken_and_stand_last() -> None:
    unfit = [person["id"] for person in people() if not 0 < len(person.get("lastName", "")) <= 50]
    assert unfit == [person["id"] for person in people()[-2:]]


@pytest.mark.parametrize(("records", "object_type"), [(companies, "account"), (people, "lead")])
def test_the_sample_has_fields_of_the_vendor_only(records: object, object_type: str) -> None:
    assert callable(records)
    used = {name for record in records() for name in record}
    assert used <= set(vendor_fields(ObjectType(object_type)))


def test_companies_differ_in_id_name_and_website() -> None:
    for field in ("id", "name", "website"):
        values = [company[field] for company in companies()]
        assert len(set(values)) == len(values)


def test_companies_come_from_several_continents_with_accents_and_ampersands() -> None:
    names = "".join(str(company["name"]) for company in companies())
    assert "&" in names
    assert not names.isascii()
    assert len({company["country"] for company in companies()}) > 20
