"""Every operation, called as everybody who should not, with every id that they should not have."""

from collections.abc import Iterator

import pytest
import requests
from azure.data.tables import TableServiceClient
from described import Operation, operations, send

from local.stack import Stack
from tests.e2e.conversation import Talk

# Exports and sign-ins are for whom the integration is switched on; everything else is looking.
SWITCHED = {"postExports", "postUploads", "postOwnConnection"}
# The example's code is nobody's.
NEEDS_A_CODE = "postConnectionConfirm"
DESTRUCTIVE = {"deleteConnection"}
MALFORMED = (
    "x",
    "..%2f..%2fada",
    "%2e%2e",
    "%00",
    "'",
    "%27%20or%201%20eq%201",
    "998232000000000-0A1B2C3D4E5F",
    "998232000000000-0a1b2c3d4e5f ",
    "\uff19" * 15 + "-0a1b2c3d4e5f",
    "9" * 300,
    "*",
    "null",
)
UNKNOWN = "998232000000000-0a1b2c3d4e5f"


@pytest.fixture(scope="module")
def bruno_only(stack: Stack) -> Iterator[None]:
    ada = Talk(stack, "contoso", "ada")
    ada.call("PUT", "/access", json={"enabled": True, "users": ["bruno"]}, headers={"If-Match": "*"})
    yield
    ada.call("PUT", "/access", json={"enabled": True, "users": "all"}, headers={"If-Match": "*"})


@pytest.fixture(scope="module")
def brunos_export(stack: Stack, bruno_only: None) -> str:
    bruno = Talk(stack, "contoso", "bruno")
    return str(bruno.export("lead", [{"id": "sweep-1", "lastName": "Sweep", "companyName": "Contoso"}])["id"])


@pytest.fixture(scope="module")
def deleted_export(stack: Stack, brunos_export: str) -> str:
    gone = Talk(stack, "contoso", "bruno").export("lead", [{"id": "sweep-2", "lastName": "Gone"}])["id"]
    with TableServiceClient.from_connection_string(stack.storage_connection_string) as tables:
        tables.get_table_client("exports").delete_entity("contoso", gone)
    return str(gone)


def each(stack: Stack, *who: str) -> list[Operation]:
    return [operation for operation in operations(stack.api) if operation.who in who]


def code(answer: requests.Response) -> str:
    return str(answer.json()["code"])


def test_every_operation_says_for_whom_it_is(stack: Stack) -> None:
    assert len(operations(stack.api)) >= 38
    assert {operation.who for operation in operations(stack.api)} == {"anybody", "user", "admin"}


@pytest.mark.parametrize("token", [None, "", "abc", "a.b.c"], ids=["none", "empty", "word", "dots"])
def test_nobody_gets_in(stack: Stack, brunos_export: str, token: str | None) -> None:
    for operation in each(stack, "user", "admin"):
        answer = send(stack.api, operation, operation.at(id=brunos_export), token=token)
        assert answer.status_code == 401, operation.id
        assert answer.headers["WWW-Authenticate"].startswith("Bearer"), operation.id
        assert code(answer) in {"tokenMissing", "tokenInvalid"}, operation.id


def test_what_is_for_anybody_needs_no_token_and_does_not_fail(stack: Stack) -> None:
    for operation in each(stack, "anybody"):
        assert send(stack.api, operation).status_code in {200, 400}, operation.id


@pytest.mark.parametrize("person", ["bruno", "carla"], ids=["a user", "a user who is switched off"])
def test_users_do_nothing_that_is_for_administrators(stack: Stack, brunos_export: str, person: str) -> None:
    token = stack.token("contoso", person)
    for operation in each(stack, "admin"):
        answer = send(stack.api, operation, operation.at(id=brunos_export), token=token)
        assert (answer.status_code, code(answer)) == (403, "adminsOnly"), operation.id


def test_users_do_what_is_for_users(stack: Stack, brunos_export: str) -> None:
    token = stack.token("contoso", "bruno")
    for operation in each(stack, "user"):
        answer = send(stack.api, operation, operation.at(id=brunos_export), token=token)
        assert answer.status_code in {200, 201, 202, 204, 409}, (operation.id, answer.text)


def test_who_is_switched_off_may_look_and_not_export(stack: Stack, brunos_export: str) -> None:
    token = stack.token("contoso", "carla")
    for operation in each(stack, "user"):
        answer = send(stack.api, operation, operation.at(id=brunos_export), token=token)
        if "id" in operation.parameters:
            assert answer.status_code == 404, operation.id
        elif operation.id in SWITCHED:
            assert (answer.status_code, code(answer)) == (403, "integrationOff"), operation.id
        elif operation.id == NEEDS_A_CODE:
            assert (answer.status_code, code(answer)) == (409, "confirmationUnknown")
        else:
            assert answer.status_code in {200, 204}, operation.id
            assert brunos_export not in answer.text, operation.id


def test_administrators_do_what_is_for_administrators(stack: Stack, brunos_export: str) -> None:
    token = stack.token("contoso", "ada")
    for operation in each(stack, "admin"):
        if operation.id not in DESTRUCTIVE:
            answer = send(stack.api, operation, operation.at(id=brunos_export), token=token)
            assert answer.status_code in {200, 201, 202, 204, 400, 404, 422}, (operation.id, answer.text)
            if answer.status_code == 404:
                assert {"id", "version"} & set(operation.parameters), operation.id


def test_another_tenants_administrator_finds_nothing_by_its_id(stack: Stack, brunos_export: str) -> None:
    token = stack.token("fabrikam", "greta")
    for operation in each(stack, "user", "admin"):
        if "id" in operation.parameters:
            answer = send(stack.api, operation, operation.at(id=brunos_export), token=token)
            assert answer.status_code == 404, operation.id


def test_another_tenants_administrator_sees_nothing_of_us_anywhere(stack: Stack, brunos_export: str) -> None:
    token = stack.token("fabrikam", "greta")
    for operation in each(stack, "user", "admin"):
        if operation.method == "GET" and not {"id", "version"} & set(operation.parameters):
            answer = send(stack.api, operation, token=token)
            assert answer.status_code == 200, operation.id
            for ours in (brunos_export, "bruno", "contoso.crm4", "ada.lindqvist"):
                assert ours not in answer.text, operation.id


@pytest.mark.parametrize("person", [("contoso", "ada"), ("contoso", "bruno"), ("fabrikam", "greta")], ids=str)
def test_a_deleted_an_unknown_and_a_malformed_id_are_all_not_found(
    stack: Stack, deleted_export: str, person: tuple[str, str]
) -> None:
    token, asked = stack.token(*person), 0
    who = ("user",) if person[1] == "bruno" else ("user", "admin")
    for operation in each(stack, *who):
        for wrong in (deleted_export, UNKNOWN, *MALFORMED) if operation.parameters else ():
            if wrong in {deleted_export, UNKNOWN} and "id" not in operation.parameters:
                continue
            path = operation.at(**dict.fromkeys(operation.parameters, wrong))
            answer = send(stack.api, operation, path, token=token)
            assert answer.status_code in {404, 405}, (operation.id, wrong, answer.status_code)
            asked += 1
    assert asked >= 80


def test_another_tenants_ids_lead_nowhere_in_bodies_queries_and_headers(
    stack: Stack, brunos_export: str
) -> None:
    bruno, greta = Talk(stack, "contoso", "bruno"), Talk(stack, "fabrikam", "greta")
    upload = bruno.call("POST", "/exports/uploads").json()["upload"]
    for theirs in (upload, brunos_export):
        answer = greta.call("POST", "/exports", json={"object": "lead", "upload": theirs})
        assert (answer.status_code, code(answer)) == (404, "uploadMissing")
    record = [{"id": "sweep-key", "lastName": "Key"}]
    key = {"Idempotency-Key": "the-same-for-two-tenants"}
    first = bruno.call("POST", "/exports", json={"object": "lead", "records": record}, headers=key)
    second = greta.call("POST", "/exports", json={"object": "lead", "records": record}, headers=key)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] != second.json()["id"]
    listed = greta.get("/exports", params={"next": brunos_export, "limit": 1000})["items"]
    assert {item["requestedBy"] for item in listed} <= {"greta"}


def test_a_header_does_not_change_whose_data_is_meant(stack: Stack, brunos_export: str) -> None:
    token = stack.token("fabrikam", "greta")
    headers = {
        "X-Tenant": "contoso",
        "X-Org-Id": "contoso",
        "X-User": "bruno",
        "X-Original-URL": "/api/access",
    }
    for operation in each(stack, "user"):
        if "id" in operation.parameters:
            path = operation.at(id=brunos_export) + "?org_id=contoso&tenant=contoso"
            assert send(stack.api, operation, path, token=token, headers=headers).status_code == 404
