"""docs/operations.md knows every alert, metric, variable and call."""

import re
from pathlib import Path

import pytest

from local.commands.calls import CALLS
from shared.telemetry import Metric

ROOT = Path(__file__).parents[3]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ALERTS = (ROOT / "infra" / "modules" / "alerts.bicep").read_text(encoding="utf-8")
HEADINGS = set(re.findall(r"^#+ (.+)$", OPERATIONS, re.MULTILINE))


def test_every_alert_has_its_runbook() -> None:
    alerts = set(re.findall(r"^    name: '([a-z-]+)'$", ALERTS, re.MULTILINE))
    linked = set(re.findall(r"\$\{runbooks\}#([a-z-]+)", ALERTS))
    assert alerts
    assert alerts | linked <= HEADINGS


def test_every_metric_is_explained_and_alerts_ask_for_no_other() -> None:
    assert [metric for metric in Metric if f"`{metric.value}`" not in OPERATIONS] == []
    asked = set(re.findall(r'name == "([a-z_.]+)"', ALERTS))
    assert asked
    assert asked <= {metric.value for metric in Metric}


def test_every_variable_that_the_workflow_reads_is_listed() -> None:
    workflow = (ROOT / ".github" / "workflows" / "region.yml").read_text(encoding="utf-8")
    read = set(re.findall(r"\$\{\{ (?:vars|secrets)\.([A-Z_]+)", workflow))
    of_the_template = {"ENTRA_CLIENT_ID", "API_ISSUER", "API_AUDIENCE", "API_JWKS_URL", "ALERT_EMAIL"}
    assert [name for name in read - of_the_template if f"`{name}`" not in OPERATIONS] == []


@pytest.mark.parametrize("call", sorted(set(re.findall(r"\./dev ([a-z]+)", OPERATIONS))))
def test_every_call_that_it_names_exists(call: str) -> None:
    assert call in CALLS


def test_every_link_within_it_leads_somewhere() -> None:
    anchors = {heading.lower().replace(" ", "-") for heading in HEADINGS}
    assert set(re.findall(r"\]\(#([a-z-]+)\)", OPERATIONS)) <= anchors
