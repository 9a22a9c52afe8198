"""An audit log in memory."""

from datetime import UTC, datetime

from functions.trail import AuditTrail
from shared.storage.audit import AuditStore
from tests.fakes import MemoryTable

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def trail(table: MemoryTable | None = None) -> AuditTrail:
    return AuditTrail(AuditStore(table or MemoryTable("audit")), lambda: NOON)
