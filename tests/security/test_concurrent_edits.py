"""Twenty people save over the same state: one of them did, the others hear of it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.conversation import Talk

ROWS = [{"template": "{lastName}", "column": "subject"}, {"vendorField": "lastName", "column": "lastname"}]
# What is saved where, and what it is audited as.
SAVED = {
    "/preferences": ({"exportObjects": "accountsAndLeads"}, "preferences.saved"),
    "/access": ({"enabled": True, "users": "all"}, "access.changed"),
    "/mappings/lead": ({"rows": ROWS}, "mapping.saved"),
}


def noted(talk: Talk, action: str) -> int:
    return len(talk.get("/audit", params={"action": action, "limit": 1000})["items"])


@pytest.mark.parametrize("path", SAVED)
def test_of_twenty_who_save_over_the_same_state_one_wins(greta: Talk, path: str) -> None:
    body, action = SAVED[path]
    tag = greta.call("GET", path).headers["ETag"]
    before = noted(greta, action)

    def save(_: int) -> int:
        return greta.call("PUT", path, json=body, headers={"If-Match": tag}).status_code

    with ThreadPoolExecutor(20) as people:
        answers = Counter(people.map(save, range(20)))
    assert answers == {200: 1, 412: 19}
    assert noted(greta, action) == before + 1
    assert greta.call("DELETE", "/mappings/lead").status_code == 204
