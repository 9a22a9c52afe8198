"""The services of azure.yaml, and the resources that their tags say are theirs."""

import re
from collections.abc import Iterator
from pathlib import Path

from local.bicep.evaluation import Deployed
from local.bicep.findings import Finding, Position

TAG = "azd-service-name"
_SERVICE = re.compile(r"^  (\w+):$", re.MULTILINE)


def judge_services(resources: list[Deployed], page: Path) -> Iterator[Finding]:
    """Services that azd would not find in Azure."""
    if not page.exists():
        return
    services = _SERVICE.findall(page.read_text(encoding="utf-8").partition("\nservices:\n")[2])
    tagged = {tags.get(TAG) for each in resources if isinstance(tags := each.body.get("tags"), dict)}
    for service in services:
        if service not in tagged:
            what = f"No resource has the tag {TAG}: {service!r}, so azd cannot deploy that service."
            yield Finding(page, Position(1, 1), what, "Add the tag to the resource that serves it.")
