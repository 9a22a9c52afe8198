"""Dataverse's refusals of files and images."""

from local.emulators.dataverse.errors import DataverseError


def file_too_big() -> DataverseError:
    """A file over the column's MaxSizeInKB."""
    return DataverseError(400, "0x80044a02", "Attachment file size is too big.")


def image_failed(reason: str) -> DataverseError:
    """An image that is too big, or is none."""
    return DataverseError(400, "0x80072553", f"Error occured when processing image. Reason: {reason}")


def no_image(table: str, row: str, column: str) -> DataverseError:
    """Data that is no image of a known type."""
    return image_failed(
        f"Update image properties failed for objectid: {row}, logicalName: {table}, attribute: {column}"
    )


def not_primary(column: str, table: str) -> DataverseError:
    """Another image than the primary one in the body of a new row."""
    return DataverseError(
        400,
        "0x80090487",
        f"Non-primary image attribute {column} of entity {table} is not allowed to upload during Create "
        "operation.",
    )


def file_missing(column: str, row: str) -> DataverseError:
    """A column without a file."""
    return DataverseError(
        404, "0x80040217", f"No file attachment found for attribute: {column} EntityId: {row}."
    )


def full_image_missing(table: str, row: str, column: str) -> DataverseError:
    """A full-size image of a column that does not keep it."""
    return DataverseError(
        404,
        "0x80040217",
        "No FileAttachment records found for imagedescriptorId: 00000000-0000-0000-0000-000000000000 for "
        f"image attribute: {column} of {table} record with id {row}.",
    )


def invalid(message: str) -> DataverseError:
    """A request about a file that cannot be read; the message says why."""
    return DataverseError(400, "0x80040203", message)
