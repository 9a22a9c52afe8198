"""Auto-number columns, as in "Create autonumber columns" (powerapps-docs, developer/data-platform)."""

import re

import pytest
from definitions import BANK, add_column, add_table, column, definition

from tests.contract.dataverse.running_dataverse import Organization, error

FORMAT = "WID-{SEQNUM:5}-{RANDSTRING:6}-{DATETIMEUTC:yyyyMMddhhmmss}"


@pytest.fixture(autouse=True)
def bank(contoso: Organization) -> None:
    add_table(contoso)


def serials(contoso: Organization) -> list[str]:
    return [row["new_serial"] for row in contoso.rows("new_bankaccounts?$orderby=new_serial")]


def test_a_new_row_gets_its_number(contoso: Organization) -> None:
    add_column(contoso, "String", "new_Serial", AutoNumberFormat=FORMAT)
    contoso.create("new_bankaccounts", new_accountname="Savings")
    (serial,) = serials(contoso)
    assert re.fullmatch(r"WID-01000-[A-Z0-9]{6}-\d{14}", serial)


def test_numbers_count_on_in_bulk(contoso: Organization) -> None:
    add_column(contoso, "String", "new_Serial", AutoNumberFormat="KA-{SEQNUM:4}")
    contoso.bulk("new_bankaccount", "CreateMultiple", [{"new_accountname": str(one)} for one in range(3)])
    assert serials(contoso) == ["KA-1000", "KA-1001", "KA-1002"]


def test_a_value_that_a_row_brings_itself_stays(contoso: Organization) -> None:
    add_column(contoso, "String", "new_Serial", AutoNumberFormat="KA-{SEQNUM:4}")
    contoso.create("new_bankaccounts", new_serial="mine")
    assert serials(contoso) == ["mine"]


def test_a_seed_sets_the_next_number(contoso: Organization) -> None:
    add_column(contoso, "String", "new_Serial", AutoNumberFormat="{SEQNUM:3}")
    body = {"EntityName": "new_BankAccount", "AttributeName": "new_Serial", "Value": 10000}
    assert contoso.post("SetAutoNumberSeed", body).status_code == 204
    contoso.create("new_bankaccounts", new_accountname="Savings")
    assert serials(contoso) == ["10000"]


def test_a_wrong_placeholder_is_told_when_a_row_is_made(contoso: Organization) -> None:
    add_column(contoso, "String", "new_Serial", AutoNumberFormat="{RANDSTRING:7}")
    assert error(contoso.post("new_bankaccounts", {"new_accountname": "Savings"})) == (400, "0x80040203")


def test_an_auto_number_is_plain_text(contoso: Organization) -> None:
    body = column("String", "new_Serial", AutoNumberFormat="{SEQNUM:3}", FormatName={"Value": "Email"})
    assert error(contoso.post(f"{BANK}/Attributes", body)) == (400, "0x80040203")


def test_the_format_is_read_from_metadata(contoso: Organization) -> None:
    add_column(contoso, "String", "new_Serial", AutoNumberFormat=FORMAT)
    found = definition(contoso, f"{BANK}/Attributes(LogicalName='new_serial')?$select=AutoNumberFormat")
    assert found["AutoNumberFormat"] == FORMAT
