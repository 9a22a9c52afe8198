import json
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.bicep_programs import INFRA

ENVIRON = {
    "API_URL": "https://func.example/api",
    "UPLOAD_URL": "https://data.blob.example/",
    "API_ISSUER": "https://login.vendor.example/tenant/v2.0",
    "PORTAL_CLIENT_ID": "portal",
    "VENDOR_NAME": "Vendor",
}
POLICY = "connect-src 'self' {API_ORIGIN} {ISSUER_ORIGIN} {UPLOAD_ORIGIN};"


@pytest.fixture
def fit() -> Callable[[Path, Mapping[str, str]], None]:
    function: Callable[[Path, Mapping[str, str]], None] = runpy.run_path(
        str(INFRA / "scripts" / "portal.py")
    )["fit"]
    return function


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "staticwebapp.config.json").write_text(json.dumps({"policy": POLICY}))
    return tmp_path


def test_the_built_portal_learns_where_its_api_and_its_issuer_are(
    fit: Callable[[Path, Mapping[str, str]], None], built: Path
) -> None:
    fit(built, ENVIRON)
    assert json.loads((built / "config.json").read_text()) == {
        "vendorName": "Vendor",
        "apiUrl": "https://func.example/api",
        "issuer": "https://login.vendor.example/tenant/v2.0",
        "clientId": "portal",
    }
    policy = json.loads((built / "staticwebapp.config.json").read_text())["policy"]
    assert policy == (
        "connect-src 'self' https://func.example https://login.vendor.example https://data.blob.example;"
    )


def test_every_variable_that_is_missing_is_named(
    fit: Callable[[Path, Mapping[str, str]], None], built: Path
) -> None:
    with pytest.raises(SystemExit, match=r"UPLOAD_URL, VENDOR_NAME missing"):
        fit(built, {**ENVIRON, "UPLOAD_URL": "", "VENDOR_NAME": ""})


def test_the_files_that_it_writes_are_those_that_the_portal_reads() -> None:
    portal = INFRA.parent / "portal"
    config = (portal / "src" / "config.ts").read_text(encoding="utf-8")
    for name in ("vendorName", "apiUrl", "issuer", "clientId"):
        assert f"'{name}'" in config
    policy = (portal / "public" / "staticwebapp.config.json").read_text(encoding="utf-8")
    assert all(mark in policy for mark in ("{API_ORIGIN}", "{ISSUER_ORIGIN}", "{UPLOAD_ORIGIN}"))
