from typing import Any

import pytest

from tests import callers
from tests.site import Answer, Site

TOPIC = {"template": "{firstName} {lastName} - {companyName}", "column": "subject"}
LAST_NAME = {"vendorField": "lastName", "column": "lastname"}
JOB: dict[str, Any] = {"vendorField": "jobTitle", "column": "jobtitle"}
PLAIN = {"updateOption": "fillIfMissing", "onInvalid": "skipValue"}


def put(site: Site, *rows: Any, **caller: Any) -> Answer:
    body = {"rows": [TOPIC, LAST_NAME, *rows]}
    return site.call("PUT", "/mappings/lead", token=callers.admin(**caller), body=body, If_Match="*")


def get(site: Site, path: str = "", **caller: Any) -> Answer:
    return site.call("GET", f"/mappings/lead{path}", token=callers.admin(**caller))


def restore(site: Site, version: Any, tag: str = "*") -> Answer:
    return site.call(
        "POST", f"/mappings/lead/versions/{version}/restore", token=callers.admin(), If_Match=tag
    )


def forget(site: Site) -> None:
    assert site.call("DELETE", "/mappings/lead", token=callers.admin()).status == 204


def test_nothing_was_saved_so_there_are_no_versions(site: Site) -> None:
    assert get(site, "/versions").json == {"items": [], "next": None}


def test_the_versions_tell_who_changed_the_mapping_and_when_newest_first(site: Site) -> None:
    put(site)
    put(site, JOB, sub="grace")
    items = get(site, "/versions").json["items"]
    assert [(each["version"], each["updatedBy"], each["rows"]) for each in items] == [
        (2, "grace", 3),
        (1, "ada", 2),
    ]
    assert items[0]["updatedAt"] > items[1]["updatedAt"]
    assert not items[0]["isDefault"]


def test_a_version_is_shown_with_its_rows_and_what_it_changed(site: Site) -> None:
    put(site)
    put(site, {**JOB, "tooLong": "cut"})
    version = get(site, "/versions/2").json
    assert version["rows"][2] == {**PLAIN, **JOB, "tooLong": "cut"}
    assert version["changes"] == ["Row 3 jobTitle → jobtitle was added."]
    assert [row["column"] for row in get(site, "/versions/1").json["rows"]] == ["subject", "lastname"]


@pytest.mark.parametrize("version", ["7", "0", "-1", "x", "99999999999", "1.0"])
def test_a_version_that_is_not_kept_is_unknown(site: Site, version: str) -> None:
    put(site)
    assert get(site, f"/versions/{version}").json["code"] == "versionUnknown"
    assert restore(site, version).status == 404


def test_a_version_that_is_restored_is_a_new_one(site: Site) -> None:
    put(site, JOB)
    put(site)
    answer = restore(site, 1, get(site).headers["ETag"])
    assert (answer.status, answer.json["version"]) == (200, 3)
    assert "version 3" in answer.json["message"]
    assert get(site).json["rows"] == get(site, "/versions/1").json["rows"]
    newest = get(site, "/versions").json["items"][0]
    assert (newest["version"], newest["restoredFrom"]) == (3, 1)


def test_a_restore_says_what_it_overwrites(site: Site) -> None:
    put(site, JOB)
    stale = get(site).headers["ETag"]
    put(site)
    assert restore(site, 1, stale).status == 412
    assert restore(site, 1, "").status == 428
    assert get(site).json["version"] == 2


def test_back_to_the_default_is_a_version_too(site: Site) -> None:
    default = get(site).json["rows"]
    put(site, JOB)
    forget(site)
    newest = get(site, "/versions").json["items"][0]
    assert (newest["version"], newest["isDefault"], newest["rows"]) == (2, True, None)
    assert get(site, "/versions/2").json["rows"] == default
    assert put(site).json["version"] == 3
    assert restore(site, 2).json["rows"] == default


def test_back_to_the_default_twice_is_one_version(site: Site) -> None:
    put(site)
    forget(site)
    forget(site)
    assert len(get(site, "/versions").json["items"]) == 2


def test_whoever_read_the_mapping_before_it_was_thrown_away_is_told_so(site: Site) -> None:
    put(site, JOB)
    tag = get(site).headers["ETag"]
    forget(site)
    answer = site.call(
        "PUT", "/mappings/lead", token=callers.admin(), body={"rows": [TOPIC, LAST_NAME]}, If_Match=tag
    )
    assert answer.status == 412
    assert "brought the default mapping back" in answer.json["detail"]


def test_the_last_50_versions_are_kept(site: Site) -> None:
    for number in range(52):
        put(site, *([JOB] if number % 2 else []))
    items = get(site, "/versions").json["items"]
    assert [each["version"] for each in items] == list(range(52, 2, -1))


def test_versions_are_for_administrators_of_the_tenant(site: Site) -> None:
    put(site)
    for method, path in (("GET", ""), ("GET", "/1"), ("POST", "/1/restore")):
        url = f"/mappings/lead/versions{path}"
        assert site.call(method, url, token=callers.user(), If_Match="*").status == 403
    assert get(site, "/versions", org_id="fabrikam").json["items"] == []
    assert get(site, "/versions/1", org_id="fabrikam").status == 404


def test_a_save_whose_note_was_lost_is_among_the_versions(site: Site, versions: Any) -> None:
    put(site)
    versions.delete("contoso|lead", "999999998")
    assert [each["version"] for each in get(site, "/versions").json["items"]] == [1]
