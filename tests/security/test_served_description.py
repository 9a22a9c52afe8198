"""Every operation of the served description, with made-up requests: schemathesis finds nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conversation import Talk

ROOT = Path(__file__).parents[2]
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
CASES_OF_EACH = 14


@pytest.mark.timeout(900)
def test_two_thousand_requests_are_answered_as_described(greta: Talk, tmp_path: Path) -> None:
    # Disconnecting would leave most operations with one and the same answer.
    program = "from schemathesis.cli import schemathesis; schemathesis()"
    command = [sys.executable, "-c", program, "run", f"{greta.stack.api}/openapi.json"]
    command += ["--header", f"Authorization: Bearer {greta.stack.token('fabrikam', 'greta')}"]
    command += ["--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing"]
    command += ["--max-examples", str(CASES_OF_EACH), "--seed", "1", "--workers", "2", "--no-shrink"]
    command += ["--exclude-operation-id", "deleteConnection", "--continue-on-failure", "--warnings", "off"]
    command += ["--request-timeout", "180", "--suppress-health-check", "too_slow"]  # for a busy machine
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.security.served_hooks", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    generated = re.search(r"(\d+) generated", ended.stdout)
    assert generated, ended.stdout[-2000:]
    assert int(generated[1]) >= 2000, generated[0]
