"""detect-secrets finds no credential in the files of the repository but those that open nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Hashes of packages and descriptions of tables look like keys; tests make theirs up; pictures have no text.
LEFT_OUT = (
    r"^((local/azurite|portal)/package-lock\.json|local/emulators/dataverse/tables/.*|tests/.*|.*\.png)$"
)
OPEN_NOTHING = {
    "local/azurite.py": "the key that every Azurite has; Microsoft publishes it",
    "local/world.json": "the secret of an application that exists in the Entra ID emulator alone",
    "portal/src/i18n/sentences/de.json": "a sentence about passwords",
    "portal/public/staticwebapp.config.json": "the hash of an empty text, in the content security policy",
}


@pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="this is no checkout: the scan reads what git tracks"
)
def test_every_secret_that_is_found_is_one_that_opens_nothing() -> None:
    program = "from detect_secrets.main import main; import sys; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "scan", "--no-verify", "--exclude-files", LEFT_OUT]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(ended.stdout)["results"]
    assert "local/azurite.py" in found, "the scan looked at nothing"
    unknown = {
        f"{path}:{secret['line_number']} {secret['type']}"
        for path, secrets in found.items()
        if not path.startswith(tuple(OPEN_NOTHING))
        for secret in secrets
    }
    assert unknown == set()
