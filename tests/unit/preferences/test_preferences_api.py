from typing import Any

import pytest

from functions.http import Api
from functions.preferences import routes
from functions.preferences.payloads import PreferencesPayload
from functions.preferences.service import PreferencesService
from shared.domain.preferences import ExportPreferences
from shared.storage.preferences import PreferencesStore
from tests import callers
from tests.auditing import trail
from tests.fakes import MemoryTable
from tests.site import Site

DEFAULTS = {
    "exportObjects": "accountsAndLeads",
    "connection": "serviceAccount",
    "account": {
        "createNew": True,
        "updateExisting": True,
        "allowDuplicates": False,
        "maxRecordsPerExport": None,
        "matchRules": ["website", "name"],
        "onSeveralMatches": "skip",
        "onReadOnlyMatch": "skip",
    },
    "lead": {
        "createNew": True,
        "updateExisting": True,
        "allowDuplicates": False,
        "maxRecordsPerExport": None,
        "matchRules": ["email", "nameAndCompany"],
        "onSeveralMatches": "skip",
        "onReadOnlyMatch": "skip",
        "linkAccount": "off",
    },
}
CHANGED = {
    "exportObjects": "leadsOnly",
    "connection": "individual",
    "account": {**DEFAULTS["account"], "createNew": False, "matchRules": []},  # type: ignore[dict-item] # it is a dict
    "lead": {
        "createNew": True,
        "updateExisting": False,
        "allowDuplicates": True,
        "maxRecordsPerExport": 500,
        "matchRules": ["nameAndCompany", "email"],
        "onSeveralMatches": "updateNewest",
        "onReadOnlyMatch": "createNew",
        "linkAccount": "create",
    },
}


@pytest.fixture
def store() -> PreferencesStore:
    return PreferencesStore(MemoryTable())


@pytest.fixture
def site(store: PreferencesStore) -> Site:
    return Site(routes.blueprint(Api(callers=callers.callers()), PreferencesService(store, trail())))


def put(site: Site, body: Any, tag: str = "*") -> Any:
    return site.call("PUT", "/preferences", token=callers.admin(), body=body, If_Match=tag)


def test_a_tenant_that_decided_nothing_has_the_defaults_with_a_tag(site: Site) -> None:
    answer = site.call("GET", "/preferences", token=callers.user())
    assert (answer.status, answer.json) == (200, DEFAULTS)
    assert answer.headers["ETag"]


def test_what_was_read_can_be_changed_and_is_read_back(site: Site, store: PreferencesStore) -> None:
    tag = site.call("GET", "/preferences", token=callers.admin()).headers["ETag"]
    saved = put(site, CHANGED, tag)
    assert (saved.status, saved.json) == (200, CHANGED)
    read = site.call("GET", "/preferences", token=callers.user())
    assert read.json == CHANGED
    assert read.headers["ETag"] == saved.headers["ETag"] != tag
    assert (
        store.get("contoso").value == PreferencesPayload.model_validate(read.json, strict=False).to_domain()
    )


def test_the_tag_of_an_answer_can_be_used_for_the_next_change(site: Site) -> None:
    tag = put(site, CHANGED).headers["ETag"]
    assert put(site, DEFAULTS, tag).json == DEFAULTS


def test_whoever_comes_second_is_refused(site: Site) -> None:
    tag = site.call("GET", "/preferences", token=callers.admin()).headers["ETag"]
    assert put(site, CHANGED, tag).status == 200
    refused = put(site, DEFAULTS, tag)
    assert (refused.status, refused.json["code"]) == (412, "changedMeanwhile")
    assert site.call("GET", "/preferences", token=callers.user()).json == CHANGED


def test_an_overwrite_says_what_it_overwrites(site: Site) -> None:
    answer = site.call("PUT", "/preferences", token=callers.admin(), body=CHANGED)
    assert (answer.status, answer.json["code"]) == (428, "ifMatchMissing")


def test_only_administrators_decide(site: Site) -> None:
    answer = site.call("PUT", "/preferences", token=callers.user(), body=CHANGED, If_Match="*")
    assert answer.status == 403
    assert site.call("GET", "/preferences", token=callers.user()).json == DEFAULTS


def test_another_tenant_sees_nothing_of_it(site: Site) -> None:
    put(site, CHANGED)
    assert site.call("GET", "/preferences", token=callers.admin(org_id="fabrikam")).json == DEFAULTS


def test_what_is_left_out_has_its_default(site: Site) -> None:
    answer = put(site, {"exportObjects": "leadsOnly", "lead": {"maxRecordsPerExport": 5}})
    assert answer.json["account"] == DEFAULTS["account"]
    assert answer.json["lead"] == {**DEFAULTS["lead"], "maxRecordsPerExport": 5}  # type: ignore[dict-item] # it is a dict


def test_the_defaults_of_the_api_are_those_of_the_domain() -> None:
    assert PreferencesPayload().to_domain() == ExportPreferences()
    assert PreferencesPayload.of(ExportPreferences()).model_dump(mode="json") == DEFAULTS


def test_the_example_of_the_description_is_taken(site: Site) -> None:
    (example,) = PreferencesPayload.model_json_schema()["examples"]
    assert put(site, example).status == 200


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"exportObjects": "everything"}, "/exportObjects"),
        ({"exportObjects": None}, "/exportObjects"),
        ({"connection": "mine"}, "/connection"),
        ({"contact": {}}, "/contact"),
        ({"lead": {"createNew": "yes"}}, "/lead/createNew"),
        ({"lead": {"maxRecordsPerExport": 0}}, "/lead/maxRecordsPerExport"),
        ({"lead": {"maxRecordsPerExport": True}}, "/lead/maxRecordsPerExport"),
        ({"lead": {"maxRecordsPerExport": 1.5}}, "/lead/maxRecordsPerExport"),
        ({"lead": {"matchRules": ["website"]}}, "/lead/matchRules/0"),
        ({"account": {"matchRules": ["name", "email"]}}, "/account/matchRules/1"),
        ({"account": {"matchRules": ["name", "name"]}}, "/account/matchRules"),
        ({"account": {"matchRules": None}}, "/account/matchRules"),
        ({"account": {"onSeveralMatches": "mergeAll"}}, "/account/onSeveralMatches"),
        ({"account": {"onReadOnlyMatch": ""}}, "/account/onReadOnlyMatch"),
    ],
)
def test_a_decision_that_does_not_exist_is_refused_where_it_stands(site: Site, body: Any, path: str) -> None:
    answer = put(site, body)
    assert (answer.status, answer.json["code"]) == (400, "bodyInvalid")
    assert [error["path"] for error in answer.json["errors"]] == [path]
    assert site.call("GET", "/preferences", token=callers.user()).json == DEFAULTS
