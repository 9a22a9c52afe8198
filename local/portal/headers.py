"""The headers of the portal's answers, read from the file that configures Azure Static Web Apps."""

import json
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

CONFIGURATION = Path("public", "staticwebapp.config.json")


@dataclass(frozen=True, slots=True)
class Origins:
    """Whom the portal's pages may call: they differ between one installation and the next."""

    api: str
    issuer: str
    upload: str

    def fill(self, text: str) -> str:
        """The text with its placeholders replaced."""
        filled = text.replace("{API_ORIGIN}", self.api).replace("{ISSUER_ORIGIN}", self.issuer)
        return filled.replace("{UPLOAD_ORIGIN}", self.upload)


class PortalHeaders:
    """Which headers a path's answer has, and which paths are screens of the portal."""

    def __init__(self, folder: Path, origins: Origins) -> None:
        content: dict[str, Any] = json.loads((folder / CONFIGURATION).read_text(encoding="utf-8"))
        self._always = {name: origins.fill(value) for name, value in content["globalHeaders"].items()}
        self._routes: list[tuple[str, dict[str, str]]] = [
            (route["route"], route["headers"]) for route in content["routes"]
        ]
        self._files: list[str] = content["navigationFallback"]["exclude"]

    def of(self, path: str) -> dict[str, str]:
        """The headers of an answer."""
        answer = dict(self._always)
        for pattern, headers in self._routes:
            if fnmatch(path, pattern):
                answer |= headers
        return answer

    def is_screen(self, path: str) -> bool:
        """Whether the portal's own router answers the path, so that the browser gets index.html."""
        return not any(fnmatch(path, pattern) for pattern in self._files)
