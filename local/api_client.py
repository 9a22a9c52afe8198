"""The product's HTTP API as a program on this machine uses it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import requests

from local.callers import loopback_session
from local.errors import DevError

_TIMEOUT_SECONDS = 60

_CONTENT_TYPES = {
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
    ".csv": "text/csv",
}


class ApiClient:
    """One caller's view of the API; refusals become DevErrors in the API's own words."""

    def __init__(self, api: str, token: str) -> None:
        """`api` ends in /api, without a slash."""
        self._api = api
        self._session = loopback_session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def start_export(self, file: Path, object_type: str, *, dry_run: bool = False) -> str:
        """Sends a file of records and gives the new export's id: whoever types a command means it."""
        content_type = content_type_of(file)
        parameters = {"object": object_type, "again": "true"} | ({"dryRun": "true"} if dry_run else {})
        with file.open("rb") as body:
            answer = self._session.post(
                f"{self._api}/exports",
                params=parameters,
                data=body,
                headers={"Content-Type": content_type},
                timeout=_TIMEOUT_SECONDS,
            )
        return str(_content(answer)["id"])

    def get(self, path: str, **parameters: str) -> dict[str, Any]:
        """What the API says at a path below /api."""
        return _content(self._session.get(f"{self._api}{path}", params=parameters, timeout=_TIMEOUT_SECONDS))

    def send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **headers: str
    ) -> dict[str, Any]:
        """Calls the API with a JSON body."""
        return _content(
            self._session.request(
                method, f"{self._api}{path}", json=body, headers=headers, timeout=_TIMEOUT_SECONDS
            )
        )

    def records(self, export_id: str, outcome: str) -> Iterator[dict[str, Any]]:
        """The records of an export with an outcome, page after page."""
        page: dict[str, Any] = {"next": ""}
        while page["next"] is not None:
            following = {"next": page["next"]} if page["next"] else {}
            page = self.get(f"/exports/{export_id}/records", outcome=outcome, **following)
            yield from page["items"]


def content_type_of(file: Path) -> str:
    """The content type that a file's ending stands for."""
    if not file.is_file():
        raise DevError(f"there is no file {file}.")
    try:
        return _CONTENT_TYPES[file.suffix.lower()]
    except KeyError:
        endings = ", ".join(_CONTENT_TYPES)
        raise DevError(f"{file.name} has to end in one of {endings}, which say how to read it.") from None


def _content(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code == 204:
        return {}
    try:
        content: dict[str, Any] = answer.json()
    except requests.JSONDecodeError:
        raise DevError(
            f"{answer.request.method} {answer.url} answered {answer.status_code} without JSON."
        ) from None
    if not answer.ok:
        raise DevError(_refusal(content, answer.status_code))
    return content


def _refusal(problem: Mapping[str, Any], status: int) -> str:
    """A problem's own sentences."""
    lines = [f"the API refused with {status}: {problem.get('detail') or problem.get('title')}"]
    lines += [f"  {item.get('path', '')}: {item.get('message')}" for item in problem.get("errors", [])]
    return "\n".join(lines)
