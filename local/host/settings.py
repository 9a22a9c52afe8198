"""What host.json and the environment say about how functions are run."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

# "host.json reference for Azure Functions": the values that hold where host.json is silent.
BATCH_SIZE = 16
LARGEST_BATCH = 32
MAX_DEQUEUE_COUNT = 5
LONGEST_POLLING_INTERVAL = timedelta(minutes=1)
SHORTEST_POLLING_INTERVAL = timedelta(milliseconds=100)
# The host polls at least this often where AZURE_FUNCTIONS_ENVIRONMENT is Development.
DEVELOPMENT_POLLING_INTERVAL = timedelta(seconds=2)
# "Azure Functions HTTP trigger", limits: 100 MiB, or what FUNCTIONS_REQUEST_BODY_SIZE_LIMIT says.
BODY_LIMIT = 100 * 1024 * 1024
# The worker takes 1 to 32 threads and falls back to Python's own number otherwise.
MOST_THREADS = 32

# "Override host.json values" of Microsoft's reference of host.json.
_OVERRIDE = "azurefunctionsjobhost__"
_PLACEHOLDER = re.compile(r"%([^%]+)%")
_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d{1,7})?)")

logger = logging.getLogger(__name__)


class StartError(Exception):
    """The app cannot be served; the message says what is wrong, where, and what to do."""


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """The `extensions.queues` part of host.json."""

    batch_size: int = BATCH_SIZE
    new_batch_threshold: int = BATCH_SIZE // 2
    max_dequeue_count: int = MAX_DEQUEUE_COUNT
    retry_delay: timedelta = timedelta()
    longest_polling_interval: timedelta = LONGEST_POLLING_INTERVAL
    base64: bool = True


@dataclass(frozen=True, slots=True)
class HostSettings:
    """Everything that decides how the app is run."""

    route_prefix: str = "api"
    queues: QueueSettings = field(default_factory=QueueSettings)
    body_limit: int = BODY_LIMIT
    threads: int | None = None
    extension_bundle: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


def read_settings(root: Path, environment: Mapping[str, str]) -> HostSettings:
    """The settings of the app in `root`; a host.json that is missing means the host's defaults."""
    host_json = _overridden(_host_json(root / "host.json"), environment)
    extensions = _section(host_json, "extensions")
    return HostSettings(
        route_prefix=str(_section(extensions, "http").get("routePrefix", "api")).strip("/"),
        queues=_queue_settings(_section(extensions, "queues"), environment),
        body_limit=_body_limit(environment),
        threads=_threads(environment),
        extension_bundle=_section(host_json, "extensionBundle"),
        environment=environment,
    )


def resolve(text: str, environment: Mapping[str, str], where: str) -> str:
    """`text` with every `%NAME%` replaced by the setting of that name."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in environment:
            message = f"{where} names the setting {name}, which is not set: add it to the environment"
            raise StartError(message)
        return environment[name]

    return _PLACEHOLDER.sub(value, text)


def parse_time_span(text: str) -> timedelta | None:
    """A .NET time span such as `00:00:30` or `1.12:00:00`; None where `text` is none."""
    match = _TIME_SPAN.fullmatch(text.strip())
    if not match:
        return None
    days, hours, minutes, seconds = match.groups()
    return timedelta(days=int(days or 0), hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def _host_json(path: Path) -> dict[str, Any]:
    if not path.exists():
        logger.warning("there is no %s: the host's defaults apply", path.name)
        return {}
    try:
        parsed = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StartError(f"{path.name} is no JSON: {error}") from error
    if not isinstance(parsed, dict) or parsed.get("version") != "2.0":
        raise StartError(f'{path.name} must be an object with "version": "2.0"')
    return parsed


def _overridden(host_json: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """With what settings such as `AzureFunctionsJobHost__extensions__queues__batchSize` say instead."""
    for name, value in environment.items():
        if not name.lower().startswith(_OVERRIDE):
            continue
        *path, last = name[len(_OVERRIDE) :].split("__")
        section = host_json
        for step in path:
            section = section.setdefault(step, {})
        section[last] = int(value) if value.isdecimal() else value
    return host_json


def _section(parent: Mapping[str, Any], name: str) -> dict[str, Any]:
    section = parent.get(name, {})
    if not isinstance(section, dict):
        raise StartError(f"{name} in host.json must be an object")
    return section


def _queue_settings(section: Mapping[str, Any], environment: Mapping[str, str]) -> QueueSettings:
    batch_size = _count(section, "batchSize", BATCH_SIZE, range(1, LARGEST_BATCH + 1))
    longest = max(
        _span(section, "maxPollingInterval", LONGEST_POLLING_INTERVAL),
        SHORTEST_POLLING_INTERVAL,
    )
    if environment.get("AZURE_FUNCTIONS_ENVIRONMENT") == "Development":
        longest = min(longest, DEVELOPMENT_POLLING_INTERVAL)
    return QueueSettings(
        batch_size=batch_size,
        new_batch_threshold=_count(section, "newBatchThreshold", batch_size // 2, range(1_000_000)),
        max_dequeue_count=_count(section, "maxDequeueCount", MAX_DEQUEUE_COUNT, range(1, 1_000_000)),
        retry_delay=_span(section, "visibilityTimeout", timedelta()),
        longest_polling_interval=longest,
        base64=_is_base64(section),
    )


def _count(section: Mapping[str, Any], name: str, default: int, allowed: range) -> int:
    value = section.get(name, default)
    if not isinstance(value, int) or value not in allowed:
        where = f"extensions.queues.{name} in host.json"
        raise StartError(f"{where} is {value!r}: it must be a number from {allowed[0]} to {allowed[-1]}")
    return value


def _span(section: Mapping[str, Any], name: str, default: timedelta) -> timedelta:
    if name not in section:
        return default
    span = parse_time_span(str(section[name]))
    if span is None:
        raise StartError(
            f"extensions.queues.{name} in host.json is {section[name]!r}: write it as hours:minutes:seconds, "
            "for example 00:00:30"
        )
    return span


def _is_base64(section: Mapping[str, Any]) -> bool:
    encoding = str(section.get("messageEncoding", "base64")).lower()
    if encoding not in {"base64", "none"}:
        raise StartError(
            f"extensions.queues.messageEncoding in host.json is {encoding!r}: it must be base64 or none"
        )
    return encoding == "base64"


def _body_limit(environment: Mapping[str, str]) -> int:
    limit = environment.get("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "")
    return int(limit) if limit.isdecimal() else BODY_LIMIT


def _threads(environment: Mapping[str, str]) -> int | None:
    wanted = environment.get("PYTHON_THREADPOOL_THREAD_COUNT", "")
    if not wanted:
        return None
    if wanted.isdecimal() and 1 <= int(wanted) <= MOST_THREADS:
        return int(wanted)
    logger.warning(
        "PYTHON_THREADPOOL_THREAD_COUNT is %r, not a number from 1 to %d: Python chooses the number",
        wanted,
        MOST_THREADS,
    )
    return None
