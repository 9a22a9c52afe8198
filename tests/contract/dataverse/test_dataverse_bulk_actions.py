"""CreateMultiple, UpdateMultiple and UpsertMultiple as "Use bulk operation messages" tells it."""

import uuid
from typing import Any

from running_dataverse import CONTOSO, HOST, Organization, error

ROOT = CONTOSO["url"] + "/api/data/v9.2"


def names(organization: Organization) -> list[str]:
    return sorted(row["name"] for row in organization.rows("accounts?$select=name"))


def test_created_rows_are_answered_by_id_in_the_order_of_the_targets(contoso: Organization) -> None:
    chosen = str(uuid.uuid4())
    answer = contoso.bulk("account", "CreateMultiple", [{"name": "b"}, {"name": "a", "accountid": chosen}])
    assert answer.status_code == 200
    body = answer.json()
    assert body["@odata.context"] == f"{ROOT}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse"
    assert body["Ids"][1] == chosen
    assert contoso.row("accounts", body["Ids"][0])["name"] == "b"


def test_one_bad_row_undoes_all_and_is_not_named(contoso: Organization) -> None:
    targets: list[dict[str, Any]] = [{"name": "a"}, {"name": "x" * 161}, {"industrycode": 999}]
    answer = contoso.bulk("account", "CreateMultiple", targets)
    assert error(answer) == (400, "0x80044331")
    assert answer.json().keys() == {"error"}
    assert answer.json()["error"].keys() == {"code", "message"}
    assert names(contoso) == []


def test_the_first_bad_row_gives_the_error(contoso: Organization) -> None:
    taken = contoso.create("accounts", name="there")
    answer = contoso.bulk("account", "CreateMultiple", [{"accountid": taken}, {"name": "x" * 161}])
    assert error(answer) == (412, "0x80040237")
    answer = contoso.bulk("account", "CreateMultiple", [{"name": "x" * 161}, {"accountid": taken}])
    assert error(answer) == (400, "0x80044331")
    assert names(contoso) == ["there"]


def test_rows_with_different_columns_go_together(contoso: Organization) -> None:
    targets: list[dict[str, Any]] = [
        {"name": "a"},
        {"description": "d", "name": "b"},
        {"name": "c", "revenue": 5},
        {"name": "d"},
    ]
    assert contoso.bulk("account", "CreateMultiple", targets).status_code == 200
    assert names(contoso) == ["a", "b", "c", "d"]


def test_each_target_names_its_type(contoso: Organization) -> None:
    path = "accounts/Microsoft.Dynamics.CRM.CreateMultiple"
    assert error(contoso.post(path, {"Targets": [{"name": "a"}]}))[0] == 400
    wrong = {"name": "a", "@odata.type": "Microsoft.Dynamics.CRM.lead"}
    assert error(contoso.post(path, {"Targets": [wrong]}))[0] == 400
    assert error(contoso.post(path, {"Rows": []}))[0] == 400


def test_update_multiple_changes_rows_by_primary_key(contoso: Organization) -> None:
    first, second = contoso.create("accounts", name="a"), contoso.create("accounts", name="b")
    targets = [{"accountid": first, "name": "A2"}, {"accountid": second, "telephone1": "1"}]
    answer = contoso.bulk("account", "UpdateMultiple", targets)
    assert (answer.status_code, answer.content) == (204, b"")
    assert names(contoso) == ["A2", "b"]
    assert contoso.row("accounts", second)["telephone1"] == "1"


def test_update_multiple_ignores_a_repeated_key(contoso: Organization) -> None:
    account = contoso.create("accounts", name="a")
    targets = [{"accountid": account, "name": "first"}, {"accountid": account, "name": "second"}]
    assert contoso.bulk("account", "UpdateMultiple", targets).status_code == 204
    assert names(contoso) == ["first"]


def test_update_multiple_of_a_missing_row_changes_nothing(contoso: Organization) -> None:
    account = contoso.create("accounts", name="a")
    targets = [{"accountid": account, "name": "b"}, {"accountid": str(uuid.uuid4()), "name": "c"}]
    assert error(contoso.bulk("account", "UpdateMultiple", targets)) == (404, "0x80040217")
    assert names(contoso) == ["a"]


def test_upsert_multiple_creates_and_updates_without_telling_which(contoso: Organization) -> None:
    known, new = contoso.create("accounts", name="a"), str(uuid.uuid4())
    targets = [{"accountid": known, "name": "b"}, {"accountid": new, "name": "c"}, {"name": "d"}]
    answer = contoso.bulk("account", "UpsertMultiple", targets)
    assert (answer.status_code, answer.content) == (204, b"")
    assert names(contoso) == ["b", "c", "d"]
    assert contoso.row("accounts", new)["name"] == "c"


def test_upsert_multiple_refuses_a_repeated_key(contoso: Organization) -> None:
    key = str(uuid.uuid4())
    answer = contoso.bulk("account", "UpsertMultiple", [{"accountid": key, "name": "a"}, {"accountid": key}])
    assert answer.status_code == 400
    assert names(contoso) == []


def test_upsert_multiple_finds_rows_by_alternate_key(contoso: Organization) -> None:
    here = f"?organization={HOST}"
    contoso.control(
        "POST", f"tables/account/keys{here}", {"name": "new_number", "columns": ["accountnumber"]}
    )
    known = contoso.create("accounts", accountnumber="A-1", name="a")
    targets = [
        {"@odata.id": "accounts(accountnumber='a-1')", "name": "b"},
        {"@odata.id": "accounts(accountnumber='A-2')", "name": "c"},
    ]
    assert contoso.bulk("account", "UpsertMultiple", targets).status_code == 204
    assert contoso.row("accounts", known)["name"] == "b"
    assert contoso.get("accounts(accountnumber='A-2')").json()["name"] == "c"


def test_delete_multiple_is_for_elastic_tables(contoso: Organization) -> None:
    answer = contoso.bulk("account", "DeleteMultiple", [{"accountid": str(uuid.uuid4())}])
    assert answer.json()["error"]["message"] == "DeleteMultiple has not yet been implemented."


def probe(organization: Organization, message: str, table: str) -> int:
    path = (
        "sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq @message and "
        f"primaryobjecttypecode eq @table&@message='{message}'&@table='{table}'"
    )
    return len(organization.rows(path))


def test_a_probe_tells_which_tables_take_bulk_messages(contoso: Organization) -> None:
    assert probe(contoso, "CreateMultiple", "lead") == 1
    assert probe(contoso, "UpsertMultiple", "lead") == 0
    assert probe(contoso, "CreateMultiple", "nothing") == 0


def test_an_organization_may_lack_bulk_messages_for_a_table(contoso: Organization) -> None:
    contoso.control("PUT", f"settings?organization={HOST}", {"without_bulk": ["lead"]})
    assert probe(contoso, "CreateMultiple", "lead") == 0
    assert probe(contoso, "CreateMultiple", "account") == 1
    assert contoso.bulk("lead", "CreateMultiple", [{"lastname": "x"}]).status_code == 400
    assert contoso.bulk("account", "CreateMultiple", [{"name": "x"}]).status_code == 200
