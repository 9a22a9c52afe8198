"""Twenty people save over the same state: one of them did, the others hear of it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.conversation import Talk

ROWS = [{"template": "{lastName}", "column": "subject"}, {"vendorField": "lastName", "column": "lastname"}]
BODIES = {
    "/preferences": {"exportObjects": "accountsAndLeads"},
    "/access": {"enabled": True, "users": "all"},
    "/mappings/lead": {"rows": ROWS},
}


@pytest.mark.parametrize("path", BODIES)
def test_of_twenty_who_save_over_the_same_state_one_wins(greta: Talk, path: str) -> None:
    tag = greta.call("GET", path).headers["ETag"]
    before = greta.get("/audit", params={"limit": 1})["items"][0]["sequence"]

    def save(_: int) -> int:
        return greta.call("PUT", path, json=BODIES[path], headers={"If-Match": tag}).status_code

    with ThreadPoolExecutor(20) as people:
        answers = Counter(people.map(save, range(20)))
    assert answers == {200: 1, 412: 19}
    noted = greta.get("/audit", params={"limit": 1})["items"][0]["sequence"]
    assert noted == before + 1
    assert greta.call("DELETE", "/mappings/lead").status_code == 204
