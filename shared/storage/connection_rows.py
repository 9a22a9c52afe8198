"""A connection as the properties of a row, and back."""

from dataclasses import replace
from typing import Any

from shared.domain.connection import REAUTHORIZE, Attention, Connection, ConnectionState
from shared.domain.ids import DirectoryId, UserId
from shared.domain.organization import parse_organization_url
from shared.storage.times import from_text, to_text


def to_row(connection: Connection) -> dict[str, Any]:
    """The properties that are kept."""
    return {
        "state": connection.state.value,
        "organization": connection.organization.url,
        "directory": connection.directory,
        "organizationId": connection.organization_id,
        "organizationName": connection.organization_name,
        "accountId": connection.account_id,
        "accountName": connection.account_name,
        "dynamicsUserId": connection.dynamics_user_id,
        "connectedBy": connection.connected_by,
        "connectedAt": to_text(connection.connected_at),
        "consentGranted": connection.consent_granted,
        **attention_to_row(connection.attention),
    }


def from_row(row: dict[str, Any]) -> Connection:
    """The connection that was kept."""
    return Connection(
        state=ConnectionState(row["state"]),
        organization=parse_organization_url(row["organization"]),
        directory=DirectoryId(row["directory"]),
        organization_id=row.get("organizationId"),
        organization_name=row.get("organizationName"),
        account_id=row.get("accountId"),
        account_name=row.get("accountName"),
        dynamics_user_id=row.get("dynamicsUserId"),
        connected_by=UserId(row["connectedBy"]),
        connected_at=from_text(row.get("connectedAt")),
        consent_granted=row["consentGranted"],
        attention=attention_from_row(row),
    )


def broken(connection: Connection, attention: Attention) -> Connection:
    """The connection as one that a person has to renew."""
    return replace(connection, state=ConnectionState.REAUTHORIZATION_REQUIRED, attention=attention)


def attention_to_row(attention: Attention | None) -> dict[str, Any]:
    """The properties that are kept of it; a row has none where there is nothing to look after."""
    if attention is None:
        return {}
    return {
        "problem": attention.message,
        "problemCode": attention.code,
        "problemSince": to_text(attention.since),
    }


def attention_from_row(row: dict[str, Any]) -> Attention | None:
    """What was kept; a row of an older version says what is wrong, not its code."""
    message = row.get("problem")
    if message is None:
        return None
    return Attention(row.get("problemCode", REAUTHORIZE), message, from_text(row.get("problemSince")))
