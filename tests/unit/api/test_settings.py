import pytest

from functions.bootstrap import build_app
from shared.settings import Settings, SettingsRefused, is_safe_address, read_settings

LOCAL = {
    "AzureWebJobsStorage": "UseDevelopmentStorage=true",
    "API_ISSUER": "http://127.0.0.1:7073/callers",
    "API_AUDIENCE": "dynamics-export-api",
    "API_JWKS_URL": "http://127.0.0.1:7073/callers/jwks",
    "PUBLIC_API_URL": "http://127.0.0.1:7071/api",
    "PORTAL_ORIGINS": "http://127.0.0.1:7072, https://portal.example",
    "ENTRA_CLIENT_ID": "9a3b7c5d-1e2f-4a6b-8c9d-0e1f2a3b4c5d",
    "ENTRA_CLIENT_SECRET": "local-development-only",
    "TOKEN_KEY_FILE": ".local/token.key",
    "LOCAL_REROUTE": '{"login.microsoftonline.com": "http://127.0.0.1:7073"}',
}
DEPLOYED = {
    "AzureWebJobsStorage__blobServiceUri": "https://acct.blob.core.windows.net/",
    "AzureWebJobsStorage__queueServiceUri": "https://acct.queue.core.windows.net/",
    "AzureWebJobsStorage__tableServiceUri": "https://acct.table.core.windows.net/",
    "AzureWebJobsStorage__clientId": "c4e5d6f7-0819-4a2b-9c3d-4e5f60718293",
    "API_ISSUER": "https://login.vendor.example/",
    "API_AUDIENCE": "dynamics-export-api",
    "API_JWKS_URL": "https://login.vendor.example/.well-known/jwks.json",
    "PUBLIC_API_URL": "https://export.vendor.example/api/",
    "PORTAL_ORIGINS": "https://portal.vendor.example",
    "ENTRA_CLIENT_ID": "9a3b7c5d-1e2f-4a6b-8c9d-0e1f2a3b4c5d",
    "ENTRA_CLIENT_IDENTITY": "c4e5d6f7-0819-4a2b-9c3d-4e5f60718293",
    "TOKEN_KEY_ID": "https://vault.vault.azure.net/keys/tokens",
    "WEBSITE_SITE_NAME": "dynamics-export",
    "EXPORT_CHUNK_SIZE": "200",
}


def refused(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsRefused) as caught:
        read_settings(environ)
    return "\n".join(caught.value.problems)


def test_the_local_stack_is_read_with_its_defaults() -> None:
    settings = read_settings(LOCAL)
    assert settings.redirect_uri == "http://127.0.0.1:7071/api/oauth/callback"
    assert settings.portal_origins == ("http://127.0.0.1:7072", "https://portal.example")
    assert settings.reroute == {"login.microsoftonline.com": "http://127.0.0.1:7073"}
    assert (settings.export_chunk_size, settings.export_window) == (500, 8)


def test_a_deployment_reaches_storage_by_its_managed_identity() -> None:
    settings = read_settings(DEPLOYED)
    assert settings.storage.connection_string is None
    assert settings.storage.table_url == "https://acct.table.core.windows.net"
    assert settings.storage.identity == "c4e5d6f7-0819-4a2b-9c3d-4e5f60718293"
    assert settings.public_api_url == "https://export.vendor.example/api"
    assert settings.export_chunk_size == 200


def test_the_issuer_is_kept_to_the_letter_because_tokens_are_compared_with_it() -> None:
    assert read_settings(DEPLOYED).api_issuer == "https://login.vendor.example/"


def test_everything_that_is_missing_is_named_at_once() -> None:
    said = refused({})
    for name in (
        "API_ISSUER",
        "API_AUDIENCE",
        "API_JWKS_URL",
        "PUBLIC_API_URL",
        "ENTRA_CLIENT_ID",
        "ENTRA_CLIENT_SECRET",
        "TOKEN_KEY_FILE",
        "AzureWebJobsStorage",
    ):
        assert name in said


@pytest.mark.parametrize("name", ["API_ISSUER", "API_AUDIENCE", "API_JWKS_URL"])
def test_nothing_starts_without_a_way_to_check_callers(name: str) -> None:
    assert f"{name} is missing." in refused({**LOCAL, name: "  "})


@pytest.mark.parametrize("mark", ["WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME"])
def test_rerouting_is_refused_in_azure(mark: str) -> None:
    assert "LOCAL_REROUTE" in refused({**LOCAL, mark: "something"})


@pytest.mark.parametrize(
    ("environ", "confirms"),
    [
        (LOCAL, False),
        (DEPLOYED, True),
        ({**LOCAL, "CONNECT_CONFIRMATION": "required"}, True),
        ({**DEPLOYED, "CONNECT_CONFIRMATION": "optional"}, False),
    ],
    ids=["on one machine", "in Azure", "asked for", "given up"],
)
def test_sign_ins_are_confirmed_in_azure_unless_it_was_given_up(
    environ: dict[str, str], *, confirms: bool
) -> None:
    assert read_settings(environ).confirms_connections is confirms


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_JWKS_URL", "http://keys.example/jwks"),
        ("API_JWKS_URL", "keys"),
        ("API_JWKS_URL", "https://user@keys.example/jwks"),
        ("API_JWKS_URL", "https://keys.example:port/jwks"),
        ("PUBLIC_API_URL", "https://export.example"),
        ("PORTAL_ORIGINS", "*"),
        ("PORTAL_ORIGINS", "https://portal.example/"),
        ("PORTAL_ORIGINS", "http://portal.example"),
        ("LOCAL_REROUTE", "not json"),
        ("LOCAL_REROUTE", "[]"),
        ("LOCAL_REROUTE", '{"login.microsoftonline.com": "https://evil.example"}'),
        ("LOCAL_REROUTE", '{"login.microsoftonline.com": 1}'),
        ("CONNECT_CONFIRMATION", "never"),
        ("HTTP_READ_SECONDS", "231"),
        ("EXPORT_CHUNK_SIZE", "0"),
        ("EXPORT_CHUNK_SIZE", "1001"),
        ("EXPORT_WINDOW", "many"),
        ("EXPORT_WINDOW", "٣"),
        ("REVIVE_SCHEDULE", "every day"),
        ("RETENTION_SCHEDULE", "daily"),
        ("EXPORT_RETENTION_DAYS", "0"),
        ("LIMIT_REQUESTS_PER_MINUTE", "-1"),
        ("LIMIT_USER_REQUESTS_PER_MINUTE", "none"),
        ("LIMIT_RUNNING_EXPORTS", "1001"),
        ("LIMIT_USER_RUNNING_EXPORTS", "0"),
        ("LIMIT_RECORDS_PER_DAY", "1e6"),
        ("ENTRA_CLIENT_IDENTITY", "both are set then"),
        ("TOKEN_KEY_ID", "both are set then"),
    ],
)
def test_a_malformed_setting_is_named(name: str, value: str) -> None:
    assert name in refused({**LOCAL, name: value})


def test_one_of_three_storage_addresses_alone_is_not_enough() -> None:
    said = refused(
        {name: value for name, value in DEPLOYED.items() if name != "AzureWebJobsStorage__queueServiceUri"}
    )
    assert said == "AzureWebJobsStorage__queueServiceUri is missing."


def test_the_refusal_reads_as_a_list() -> None:
    with pytest.raises(SettingsRefused, match=r"(?s)cannot be used:\n  - .*\n  - "):
        read_settings({})


@pytest.mark.parametrize("name", ["API_ISSUER", "API_AUDIENCE", "API_JWKS_URL"])
@pytest.mark.parametrize("value", [None, "", "   "])
def test_a_deployment_that_could_let_everybody_in_does_not_start(name: str, value: str | None) -> None:
    environ = {key: text for key, text in DEPLOYED.items() if key != name}
    with pytest.raises(SettingsRefused, match=f"{name} is missing"):
        build_app(environ if value is None else {**environ, name: value})


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(read_settings(LOCAL))
    assert "local-development-only" not in shown
    assert "UseDevelopmentStorage" not in shown
    assert isinstance(read_settings(LOCAL), Settings)


@pytest.mark.parametrize("text", ["http://localhost:1/", "http://[::1]:2", "https://a.example"])
def test_addresses_that_are_safe(text: str) -> None:
    assert is_safe_address(text)
