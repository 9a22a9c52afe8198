from typing import Any

import pytest

from shared.domain.account_links import COLUMN, bind_name, company_of, link_rows
from shared.domain.compiled import compile_mapping
from shared.domain.compiled.lookups import Links, LookupKey
from shared.domain.ids import ObjectType
from shared.domain.vendor_catalog import vendor_fields
from tests.builders import catalog, column, row
from tests.unit.domain.linked import PARENT, TARGETS

COLUMNS = catalog(PARENT, column("companyname", max_length=100))
ADA: dict[str, Any] = {
    "id": 1,
    "firstName": "Ada",
    "companyName": "Contoso",
    "companyWebsite": "contoso.example",
}


def test_leads_are_bound_by_key_then_website_then_name_and_only_filled() -> None:
    rows = link_rows([], COLUMNS)
    assert [each.options.lookup and each.options.lookup.column for each in rows] == [
        "accountid", "websiteurl", "name",
    ]  # fmt: skip
    assert {each.update_option.value for each in rows} == {"fillIfMissing"}
    assert bind_name(COLUMNS) == "parentaccountid@odata.bind"


def test_what_an_administrator_maps_is_left_to_them_and_what_is_not_there_too() -> None:
    assert link_rows([row("companyName", COLUMN)], COLUMNS) == ()
    assert link_rows([], catalog(column("companyname"))) == ()
    assert bind_name(catalog(column("companyname"))) is None


def test_a_company_that_is_not_found_is_no_news() -> None:
    mapping = compile_mapping(
        link_rows([], COLUMNS), COLUMNS, vendor_fields(ObjectType.LEAD), targets=TARGETS
    )
    nobody = mapping.map(ADA, Links())
    assert (nobody.fill, nobody.left_out) == ({}, [])
    found = mapping.map(ADA, Links({LookupKey("account", "name", "contoso"): ("x",)}))
    assert found.fill == {COLUMN: "/accounts(x)"}
    several = mapping.map(ADA, Links({LookupKey("account", "name", "contoso"): ("x", "y")}))
    assert (several.fill, several.left_out) == ({}, [])


def test_the_company_of_a_person_is_a_vendor_record_of_its_own() -> None:
    person = ADA | {"companyId": 7, "companyZipCode": "98052", "companyMystery": "?", "city": "Graz"}
    assert company_of(person) == {
        "id": 7,
        "name": "Contoso",
        "website": "contoso.example",
        "zipCode": "98052",
    }


@pytest.mark.parametrize("name", [None, "", " ", 7])
def test_a_company_without_a_name_is_none(name: object) -> None:
    assert company_of(ADA | {"companyName": name}) is None


def test_colleagues_have_one_company_though_it_has_no_id() -> None:
    bo = {"id": 2, "companyName": "Contoso Ltd", "companyWebsite": "https://www.contoso.example/"}
    first, second = company_of(ADA), company_of(bo)
    assert first is not None
    assert second is not None
    assert first["id"] == second["id"] == "company-contoso.example"
    without = company_of({"companyName": " Contoso "})
    assert without is not None
    assert without["id"] == "company-contoso"
