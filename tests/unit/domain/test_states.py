"""A status is sent together with its state."""

from typing import Any

import pytest

from shared.domain.fields import Column, ColumnType, Option
from tests.builders import FILL, OVERWRITE, REQUIRED, catalog, column, compiled, constant, row


def _state(**more: Any) -> Column:
    return column(
        "statecode", ColumnType.STATE, options=(Option(0, "Open"), Option(2, "Disqualified")), **more
    )


STATUS = column(
    "statuscode",
    ColumnType.STATUS,
    options=(Option(1, "New", 0), Option(2, "Contacted", 0), Option(4, "Lost", 2)),
    required_level=REQUIRED,
)
LEAD = catalog(_state(), STATUS)
ACCOUNT = catalog(_state(creatable=False), STATUS)


def test_a_status_brings_its_state() -> None:
    mapping = compiled(LEAD, row("companyType", "statuscode", OVERWRITE))
    assert mapping.creation(mapping.map({"companyType": "lost"})) == {"statuscode": 4, "statecode": 2}
    mapped = mapping.map({"companyType": "Contacted"})
    assert mapping.changes(mapped, {"statuscode": 1, "statecode": 0}) == {"statuscode": 2}
    assert mapping.changes(mapped, {"statuscode": 4, "statecode": 2}) == {"statuscode": 2, "statecode": 0}
    assert mapping.changes(mapped, {"statuscode": 2, "statecode": 0}) == {}


@pytest.mark.parametrize("option", [OVERWRITE, FILL])
def test_a_row_for_the_state_yields_to_the_status(option: Any) -> None:
    mapping = compiled(LEAD, constant("Open", "statecode", OVERWRITE), constant("Lost", "statuscode", option))
    assert mapping.creation(mapping.map({})) == {"statuscode": 4, "statecode": 2}
    assert mapping.changes(mapping.map({}), {"statuscode": 4, "statecode": 2}) == {}


def test_a_state_alone_is_a_choice() -> None:
    mapping = compiled(LEAD, constant("Open", "statecode", OVERWRITE))
    assert mapping.creation(mapping.map({})) == {"statecode": 0}


def test_a_row_for_the_state_stands_while_the_status_has_no_value() -> None:
    rows = constant("Open", "statecode", OVERWRITE), row("companyType", "statuscode", OVERWRITE)
    mapping = compiled(LEAD, *rows)
    assert mapping.creation(mapping.map({})) == {"statecode": 0}
    assert mapping.changes(mapping.map({}), {"statuscode": 4, "statecode": 2}) == {"statecode": 0}


def test_where_new_records_are_active_always_a_status_of_another_state_is_not_set_at_creation() -> None:
    mapping = compiled(ACCOUNT, row("companyType", "statuscode", OVERWRITE))
    assert mapping.creation(mapping.map({"companyType": "Lost"})) == {}
    assert mapping.creation(mapping.map({"companyType": "New"})) == {"statuscode": 1}
    assert mapping.changes(mapping.map({"companyType": "Lost"}), {"statuscode": 1, "statecode": 0}) == {
        "statuscode": 4,
        "statecode": 2,
    }


def test_a_status_that_an_administrator_made_required_has_a_default_of_dynamics() -> None:
    assert compiled(LEAD).missing_required({}) is None


def test_a_status_whose_state_the_organization_does_not_tell_goes_alone() -> None:
    status = column("statuscode", ColumnType.STATUS, options=(Option(1, "New", 0), Option(2, "Odd")))
    mapping = compiled(catalog(_state(), status), row("companyType", "statuscode", OVERWRITE))
    assert mapping.creation(mapping.map({"companyType": "Odd"})) == {"statuscode": 2}
    assert mapping.changes(mapping.map({"companyType": "Odd"}), {"statecode": 2}) == {"statuscode": 2}
