"""What a person sees of the records among which they can pick."""

from dataclasses import replace
from typing import Any

import pytest

from functions.export.candidates import Candidates, ShownValue
from shared.domain.errors import NotFound
from shared.domain.exports import Outcome, OutcomeKind
from shared.domain.ids import ExportId, ObjectType, UserId
from shared.domain.match_decisions import Match
from shared.domain.preferences import MatchRule
from tests.builders import column, standard
from tests.unit.export.scripted_dynamics import ScriptedDynamics, told
from tests.unit.export_api.export_desk import BRUNO, Desk

COLUMNS = standard(ObjectType.LEAD, column("fullname", label="Name"), without=["jobtitle"])
OLDEST: dict[str, Any] = {
    "leadid": "lead-a",
    "fullname": "Ada Ngata",
    "companyname": None,
    "emailaddress1": "ada.ngata@contoso.example",
    "statecode": 1,
    "createdon": "2020-01-01T00:00:00Z",
    "modifiedon": "2021-01-01T00:00:00Z",
}
NEWEST = {"leadid": "lead-c", "fullname": "A. Ngata", "statecode": 0}


@pytest.fixture
def dynamics() -> ScriptedDynamics:
    """Has two of the three that matched, and tells them in another order."""
    return ScriptedDynamics(lambda _: told({"value": [NEWEST, OLDEST]}))


@pytest.fixture
def candidates(desk: Desk, dynamics: ScriptedDynamics) -> Candidates:
    return Candidates(desk.stores, desk.service.get, lambda _: dynamics.prepared(columns=COLUMNS))


@pytest.fixture
def asked(desk: Desk) -> ExportId:
    match = Match(MatchRule.EMAIL, ("lead-a", "lead-b", "lead-c"), None)
    desk.fates[2] = Outcome(position=2, vendor_id="2", kind=OutcomeKind.SKIPPED, match=match)
    return desk.exported()


def test_those_that_are_still_there_are_shown_oldest_first(candidates: Candidates, asked: ExportId) -> None:
    first, second = candidates.of(BRUNO, asked, "2")
    assert (first.id, second.id) == ("lead-a", "lead-c")
    assert (first.read_only, second.read_only) == (True, False)
    assert (first.created_on, first.modified_on) == (OLDEST["createdon"], OLDEST["modifiedon"])
    assert (second.created_on, second.modified_on) == (None, None)
    assert first.values == (
        ShownValue("fullname", "Name", "Ada Ngata"),
        ShownValue("emailaddress1", "Emailaddress1", "ada.ngata@contoso.example"),
    )


def test_each_has_its_address_in_dynamics(candidates: Candidates, asked: ExportId) -> None:
    first = candidates.of(BRUNO, asked, "2")[0]
    page = "https://contoso.crm4.dynamics.com/main.aspx"
    assert first.address == f"{page}?pagetype=entityrecord&etn=lead&id=lead-a"


def test_only_they_are_asked_for_and_only_columns_that_the_organization_has(
    candidates: Candidates, dynamics: ScriptedDynamics, asked: ExportId
) -> None:
    candidates.of(BRUNO, asked, "2")
    (path,) = dynamics.paths
    selected = "leadid,createdon,modifiedon,statecode,fullname,companyname,emailaddress1,telephone1"
    assert f"$select={selected}&" in path
    for row_id in ("lead-a", "lead-b", "lead-c"):
        assert row_id in path.partition("$filter=")[2]


def test_where_nothing_matched_nobody_is_asked(
    candidates: Candidates, dynamics: ScriptedDynamics, asked: ExportId
) -> None:
    assert candidates.of(BRUNO, asked, "1") == []
    assert dynamics.asked == []


def test_the_candidates_of_another_persons_export_are_not_shown(
    candidates: Candidates, dynamics: ScriptedDynamics, asked: ExportId
) -> None:
    with pytest.raises(NotFound):
        candidates.of(replace(BRUNO, user=UserId("carla")), asked, "2")
    assert dynamics.asked == []
