from pathlib import Path

from local import parts
from local.azurite import connection_string
from local.ports import from_base
from local.world import World
from shared.settings import read_settings

PORTS = from_base(9000)
WORLD = World(
    organization_url="https://contoso.crm4.dynamics.com", client_id="id", client_secret="s", demo={}
)
SETTINGS = parts.product_settings(parts.Addresses(PORTS), WORLD, Path("key.json"))


def test_the_product_accepts_the_settings_of_the_stack() -> None:
    settings = read_settings(SETTINGS)
    assert settings.redirect_uri == "http://127.0.0.1:9000/api/oauth/callback"


def test_entra_and_every_organization_are_rerouted_to_the_emulators() -> None:
    assert read_settings(SETTINGS).reroute == {
        "login.microsoftonline.com": "http://127.0.0.1:9002",
        ".dynamics.com": "http://127.0.0.1:9003",
    }


def test_a_portal_beside_the_stack_may_call_the_api() -> None:
    assert "http://localhost:9001" in read_settings(SETTINGS).portal_origins


def test_the_emulator_lets_the_application_return_to_the_stacks_own_address() -> None:
    command = parts.entra(parts.Addresses(PORTS), None, {}).command
    assert command[command.index("--redirect-uri") + 1] == read_settings(SETTINGS).redirect_uri


def test_metadata_files_are_passed_on_to_the_dataverse_emulator() -> None:
    command = parts.dataverse(parts.Addresses(PORTS), None, [Path("a.json"), Path("b.json")], {}).command
    assert " ".join(command).endswith("--metadata a.json --metadata b.json")


def test_each_storage_service_has_its_own_port() -> None:
    endpoints = [part for part in connection_string(PORTS).split(";") if "Endpoint=" in part]
    assert endpoints == [
        "BlobEndpoint=http://127.0.0.1:9004/devstoreaccount1",
        "QueueEndpoint=http://127.0.0.1:9005/devstoreaccount1",
        "TableEndpoint=http://127.0.0.1:9006/devstoreaccount1",
    ]
