"""The workflows that test and deploy: their rings, their order, and the script by which they publish."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[3]
SCRIPTS = ROOT / ".github" / "scripts"
REGION = {"RESOURCE_GROUP": "rg-emea", "FUNCTION_APP": "func-emea"}


def workflow(name: str) -> Any:
    return YAML(typ="safe").load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))


def stamps(job: Any) -> list[str]:
    """The regions that a job deploys, in its order."""
    if "strategy" not in job:
        return [job["with"]["stamp"]]
    matrix = job["strategy"]["matrix"]
    return [*matrix["stamp"], *(extra["stamp"] for extra in matrix.get("include", []))]


def test_every_region_is_deployed_once() -> None:
    jobs = workflow("deploy.yml")["jobs"]
    deployed = [stamp for name in ("canary", "early", "rest") for stamp in stamps(jobs[name])]
    assert sorted(deployed) == sorted(file.stem for file in (ROOT / "infra" / "regions").glob("*.bicepparam"))


def test_one_region_comes_first_and_the_others_wait_for_those_before_them() -> None:
    jobs = workflow("deploy.yml")["jobs"]
    assert len(stamps(jobs["canary"])) == 1
    needs = {name: job.get("needs") for name, job in jobs.items()}
    assert needs == {"test": None, "package": "test", "canary": "package", "early": "canary", "rest": "early"}
    for ring in ("early", "rest"):
        assert jobs[ring]["strategy"]["fail-fast"]
        assert jobs[ring]["strategy"]["max-parallel"] == 1


def test_a_region_is_smoked_after_it_is_published_and_rolled_back_where_that_fails() -> None:
    steps = workflow("region.yml")["jobs"]["deploy"]["steps"]
    names = [step.get("name", step.get("uses")) for step in steps]
    order = [
        "Which release runs now",
        "Publish",
        "Health, and an export into the organization for tests",
        "Portal",
    ]
    assert [names.index(name) for name in order] == sorted(names.index(name) for name in order)
    assert names[-1] == "Roll back to the release that ran before"
    assert "failure()" in steps[-1]["if"]


def test_no_workflow_may_do_more_than_it_needs() -> None:
    for name in ("test.yml", "deploy.yml", "region.yml"):
        allowed = workflow(name)["permissions"]
        assert set(allowed) <= {"contents", "id-token"}
        assert allowed["contents"] == "read"


def program(folder: Path, name: str, script: str) -> None:
    """Puts a program onto the path that only says how it is called."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def run_script(
    script: str, package: str, programs: Path, settings: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", **settings}
    command = [str(SCRIPTS / script), package]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )


def published(tmp_path: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    program(tmp_path, "az", 'echo "az $*"')
    return run_script("publish.sh", "package.zip", tmp_path, settings)


def test_a_flexible_plan_takes_the_package_by_itself(tmp_path: Path) -> None:
    done = published(tmp_path, **REGION, PLAN="")
    assert done.returncode == 0
    assert done.stdout.startswith("az functionapp deployment source config-zip --resource-group rg-emea")
    assert "--src package.zip" in done.stdout


def test_a_premium_plan_reads_it_from_its_container_and_starts_again(tmp_path: Path) -> None:
    container = "https://acct.blob.example/packages"
    done = published(tmp_path, **REGION, PLAN="premium", PACKAGE_CONTAINER_URL=container)
    upload, restart = done.stdout.splitlines()
    assert f"{container}/current.zip" in upload
    assert restart.startswith("az functionapp restart")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"RESOURCE_GROUP": "rg"}, "the function app is not set"),
        ({**REGION, "PLAN": "premium"}, "the container of packages is not set"),
        ({**REGION, "PLAN": "free"}, "has to be flex or premium"),
    ],
    ids=["no app", "no container", "unknown plan"],
)
def test_what_is_missing_is_named_before_anything_is_published(
    tmp_path: Path, settings: dict[str, str], says: str
) -> None:
    done = published(tmp_path, **settings)
    assert done.returncode != 0
    assert says in done.stderr
    assert done.stdout == ""


PORTAL = {
    "RESOURCE_GROUP": "rg-emea",
    "PORTAL_APP": "stapp-emea",
    "API_URL": "https://api.example/api",
    "UPLOAD_URL": "https://uploads.example/",
    "API_ISSUER": "https://issuer.example/vendor",
    "PORTAL_CLIENT_ID": "portal",
    "VENDOR_NAME": "Vendor",
}


def put_portal(tmp_path: Path, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs the script with a portal of two files; what deploys shows its key and the configuration."""
    program(tmp_path, "az", "echo the-key")
    program(tmp_path, "npx", 'echo "$SWA_CLI_DEPLOYMENT_TOKEN $*"; cat "$4/config.json"')
    package = tmp_path / "portal.zip"
    with ZipFile(package, "w") as files:
        files.writestr("index.html", "<html></html>")
        files.writestr("staticwebapp.config.json", '{"policy": "connect-src {API_ORIGIN}"}')
    return run_script("portal.sh", str(package), tmp_path, settings)


def test_the_portal_is_fitted_to_its_region_and_its_key_is_masked(tmp_path: Path) -> None:
    done = put_portal(tmp_path, PORTAL)
    assert done.returncode == 0, done.stderr
    masked, deployed, *configuration = done.stdout.splitlines()
    assert masked == "::add-mask::the-key"
    assert deployed.startswith("the-key --yes @azure/static-web-apps-cli@")
    assert json.loads("\n".join(configuration))["apiUrl"] == PORTAL["API_URL"]


@pytest.mark.parametrize("missing", ["PORTAL_APP", "VENDOR_NAME"])
def test_a_portal_that_lacks_a_setting_goes_nowhere(tmp_path: Path, missing: str) -> None:
    done = put_portal(tmp_path, {name: value for name, value in PORTAL.items() if name != missing})
    assert done.returncode != 0
    assert done.stdout == ""
