"""Every setting that an installation may change is heeded, and has a usual value where it is not set."""

from operator import attrgetter

import pytest

from shared.settings import read_settings
from tests.unit.api.test_settings import DEPLOYED, LOCAL


@pytest.mark.parametrize(
    ("name", "text", "where", "value", "usual"),
    [
        ("HTTP_READ_SECONDS", "230", "http_read_seconds", 230, 100),
        ("EXPORT_CHUNK_SIZE", "1000", "export_chunk_size", 1000, 500),
        ("EXPORT_WINDOW", "64", "export_window", 64, 8),
        ("EXPORT_LEASE_SECONDS", "3600", "export_lease_seconds", 3600, 300),
        ("EXPORT_RETENTION_DAYS", "3650", "export_retention_days", 3650, 30),
        ("REVIVE_SCHEDULE", "0 1 * * * *", "revive_schedule", "0 1 * * * *", "0 */5 * * * *"),
        ("RETENTION_SCHEDULE", "0 2 * * * *", "retention_schedule", "0 2 * * * *", "0 30 3 * * *"),
        ("WATCH_SCHEDULE", "0 3 * * * *", "watch_schedule", "0 3 * * * *", "30 */5 * * * *"),
        ("LIMIT_REQUESTS_PER_MINUTE", "11", "limits.requests_per_minute", 11, 6000),
        ("LIMIT_USER_REQUESTS_PER_MINUTE", "12", "limits.user_requests_per_minute", 12, 1200),
        ("LIMIT_RUNNING_EXPORTS", "1000", "limits.running_exports", 1000, 200),
        ("LIMIT_USER_RUNNING_EXPORTS", "14", "limits.user_running_exports", 14, 50),
        ("LIMIT_RECORDS_PER_DAY", "15", "limits.records_per_day", 15, 10_000_000),
        (
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
            "InstrumentationKey=1",
            "telemetry.connection_string",
            "InstrumentationKey=1",
            None,
        ),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://127.0.0.1:4318",
            "telemetry.otlp_endpoint",
            "http://127.0.0.1:4318",
            None,
        ),
    ],
)
def test_a_setting_is_heeded_and_has_a_usual_value(
    name: str, text: str, where: str, value: object, usual: object
) -> None:
    assert attrgetter(where)(read_settings({**LOCAL, name: f" {text} "})) == value
    assert attrgetter(where)(read_settings(LOCAL)) == usual


def test_half_as_many_lanes_more_than_requests_are_under_way() -> None:
    assert read_settings({**LOCAL, "EXPORT_WINDOW": "9"}).export_lanes == 13


def test_nobody_receives_telemetry_unless_somebody_is_named() -> None:
    assert not read_settings(LOCAL).telemetry.wanted
    assert read_settings({**LOCAL, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}).telemetry.wanted
    insights = {**LOCAL, "APPLICATIONINSIGHTS_CONNECTION_STRING": "InstrumentationKey=1"}
    assert read_settings(insights).telemetry.wanted


def test_who_is_who_is_read_from_its_own_setting() -> None:
    settings = read_settings(LOCAL)
    assert settings.api_issuer == LOCAL["API_ISSUER"]
    assert settings.api_audience == LOCAL["API_AUDIENCE"]
    assert settings.api_jwks_url == LOCAL["API_JWKS_URL"]
    assert settings.entra_client_id == LOCAL["ENTRA_CLIENT_ID"]
    assert settings.entra_client_secret == LOCAL["ENTRA_CLIENT_SECRET"]
    assert (settings.entra_client_identity, settings.token_key_id) == (None, None)
    assert settings.token_key_file == LOCAL["TOKEN_KEY_FILE"]
    deployed = read_settings(DEPLOYED)
    assert deployed.entra_client_identity == DEPLOYED["ENTRA_CLIENT_IDENTITY"]
    assert deployed.token_key_id == DEPLOYED["TOKEN_KEY_ID"]
    assert (deployed.entra_client_secret, deployed.token_key_file) == (None, None)


def test_customers_data_may_lie_in_an_account_of_its_own() -> None:
    settings = read_settings(
        {
            **DEPLOYED,
            "DATA_STORAGE__blobServiceUri": "https://data.blob.core.windows.net/",
            "DATA_STORAGE__tableServiceUri": "https://data.table.core.windows.net/",
        }
    )
    assert settings.storage.blob_url == "https://data.blob.core.windows.net"
    assert settings.storage.table_url == "https://data.table.core.windows.net"
    assert settings.storage.queue_url == "https://acct.queue.core.windows.net"


def test_no_secret_is_shown_where_settings_are_printed() -> None:
    environ = {**LOCAL, "APPLICATIONINSIGHTS_CONNECTION_STRING": "InstrumentationKey=hidden"}
    shown = repr(read_settings(environ))
    assert LOCAL["ENTRA_CLIENT_SECRET"] not in shown
    assert "InstrumentationKey" not in shown
    assert LOCAL["AzureWebJobsStorage"] not in shown
