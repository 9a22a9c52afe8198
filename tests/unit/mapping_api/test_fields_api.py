import pytest

from shared.domain.fields import ColumnType
from tests import callers
from tests.site import Site


@pytest.mark.parametrize("name", ["account", "lead"])
def test_every_user_sees_the_vendor_fields(site: Site, name: str) -> None:
    answer = site.call("GET", f"/fields/vendor/{name}", token=callers.user())
    assert answer.status == 200
    assert answer.json["next"] is None
    fields = {field["name"]: field for field in answer.json["items"]}
    assert set(fields["phone"]) == {"name", "label", "type", "example", "columnTypes"}
    assert fields["phone"]["type"] == "phone"
    assert set(fields["phone"]["columnTypes"]) == {"String", "Memo"}
    assert all(set(field["columnTypes"]) <= {each.value for each in ColumnType} for field in fields.values())


def test_administrators_see_the_columns_of_the_organization(site: Site) -> None:
    answer = site.call("GET", "/fields/dynamics/lead", token=callers.admin())
    assert answer.status == 200
    columns = {column["name"]: column for column in answer.json["items"]}
    assert columns["leadsourcecode"] == {
        "name": "leadsourcecode",
        "label": "Lead Source",
        "type": "Picklist",
        "required": False,
        "recommended": False,
        "maxLength": None,
        "minimum": None,
        "maximum": None,
        "precision": None,
        "options": [{"value": 1, "label": "Advertisement"}, {"value": 10, "label": "Other"}],
        "targets": [],
        "writableOnCreate": True,
        "writableOnUpdate": True,
        "custom": False,
        "mappable": True,
    }
    assert columns["lastname"]["required"]
    assert columns["lastname"]["maxLength"] == 50
    assert columns["firstname"]["recommended"]
    assert not columns["createdon"]["writableOnCreate"]
    assert columns["new_score"]["custom"]
    assert columns["ownerid"]["targets"] == ["systemuser", "team"]
    assert not columns["ownerid"]["mappable"]


def test_users_do_not_see_the_columns_of_the_organization(site: Site) -> None:
    assert site.call("GET", "/fields/dynamics/lead", token=callers.user()).status == 403


def test_without_a_connection_somebody_is_told_to_make_one(site: Site) -> None:
    answer = site.call("GET", "/fields/dynamics/lead", token=callers.admin(org_id="fabrikam"))
    assert (answer.status, answer.json["code"]) == (409, "notConnected")


@pytest.mark.parametrize("side", ["vendor", "dynamics"])
def test_an_unknown_object_is_not_found(site: Site, side: str) -> None:
    assert site.call("GET", f"/fields/{side}/contact", token=callers.admin()).status == 404
