"""What the environment says: the settings of the service, read once and checked all together."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shared.domain.limits import Limits

_CALLBACK_PATH = "/oauth/callback"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_STORAGE = "AzureWebJobsStorage"
_DATA_STORAGE = "DATA_STORAGE"
_SERVICES = ("blob", "queue", "table")
_DEFAULT_CHUNK_SIZE = 500
_DEFAULT_WINDOW = 8
_DEFAULT_LEASE = 300
_DEFAULT_SCHEDULE = "0 */5 * * * *"
_DEFAULT_WATCH_SCHEDULE = "30 */5 * * * *"
_DEFAULT_READ = 100
_DEFAULT_RETENTION_DAYS = 30
_DEFAULT_RETENTION_SCHEDULE = "0 30 3 * * *"
_MOST_DAYS = 3650
_MOST = 10**9
_MOST_RUNNING = 1000
# "HTTP functions" of Azure answer within 230 seconds, whatever a single call of theirs waits for.
_LONGEST_READ = 230
_REQUIRED, _OPTIONAL = "required", "optional"
_MARKS_OF_AZURE = ("WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME")


class SettingsRefused(Exception):
    """The environment cannot be worked with; `problems` has one sentence for each thing to put right."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("The settings cannot be used:\n" + "\n".join(f"  - {each}" for each in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageSettings:
    """Where Azure Storage is: a connection string, or three addresses and a managed identity."""

    connection_string: str | None = field(default=None, repr=False)
    blob_url: str | None = None
    queue_url: str | None = None
    table_url: str | None = None
    identity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetrySettings:
    """Who receives traces, metrics and events; nobody where neither is named."""

    connection_string: str | None = field(default=None, repr=False)
    otlp_endpoint: str | None = None

    @property
    def wanted(self) -> bool:
        """Whether anybody receives anything."""
        return self.connection_string is not None or self.otlp_endpoint is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between one installation and the next."""

    storage: StorageSettings
    api_issuer: str
    api_audience: str
    api_jwks_url: str
    public_api_url: str
    portal_origins: tuple[str, ...]
    entra_client_id: str
    entra_client_secret: str | None = field(default=None, repr=False)
    entra_client_identity: str | None = None
    token_key_file: str | None = None
    token_key_id: str | None = None
    confirms_connections: bool = True
    reroute: Mapping[str, str] = field(default_factory=dict)
    http_read_seconds: int = _DEFAULT_READ
    export_chunk_size: int = _DEFAULT_CHUNK_SIZE
    export_window: int = _DEFAULT_WINDOW
    export_lease_seconds: int = _DEFAULT_LEASE
    revive_schedule: str = _DEFAULT_SCHEDULE
    export_retention_days: int = _DEFAULT_RETENTION_DAYS
    retention_schedule: str = _DEFAULT_RETENTION_SCHEDULE
    limits: Limits = field(default_factory=Limits)
    watch_schedule: str = _DEFAULT_WATCH_SCHEDULE
    telemetry: TelemetrySettings = field(default_factory=TelemetrySettings)

    @property
    def export_lanes(self) -> int:
        """Chunks of an export under way: beside those that wait for Dynamics, half as many are mapped."""
        return self.export_window + self.export_window // 2

    @property
    def redirect_uri(self) -> str:
        """Where Entra ID returns to; registered with the application."""
        return self.public_api_url + _CALLBACK_PATH


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in the environment; SettingsRefused names everything that is missing or malformed."""
    reader = _Reader(environ)
    secret, identity = reader.one_of("ENTRA_CLIENT_SECRET", "ENTRA_CLIENT_IDENTITY")
    key_file, key_id = reader.one_of("TOKEN_KEY_FILE", "TOKEN_KEY_ID")
    settings = Settings(
        storage=_storage(reader),
        api_issuer=reader.required("API_ISSUER"),
        api_audience=reader.required("API_AUDIENCE"),
        api_jwks_url=reader.address("API_JWKS_URL"),
        public_api_url=_public_api_url(reader),
        portal_origins=_origins(reader),
        entra_client_id=reader.required("ENTRA_CLIENT_ID"),
        entra_client_secret=secret,
        entra_client_identity=identity,
        token_key_file=key_file,
        token_key_id=key_id,
        confirms_connections=_confirms(reader),
        reroute=_reroute(reader),
        http_read_seconds=reader.number("HTTP_READ_SECONDS", _DEFAULT_READ, most=_LONGEST_READ),
        export_chunk_size=reader.number("EXPORT_CHUNK_SIZE", _DEFAULT_CHUNK_SIZE, most=1000),
        export_window=reader.number("EXPORT_WINDOW", _DEFAULT_WINDOW, most=64),
        export_lease_seconds=reader.number("EXPORT_LEASE_SECONDS", _DEFAULT_LEASE, most=3600),
        revive_schedule=_schedule(reader, "REVIVE_SCHEDULE", _DEFAULT_SCHEDULE),
        export_retention_days=reader.number(
            "EXPORT_RETENTION_DAYS", _DEFAULT_RETENTION_DAYS, most=_MOST_DAYS
        ),
        retention_schedule=_schedule(reader, "RETENTION_SCHEDULE", _DEFAULT_RETENTION_SCHEDULE),
        limits=_limits(reader),
        watch_schedule=_schedule(reader, "WATCH_SCHEDULE", _DEFAULT_WATCH_SCHEDULE),
        telemetry=TelemetrySettings(
            connection_string=reader.optional("APPLICATIONINSIGHTS_CONNECTION_STRING"),
            otlp_endpoint=reader.optional("OTEL_EXPORTER_OTLP_ENDPOINT"),
        ),
    )
    if reader.problems:
        raise SettingsRefused(tuple(reader.problems))
    return settings


class _Reader:
    """Takes values out of the environment and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def optional(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def required(self, name: str) -> str:
        value = self.optional(name)
        if value is None:
            self.problems.append(f"{name} is missing.")
        return value or ""

    def one_of(self, first: str, second: str) -> tuple[str | None, str | None]:
        values = self.optional(first), self.optional(second)
        if values == (None, None):
            self.problems.append(f"{first} and {second} are both missing; set one of them.")
        if None not in values:
            self.problems.append(f"{first} and {second} are both set; keep one of them.")
        return values

    def address(self, name: str) -> str:
        value = self.required(name)
        if value and not is_safe_address(value):
            self.problems.append(
                f"{name} has to be an https:// address (http:// only on this machine), not {value!r}.",
            )
        return value.rstrip("/")

    def number(self, name: str, default: int, *, most: int) -> int:
        value = self.optional(name) or str(default)
        if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= most):
            self.problems.append(f"{name} has to be a whole number from 1 to {most}, not {value!r}.")
            return default
        return int(value)


def is_safe_address(text: str) -> bool:
    """Whether a text is an absolute https address, or an http address of this very machine."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _storage(reader: _Reader) -> StorageSettings:
    connection_string = reader.optional(_STORAGE)
    if connection_string is not None:
        return StorageSettings(connection_string=connection_string)
    names = {service: f"{_STORAGE}__{service}ServiceUri" for service in _SERVICES}
    if not any(reader.optional(name) for name in names.values()):
        reader.problems.append(
            f"{_STORAGE} is missing: set a connection string, "
            f"or {', '.join(names.values())} for a managed identity.",
        )
        return StorageSettings()
    for service in ("blob", "table"):
        # Customers' data may have an account of its own; queues are where the triggers listen.
        own = f"{_DATA_STORAGE}__{service}ServiceUri"
        names[service] = own if reader.optional(own) else names[service]
    urls = {f"{service}_url": reader.address(name) for service, name in names.items()}
    return StorageSettings(**urls, identity=reader.optional(f"{_STORAGE}__clientId"))


def _public_api_url(reader: _Reader) -> str:
    url = reader.address("PUBLIC_API_URL")
    if url and not url.endswith("/api"):
        reader.problems.append(f"PUBLIC_API_URL has to end in /api, not {url!r}.")
    return url


def _origins(reader: _Reader) -> tuple[str, ...]:
    texts = [text.strip() for text in (reader.optional("PORTAL_ORIGINS") or "").split(",") if text.strip()]
    for text in texts:
        if not is_safe_address(text) or text != "{0.scheme}://{0.netloc}".format(urlsplit(text)):
            reader.problems.append(
                f"PORTAL_ORIGINS: {text!r} is not an origin such as https://portal.example "
                "(scheme and host, no path, no slash at the end).",
            )
    return tuple(texts)


def _confirms(reader: _Reader) -> bool:
    """Whether a sign-in waits until whoever started it confirms it; in Azure, unless it says otherwise."""
    usual = _REQUIRED if any(reader.optional(mark) for mark in _MARKS_OF_AZURE) else _OPTIONAL
    value = reader.optional("CONNECT_CONFIRMATION") or usual
    if value not in {_REQUIRED, _OPTIONAL}:
        reader.problems.append(
            f"CONNECT_CONFIRMATION has to be “{_REQUIRED}” or “{_OPTIONAL}”, not {value!r}."
        )
    return value != _OPTIONAL


def _reroute(reader: _Reader) -> dict[str, str]:
    text = reader.optional("LOCAL_REROUTE")
    if text is None:
        return {}
    if any(reader.optional(mark) for mark in _MARKS_OF_AZURE):
        reader.problems.append("LOCAL_REROUTE is for one machine only and is refused in Azure; remove it.")
        return {}
    routes = _json_object(text)
    if routes is None or not all(isinstance(url, str) and _is_loopback(url) for url in routes.values()):
        reader.problems.append(
            "LOCAL_REROUTE has to be a JSON object of hosts and addresses on this machine, such as "
            '{"login.microsoftonline.com": "http://127.0.0.1:7073"}.',
        )
        return {}
    return routes


def _json_object(text: str) -> dict[str, str] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _is_loopback(url: str) -> bool:
    return is_safe_address(url) and urlsplit(url).hostname in _LOOPBACK


def _limits(reader: _Reader) -> Limits:
    usual = Limits()
    return Limits(
        requests_per_minute=reader.number("LIMIT_REQUESTS_PER_MINUTE", usual.requests_per_minute, most=_MOST),
        user_requests_per_minute=reader.number(
            "LIMIT_USER_REQUESTS_PER_MINUTE", usual.user_requests_per_minute, most=_MOST
        ),
        running_exports=reader.number("LIMIT_RUNNING_EXPORTS", usual.running_exports, most=_MOST_RUNNING),
        user_running_exports=reader.number(
            "LIMIT_USER_RUNNING_EXPORTS", usual.user_running_exports, most=_MOST_RUNNING
        ),
        records_per_day=reader.number("LIMIT_RECORDS_PER_DAY", usual.records_per_day, most=_MOST),
    )


def _schedule(reader: _Reader, name: str, default: str) -> str:
    schedule = reader.optional(name) or default
    if len(schedule.split()) != 6:
        reader.problems.append(
            f"{name} has to be six fields (second minute hour day month weekday), "
            f"such as {default!r}, not {schedule!r}.",
        )
    return schedule
