import json
from typing import Any

from shared.domain.ids import DirectoryId
from shared.entra.caches import Account, account_in, merge


def cache(refresh: str, written: int, *, access: str = "a", cached: int = 1, key: str = "at") -> str:
    return json.dumps(
        {
            "RefreshToken": {"rt": {"secret": refresh, "last_modification_time": str(written)}},
            "AccessToken": {key: {"secret": access, "cached_at": str(cached)}},
            "Account": {"acc": {"home_account_id": "oid.tid", "realm": "tid"}},
        }
    )


def secrets(text: str, kind: str) -> list[str]:
    return [entry["secret"] for entry in json.loads(text)[kind].values()]


def test_the_newer_refresh_token_stays_whoever_saved_first() -> None:
    old, new = cache("old", 100), cache("new", 101)
    assert secrets(merge(old, new), "RefreshToken") == ["new"]
    assert secrets(merge(new, old), "RefreshToken") == ["new"]


def test_of_two_from_the_same_second_the_stored_one_stays() -> None:
    assert secrets(merge(cache("stored", 100), cache("ours", 100)), "RefreshToken") == ["stored"]


def test_ages_are_compared_as_numbers() -> None:
    assert secrets(merge(cache("older", 999), cache("newer", 1000)), "RefreshToken") == ["newer"]


def test_tokens_of_two_organizations_stay_both() -> None:
    merged = merge(cache("r", 1, access="one", key="at1"), cache("r", 1, access="two", key="at2"))
    assert secrets(merged, "AccessToken") == ["one", "two"]


def test_an_empty_cache_takes_everything() -> None:
    ours = cache("r", 1)
    assert json.loads(merge("{}", ours)) == json.loads(ours)


def test_an_entry_without_an_age_gives_way() -> None:
    ageless: dict[str, Any] = {"RefreshToken": {"rt": {"secret": "ageless"}}}
    assert secrets(merge(json.dumps(ageless), cache("aged", 1)), "RefreshToken") == ["aged"]


def test_the_account_of_a_cache() -> None:
    assert account_in(cache("r", 1)) == Account("oid.tid", DirectoryId("tid"))
    assert account_in("{}") is None
