"""Starts the export of a file of any size: in the request itself, or uploaded to storage beforehand."""

from pathlib import Path

from local.api_client import ApiClient, content_type_of
from local.callers import loopback_session
from local.errors import DevError

MEBIBYTE = 1024 * 1024
LARGEST_BODY = 64 * MEBIBYTE
_UPLOAD_SECONDS = 600


def start_export(client: ApiClient, file: Path, object_type: str, *, largest_body: int = LARGEST_BODY) -> str:
    """The id of the new export."""
    if file.stat().st_size <= largest_body:
        return client.start_export(file, object_type)
    upload = client.send("POST", "/exports/uploads")
    _put(upload["url"], file)
    order = {"object": object_type, "upload": upload["upload"], "mediaType": content_type_of(file)}
    return str(client.send("POST", "/exports", order)["id"])


def _put(url: str, file: Path) -> None:
    with loopback_session() as session, file.open("rb") as body:
        headers = {"x-ms-blob-type": "BlockBlob"}
        answer = session.put(url, data=body, headers=headers, timeout=_UPLOAD_SECONDS)
    if not answer.ok:
        raise DevError(
            f"the upload of {file.name} was refused with {answer.status_code}: {answer.text[:200]}"
        )
