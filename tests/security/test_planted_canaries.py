"""Secrets and personal data, planted and searched for: in every log, and in storage as it lies there."""

from pathlib import Path

import pytest
import requests
from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from local.stack import Stack
from shared.storage.names import CONTAINERS, QUEUES, TABLES, Container
from tests.e2e.conversation import Talk

PERSON = {
    "id": "canary-vendor-id-7319",
    "firstName": "Kanarina",
    "lastName": "Geheimowa",
    "email": "kanarina.geheimowa@privat.example",
    "directPhone": "+49 30 7319 7319",
    "companyName": "Kanarienvogel GmbH",
    "notes": "kanari-notiz-7319",
}
PERSONAL = [str(value) for value in PERSON.values()]
SECRETS = {
    "code": "0.CanaryAuthorizationCode7319abcdefghijklmnopqrstuvwxyz0123456789",
    "password": "CanaryPassword7319",
    "client_secret": "local-development-only",
}
# The emulators stand for Microsoft: their journals are not ours, and hold no values either.


def provoke(talk: Talk) -> list[str]:
    """Every kind of failure with something planted in it; gives what must not be seen afterwards."""
    api, token = talk.stack.api, talk.stack.token(talk.tenant, talk.user)
    talk.export("lead", [PERSON])
    talk.export(
        "lead", [{**PERSON, "lastName": None, "id": PERSON["id"] + "x"}, {**PERSON, "revenue": "much"}]
    )
    half = f'{{"id": "{PERSON["id"]}", "email": "{PERSON["email"]}"'
    talk.call(
        "POST",
        "/exports",
        params={"object": "lead"},
        data=half,
        headers={"Content-Type": "application/x-ndjson"},
    )
    for body in (half, f'{{"{PERSON["email"]}": 1}}', f'{{"object": "{PERSON["lastName"]}"}}'):
        talk.call("POST", "/exports", data=body, headers={"Content-Type": "application/json"})
    talk.call("POST", "/erasure", json={"email": PERSON["email"]})
    talk.call("GET", f"/exports/{PERSON['email']}")
    talk.call("GET", "/exports", params={"next": PERSON["email"], "limit": PERSON["directPhone"]})
    talk.call("POST", "/mappings/lead/preview", json={"records": [PERSON]})
    talk.call("POST", "/connection", json={"organizationUrl": f"https://{PERSON['email']}"})
    answer = {"state": "x", "code": SECRETS["code"], "client_secret": SECRETS["password"]}
    requests.get(f"{api}/oauth/callback", params=answer, timeout=60)
    forged = token.rpartition(".")[0] + ".Zm9yZ2Vk"
    requests.get(f"{api}/exports", headers={"Authorization": f"Bearer {forged}"}, timeout=60)
    requests.get(f"{api}/exports", headers={"Authorization": f"Basic {SECRETS['password']}"}, timeout=60)
    upload = talk.call("POST", "/exports/uploads").json()["url"]
    signature = upload.partition("sig=")[2].partition("&")[0]
    return [token.rpartition(".")[2], token.split(".")[1], signature, *SECRETS.values()]


@pytest.fixture(scope="module")
def planted(stack: Stack) -> list[str]:
    return provoke(Talk(stack, "contoso", "ada"))


def found_in(text: str, canaries: list[str]) -> list[str]:
    return [canary for canary in canaries if canary.casefold() in text.casefold()]


def test_no_log_has_a_secret_or_a_person(planted: list[str], stack_folder: Path) -> None:
    logs = sorted((stack_folder / "logs").iterdir())
    assert {log.name for log in logs} >= {"host.log"}
    texts = {log.name: log.read_text(errors="replace") for log in logs}
    assert "request refused" in texts["host.log"]
    assert "export ended" in texts["host.log"]
    assert {
        name: found for name, text in texts.items() if (found := found_in(text, planted + PERSONAL))
    } == {}


def test_no_table_and_no_message_has_a_secret_or_a_persons_data(stack: Stack, planted: list[str]) -> None:
    erasing = {"erasures"}  # names the person until the erasure is done
    texts: dict[str, str] = {}
    with TableServiceClient.from_connection_string(stack.storage_connection_string) as tables:
        for name in set(TABLES) - erasing:
            texts[name] = str([dict(row) for row in tables.get_table_client(name).list_entities()])
    with QueueServiceClient.from_connection_string(stack.storage_connection_string) as queues:
        for name in (each + end for each in QUEUES for end in ("", "-poison")):
            if name in {queue.name for queue in queues.list_queues()}:
                texts[name] = str([each.content for each in queues.get_queue_client(name).peek_messages(32)])
    assert "connected" in texts["tenants"]
    assert {
        name: found for name, text in texts.items() if (found := found_in(text, planted + PERSONAL))
    } == {}


def test_tokens_lie_sealed(stack: Stack, planted: list[str]) -> None:
    with TableServiceClient.from_connection_string(stack.storage_connection_string) as tables:
        rows = str([dict(row) for row in tables.get_table_client("tokens").list_entities()])
    assert rows != "[]"
    for sign in ("eyJ", "refresh_token", "RefreshToken", "access_token", 'secret":'):
        assert sign not in rows


def test_no_blob_has_a_secret_and_persons_are_in_the_contents_of_exports_alone(
    stack: Stack, planted: list[str]
) -> None:
    with BlobServiceClient.from_connection_string(stack.storage_connection_string) as blobs:
        for name in CONTAINERS:
            container = blobs.get_container_client(name)
            for blob in container.list_blob_names():
                try:
                    text = container.download_blob(blob).readall().decode(errors="replace")
                except ResourceNotFoundError:
                    continue  # the erasure was quicker
                assert found_in(text, planted) == [], blob
                assert found_in(blob, PERSONAL) == []
                if name != Container.EXPORTS:
                    assert found_in(text, PERSONAL) == [], blob
