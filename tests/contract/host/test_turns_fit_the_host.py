"""What the service takes for a crowd is what the host is told in host.json."""

import json
from pathlib import Path

from functions.export.turns import CROWDED

ROOT = Path(__file__).parents[3]


def test_deliveries_give_way_from_where_the_host_takes_no_further_message() -> None:
    stated = json.loads((ROOT / "host.json").read_text())["extensions"]["queues"]
    assert stated["newBatchThreshold"] == CROWDED
