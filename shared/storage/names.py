"""The tables, queues and blob containers of the service, by name."""

from enum import StrEnum


class Table(StrEnum):
    """The tables. Every partition key starts with the tenant."""

    TENANTS = "tenants"
    USER_CONNECTIONS = "userconnections"
    TOKENS = "tokens"
    AUTH_FLOWS = "authflows"
    EXPORTS = "exports"
    CHUNKS = "chunks"
    IDEMPOTENCY = "idempotency"
    WRITES = "writes"
    AUDIT = "audit"
    ERASURES = "erasures"
    MAPPING_VERSIONS = "mappingversions"
    USERS = "users"
    ACTIVE = "active"
    EXPIRIES = "expiries"


class Queue(StrEnum):
    """The queues. The host makes their `-poison` companions."""

    SPLIT = "exports-split"
    WRITE = "exports-write"
    ERASURE = "erasures"


class Container(StrEnum):
    """The blob containers."""

    EXPORTS = "exports"
    METADATA = "metadata"


POISON = "-poison"
TABLES = tuple(Table)
QUEUES = tuple(Queue)
CONTAINERS = tuple(Container)
