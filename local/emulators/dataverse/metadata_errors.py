"""The refusals of the metadata endpoints, in the wording of the service."""


class MetadataError(Exception):
    """A metadata request that is refused with this status, code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def definition_missing(kind: str, key: str) -> MetadataError:
    """No such table, column or option set; `key` is written as in the address."""
    return MetadataError(404, "0x80060888", f"{kind} With Id = {key} does not exist.")


def segment_missing(segment: str) -> MetadataError:
    """An address that leads nowhere."""
    return MetadataError(404, "0x8006088a", f"Resource not found for the segment '{segment}'.")


def property_missing(name: str, kind: str) -> MetadataError:
    """A property in $select, $expand or $filter that the type does not declare."""
    return refused(f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{kind}'.")


def refused(message: str) -> MetadataError:
    """A query that cannot be read."""
    return MetadataError(400, "0x80060888", message)
