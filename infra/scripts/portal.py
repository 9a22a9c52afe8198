"""Fits the built portal to its stamp: writes config.json, and the origins of the content security policy.

    python infra/scripts/portal.py portal/dist

with API_URL, UPLOAD_URL, API_ISSUER, PORTAL_CLIENT_ID and VENDOR_NAME in the environment.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

NEEDED = ("API_URL", "UPLOAD_URL", "API_ISSUER", "PORTAL_CLIENT_ID", "VENDOR_NAME")


def fit(built: Path, environ: Mapping[str, str]) -> None:
    """Changes the built files; SystemExit names every variable that is missing."""
    missing = [name for name in NEEDED if not environ.get(name)]
    if missing:
        sys.exit(f"portal.py: {', '.join(missing)} missing; docs/infrastructure.md says where they are from.")
    content = {
        "vendorName": environ["VENDOR_NAME"],
        "apiUrl": environ["API_URL"],
        "issuer": environ["API_ISSUER"],
        "clientId": environ["PORTAL_CLIENT_ID"],
    }
    (built / "config.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    policy = built / "staticwebapp.config.json"
    text = policy.read_text(encoding="utf-8")
    for mark, name in (("API", "API_URL"), ("ISSUER", "API_ISSUER"), ("UPLOAD", "UPLOAD_URL")):
        text = text.replace(f"{{{mark}_ORIGIN}}", _origin(environ[name]))
    policy.write_text(text, encoding="utf-8")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


if __name__ == "__main__":
    fit(Path(sys.argv[1]), os.environ)
