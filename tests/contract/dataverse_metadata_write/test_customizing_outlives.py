"""What customizers made is there after a restart, beside the metadata of a real organization too."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from definitions import BANK, add_column, add_table, column, definition, made

from tests.contract.dataverse.running_dataverse import Directory, Organization, error, running

REAL = Path(__file__).resolve().parents[4] / "shared" / "dataverse" / "account.json"
ACCOUNT = "EntityDefinitions(LogicalName='account')"
Start = Callable[..., AbstractContextManager[Organization]]


@pytest.fixture
def start(tmp_path: Path, makers: Directory) -> Start:
    """Starts an emulator on the same folder again and again."""

    @contextmanager
    def started(*more: str | Path) -> Iterator[Organization]:
        with running("--state", tmp_path, "--entra", makers.address, *more) as address:
            organization = Organization(address, makers.token())
            with organization.session:
                yield organization

    return started


def test_tables_columns_keys_and_rows_are_there_again(start: Start) -> None:
    with start() as contoso:
        its_id = add_table(contoso)
        add_column(contoso, "String", "new_Number", AutoNumberFormat="KA-{SEQNUM:4}")
        made(contoso.post(f"{BANK}/Keys", {"SchemaName": "new_NumberKey", "KeyAttributes": ["new_number"]}))
        contoso.create("new_bankaccounts", new_accountname="Savings")
    with start() as contoso:
        assert definition(contoso, f"EntityDefinitions({its_id})")["LogicalName"] == "new_bankaccount"
        contoso.create("new_bankaccounts", new_accountname="Current")
        numbers = [row["new_number"] for row in contoso.rows("new_bankaccounts?$orderby=new_number")]
        assert numbers == ["KA-1000", "KA-1001"]
        assert error(contoso.post("new_bankaccounts", {"new_number": "ka-1000"})) == (412, "0x80060892")


def test_a_deleted_table_stays_away(start: Start) -> None:
    with start() as contoso:
        add_table(contoso)
        contoso.call("DELETE", BANK)
    with start() as contoso:
        assert contoso.get(BANK).status_code == 404


def test_a_files_content_is_there_again(start: Start) -> None:
    with start() as contoso:
        add_table(contoso)
        add_column(contoso, "File", "new_Agreement")
        row = contoso.create("new_bankaccounts", new_accountname="Savings")
        contoso.patch(f"new_bankaccounts({row})/new_agreement", b"text", x_ms_file_name="a.txt")
    with start() as contoso:
        assert contoso.get(f"new_bankaccounts({row})/new_agreement/$value").content == b"text"


def test_columns_on_real_metadata_are_there_again(start: Start) -> None:
    if not REAL.exists():
        pytest.skip("shared/dataverse/account.json is not beside the checkout")
    with start("--metadata", REAL) as contoso:
        made(contoso.post(f"{ACCOUNT}/Attributes", column("Integer", "new_Score")))
        account = contoso.create("accounts", name="Northwind", new_score=7)
    with start("--metadata", REAL) as contoso:
        assert contoso.row("accounts", account)["new_score"] == 7
        names = {one["LogicalName"] for one in definition(contoso, f"{ACCOUNT}/Attributes")["value"]}
        assert {"new_score", "accountid", "entityimage"} <= names
    with start() as contoso:
        assert contoso.row("accounts", account)["new_score"] == 7


def test_changes_are_remembered_over_a_restart(start: Start) -> None:
    with start() as contoso:
        stamp = contoso.get("RetrieveMetadataChanges(Query=@p1)?@p1={}").json()["ServerVersionStamp"]
        add_table(contoso)
    with start() as contoso:
        path = f"RetrieveMetadataChanges(Query=@p1,ClientVersionStamp=@p2)?@p1={{}}&@p2='{stamp}'"
        rows = contoso.get(path).json()["EntityMetadata"]
        assert [one["LogicalName"] for one in rows] == ["new_bankaccount"]
