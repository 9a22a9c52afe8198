"""infra/scripts/application.sh, with a program that notes what it is asked in the place of `az`."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bicep_programs import INFRA

AZ = """#!/bin/sh
for each in "$@"; do printf '%s\\n' "$each"; done >> "$ASKED"
printf -- '--\\n' >> "$ASKED"
case "$*" in
    "cloud show --query name"*) echo "$CLOUD" ;;
    "cloud show"*) echo "https://login.example/" ;;
    *outputs.clientId*) echo "client-of-bicep" ;;
    *apiUrl*) echo "https://func.example/api" ;;
    "identity create"*) echo "principal" ;;
    "ad app list"*) printf '%s' "$REGISTERED" ;;
    "ad app create"*) echo "client-of-commands" ;;
    "ad app federated-credential list"*) printf '%s' "$TRUSTED" ;;
    "account show"*) echo "directory" ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What the script printed, and every command that it gave."""

    printed: str
    complaint: str
    commands: list[list[str]]

    def command(self, *words: str) -> list[str] | None:
        return next((each for each in self.commands if tuple(each[: len(words)]) == words), None)

    def option(self, name: str, *words: str) -> str:
        command = self.command(*words)
        assert command is not None, f"az {' '.join(words)} was not called"
        return command[command.index(name) + 1]


def ran(folder: Path, cloud: str, *, registered: str = "", trusted: str = "") -> Ran:
    (folder / "az").write_text(AZ)
    (folder / "az").chmod(0o755)
    asked = folder / "asked"
    asked.write_text("")
    environ = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "ASKED": str(asked),
        "CLOUD": cloud,
        "REGISTERED": registered,
        "TRUSTED": trusted,
        "STAMP": "usgov",
        "STAMP_ENVIRONMENT": "prod",
        "AZURE_LOCATION": "usgovvirginia",
    }
    command = ["sh", str(INFRA / "scripts" / "application.sh")]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    commands = [each.splitlines() for each in asked.read_text().split("--\n") if each]
    return Ran(ended.stdout.strip(), ended.stderr, commands)


def test_in_the_public_cloud_the_template_registers_the_application(tmp_path: Path) -> None:
    result = ran(tmp_path, "AzureCloud")
    assert result.printed == "client-of-bicep"
    assert result.option("--template-file", "deployment", "sub", "create").endswith("/application.bicep")
    assert result.command("ad") is None


@pytest.mark.parametrize(
    ("cloud", "audience"),
    [
        ("AzureUSGovernment", "api://AzureADTokenExchangeUSGov"),
        ("AzureChinaCloud", "api://AzureADTokenExchangeChina"),
    ],
)
def test_elsewhere_commands_do_the_same(tmp_path: Path, cloud: str, audience: str) -> None:
    result = ran(tmp_path, cloud)
    assert result.printed == "client-of-commands"
    assert (
        result.option("--web-redirect-uris", "ad", "app", "update")
        == "https://func.example/api/oauth/callback"
    )
    (asked,) = json.loads(result.option("--required-resource-accesses", "ad", "app", "update"))
    assert [each["type"] for each in asked["resourceAccess"]] == ["Scope"]
    trust = result.command("ad", "app", "federated-credential", "create")
    assert trust is not None
    assert json.loads("".join(trust[trust.index("--parameters") + 1 :])) == {
        "name": "function-app",
        "issuer": "https://login.example/directory/v2.0",
        "subject": "principal",
        "audiences": [audience],
    }


def test_an_application_that_is_there_is_brought_up_to_date(tmp_path: Path) -> None:
    result = ran(tmp_path, "AzureUSGovernment", registered="client-of-before", trusted="trust")
    assert result.printed == "client-of-before"
    assert result.command("ad", "app", "create") is None
    assert result.command("ad", "app", "federated-credential", "create") is None
    assert result.option("--id", "ad", "app", "update") == "client-of-before"


def test_no_secret_is_ever_made(tmp_path: Path) -> None:
    for cloud in ("AzureCloud", "AzureUSGovernment"):
        words = {word for command in ran(tmp_path, cloud).commands for word in command}
        assert not words & {"credential", "reset", "--password"}


def test_a_cloud_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    result = ran(tmp_path, "AzureMoonCloud")
    assert result.printed == ""
    assert "the cloud AzureMoonCloud is not known here" in result.complaint


def test_both_ways_ask_for_the_same_permission() -> None:
    template = (INFRA / "modules" / "entra.bicep").read_text(encoding="utf-8")
    script = (INFRA / "scripts" / "application.sh").read_text(encoding="utf-8")
    for guid in ("00000007-0000-0000-c000-000000000000", "78ce3f0f-a1ce-49c2-8cde-64b5c0896db4"):
        assert guid in template
        assert guid in script
