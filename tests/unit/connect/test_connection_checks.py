"""The connection check tells of each thing that an export needs whether it is there, or what to do."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from functions.connect.checks import ConnectionCheck, Line
from functions.identity import Caller
from shared.dataverse.errors import raised
from shared.dataverse.messages import DataverseRequest
from shared.dataverse.refusals import NOT_A_USER, UNAVAILABLE
from shared.dataverse.traffic import Allowance
from shared.domain.connection import Attention, SignInLost
from shared.domain.ids import TenantId, UserId
from shared.entra.principals import TENANT
from shared.storage.attentions import AttentionStore
from tests.fakes import MemoryTable
from tests.unit.export.scripted_dynamics import Answered, ScriptedDynamics, told

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA = Caller(tenant=TenantId("contoso"), user=UserId("ada"), is_admin=True)
ATTENTION = Attention("passwordChanged", "The password was changed.", NOON)
EVERYTHING = [f"prv{right}{table}" for table in ("Account", "Lead") for right in ("Create", "Read", "Write")]
CHECKS = [
    *("token", "whoAmI", "version", "privilegesAccount", "privilegesLead"),
    *("clock", "limits", "bulkAccount", "bulkLead"),
]


class Installation:
    """An organization in which all is well, until a test takes something away."""

    def __init__(self) -> None:
        self.held = EVERYTHING
        self.date = "Sun, 01 Mar 2026 12:00:30 GMT"
        self.bulk = SimpleNamespace(bulk_create=True, bulk_update=True)
        self.refused: dict[str, Exception] = {}
        self.dynamics = ScriptedDynamics(self.answer, allowance=replace(Allowance(), requests_left=5000))
        self.attentions = AttentionStore(MemoryTable("tenants"))
        self.attentions.note(ADA.tenant, TENANT, ATTENTION)

    def answer(self, request: DataverseRequest) -> Answered:
        for part, error in self.refused.items():
            if part in request.path:
                return error  # type: ignore[return-value]  # one of Dynamics
        if "WhoAmI" in request.path:
            return told({"UserId": "u-1"}, date=self.date)
        if "RetrieveVersion" in request.path:
            return told({"Version": "9.2.1"})
        assert "u-1" in request.path
        return told({"RolePrivileges": [{"PrivilegeName": name} for name in self.held]})

    def fresh_token(self, *_: object) -> str:
        if error := self.refused.get("token"):
            raise error
        return "token"

    def client(self, *_: object) -> Any:
        return self.dynamics

    def table(self, *_: object) -> Any:
        return self.bulk

    def check(self) -> dict[str, Line]:
        organizations: Any = self
        lines = ConnectionCheck(organizations, self.attentions, lambda: NOON).run(ADA)
        assert [line.check for line in lines] == CHECKS
        return {line.check: line for line in lines}

    @property
    def attention(self) -> Attention | None:
        return self.attentions.get(ADA.tenant, TENANT, NOON)


@pytest.fixture
def installation() -> Installation:
    return Installation()


def test_where_all_is_well_every_line_says_so_and_the_banner_goes(installation: Installation) -> None:
    lines = installation.check()
    assert {(line.ok, line.code) for line in lines.values()} == {(True, "ok")}
    assert lines["version"].message.endswith("9.2.1.")
    assert "30 seconds" in lines["clock"].message
    assert "5000 more requests" in lines["limits"].message
    assert installation.attention is None


@pytest.mark.parametrize("table", ["Account", "Lead"])
def test_a_missing_privilege_is_named_and_the_banner_stays(installation: Installation, table: str) -> None:
    installation.held = [name for name in EVERYTHING if name != f"prvWrite{table}"]
    lines = installation.check()
    line = lines.pop(f"privileges{table}")
    assert (line.ok, line.code) == (False, "privilegeMissing")
    assert f"lacks prvWrite{table} on table {table.lower()}." in line.message
    assert all(each.ok for each in lines.values())
    assert installation.attention == ATTENTION


@pytest.mark.parametrize(("part", "broken"), [("token", "token"), ("WhoAmI", "whoAmI")])
def test_what_depends_on_a_broken_thing_is_not_looked_at(
    installation: Installation, part: str, broken: str
) -> None:
    lost = SignInLost("passwordChanged", "The password was changed.")
    installation.refused = {part: lost if part == "token" else raised(NOT_A_USER, detail="")}
    lines = installation.check()
    place = CHECKS.index(broken)
    assert lines[broken].code == ("passwordChanged" if part == "token" else NOT_A_USER.code)
    assert not lines[broken].ok
    assert all(lines[check].ok for check in CHECKS[:place])
    assert {lines[check].code for check in CHECKS[place + 1 :]} == {"notChecked"}
    assert all(f"“{broken}”" in lines[check].message for check in CHECKS[place + 1 :])
    assert installation.attention == ATTENTION


def test_one_thing_that_cannot_be_asked_for_hides_no_other(installation: Installation) -> None:
    installation.refused = {"RetrieveVersion": raised(UNAVAILABLE, detail="")}
    lines = installation.check()
    assert (lines["version"].ok, lines["version"].code) == (False, UNAVAILABLE.code)
    assert lines["version"].message == UNAVAILABLE.message
    assert [check for check, line in lines.items() if not line.ok] == ["version"]


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("Sun, 01 Mar 2026 12:01:00 GMT", "ok"),
        ("Sun, 01 Mar 2026 12:01:01 GMT", "clockSkew"),
        ("Sun, 01 Mar 2026 11:58:59 GMT", "clockSkew"),
        ("now", "unknown"),
    ],
)
def test_clocks_may_differ_by_a_minute(installation: Installation, date: str, code: str) -> None:
    installation.date = date
    line = installation.check()["clock"]
    assert (line.code, line.ok) == (code, code != "clockSkew")


@pytest.mark.parametrize(("left", "code"), [(100, "ok"), (99, "limitNear"), (None, "unknown")])
def test_few_requests_left_are_told(installation: Installation, left: int | None, code: str) -> None:
    installation.dynamics.allowance = replace(Allowance(), requests_left=left)
    line = installation.check()["limits"]
    assert (line.code, line.ok) == (code, code != "limitNear")
    assert left != 99 or "takes 99 more" in line.message


@pytest.mark.parametrize("missing", ["bulk_create", "bulk_update"])
def test_writing_without_bulk_messages_is_slower_and_no_fault(
    installation: Installation, missing: str
) -> None:
    setattr(installation.bulk, missing, False)
    lines = installation.check()
    assert {(lines[name].ok, lines[name].code) for name in ("bulkAccount", "bulkLead")} == {
        (True, "bulkMissing")
    }
