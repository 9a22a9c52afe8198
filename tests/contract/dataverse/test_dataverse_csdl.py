"""The CSDL document as public OData clients read it."""

from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from odata import ODataService
from running_dataverse import Directory, Organization, running

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


@pytest.fixture
def schema(contoso: Organization) -> Element:
    answer = contoso.get("$metadata")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml")
    found = fromstring(answer.content).find(f".//{EDM}Schema")
    assert found is not None
    return found


def test_a_public_client_builds_its_classes_from_it_and_queries(directory: Directory) -> None:
    with running("--entra", directory.address, "--anonymous") as address:
        plain = Organization(address, None)
        plain.create("accounts", name="One", numberofemployees=3)
        plain.create("accounts", name="Two")
        service = ODataService(address + "/api/data/v9.2/", reflect_entities=True, quiet_progress=True)
        account = service.entities["accounts"]
        (row,) = service.query(account).filter(account.name == "One").limit(5)
        assert (row.name, row.numberofemployees) == ("One", 3)
        plain.session.close()


def test_every_type_that_is_named_exists(schema: Element) -> None:
    types = {one.get("Name") for kind in ("EntityType", "ComplexType") for one in schema.iter(EDM + kind)}
    named = {
        value.removeprefix("Collection(").rstrip(")").removeprefix("mscrm.")
        for one in schema.iter()
        for name, value in one.attrib.items()
        if name in {"Type", "BaseType", "EntityType"} and "mscrm." in value
    }
    assert named <= types


def test_every_binding_leads_to_an_entity_set_and_every_partner_points_back(schema: Element) -> None:
    sets = {one.get("Name") for one in schema.iter(EDM + "EntitySet")}
    assert {one.get("Target") for one in schema.iter(EDM + "NavigationPropertyBinding")} <= sets
    properties = {
        (entity.get("Name"), one.get("Name")): one
        for entity in schema.iter(EDM + "EntityType")
        for one in entity.iter(EDM + "NavigationProperty")
    }
    partners = [(key, one.get("Partner"), one.get("Type", "")) for key, one in properties.items()]
    for _, partner, kind in partners:
        target = kind.removeprefix("Collection(").rstrip(")").removeprefix("mscrm.")
        assert partner is None or target == "principal" or (target, partner) in properties


def test_names_within_a_type_are_unique(schema: Element) -> None:
    for entity in schema.iter(EDM + "EntityType"):
        names = [one.get("Name") for one in entity if one.tag != EDM + "Key"]
        assert len(names) == len(set(names)), entity.get("Name")


def test_a_column_of_a_customer_is_in_it_at_once(contoso: Organization) -> None:
    column = {"schema_name": "new_Level", "type": "Integer"}
    contoso.control("POST", "tables/lead/columns", column)
    assert 'Name="new_level" Type="Edm.Int32"' in contoso.get("$metadata").text
