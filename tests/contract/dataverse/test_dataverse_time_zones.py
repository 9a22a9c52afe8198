"""Times of the three behaviors, as they are kept, formatted and queried in the users' time zone."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from running_dataverse import Organization

FORMATTED = "OData.Community.Display.V1.FormattedValue"
MIDNIGHT_IN_BERLIN = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # 0:30 on July 2


@pytest.fixture
def berlin(contoso: Organization) -> Iterator[Organization]:
    """Leads have a column of each behavior; everybody sits in Berlin, where it is half past midnight."""
    for behavior in ("UserLocal", "DateOnly", "TimeZoneIndependent"):
        column = {"schema_name": f"new_{behavior}", "type": "DateTime", "behavior": behavior}
        contoso.control("POST", "tables/lead/columns", column)
    contoso.control("PUT", "settings", {"time_zone": "Europe/Berlin"})
    contoso.control("PUT", "clock", {"offset": MIDNIGHT_IN_BERLIN.timestamp() - time.time()})
    yield contoso
    contoso.control("PUT", "clock", {"offset": 0})


def found(organization: Organization, function: str, column: str) -> int:
    condition = f"Microsoft.Dynamics.CRM.{function}(PropertyName='{column}')"
    return len(organization.rows(f"leads?$filter={condition}"))


def test_each_behavior_keeps_times_in_its_way(berlin: Organization) -> None:
    sent = "2026-07-02T10:00:00+02:00"
    lead = berlin.create(
        "leads", lastname="X", new_userlocal=sent, new_dateonly="2026-07-02", new_timezoneindependent=sent
    )
    row = berlin.row("leads", lead)
    assert row["new_userlocal"] == "2026-07-02T08:00:00Z"
    assert row["new_dateonly"] == "2026-07-02"
    assert row["new_timezoneindependent"] == "2026-07-02T10:00:00Z"


def test_formatted_times_are_those_of_the_zone(berlin: Organization) -> None:
    sent = "2026-07-02T22:30:00Z"
    lead = berlin.create("leads", lastname="X", new_userlocal=sent, new_timezoneindependent=sent)
    row = berlin.row("leads", lead, Prefer=f'odata.include-annotations="{FORMATTED}"')
    assert row[f"new_userlocal@{FORMATTED}"] == "7/3/2026 12:30 AM"
    assert row[f"new_timezoneindependent@{FORMATTED}"] == "7/2/2026 10:30 PM"


def test_today_is_the_day_of_the_zone(berlin: Organization) -> None:
    late = {"new_userlocal": "2026-07-01T22:10:00Z", "new_timezoneindependent": "2026-07-01T22:10:00Z"}
    berlin.create("leads", lastname="X", new_dateonly="2026-07-02", **late)
    columns = ("new_userlocal", "new_dateonly", "new_timezoneindependent")
    assert [found(berlin, "Today", one) for one in columns] == [1, 1, 0]
    assert [found(berlin, "Yesterday", one) for one in columns] == [0, 0, 1]


def test_a_zone_that_is_none_is_refused(contoso: Organization) -> None:
    answer = contoso.session.put(
        f"{contoso.base}/_emulator/settings", json={"time_zone": "Europe/Atlantis"}, timeout=60
    )
    assert answer.status_code == 400
    assert "IANA" in answer.text
