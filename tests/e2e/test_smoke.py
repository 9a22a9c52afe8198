"""The check that stands between one region's deployment and the next, against the whole stack."""

import pytest

from local.api_client import ApiClient
from local.errors import DevError
from local.release.smoke import PEOPLE, Failed, Waiting, check_export, check_health
from local.stack import Stack
from tests.e2e.conversation import Talk

HASTY = Waiting(seconds=0.0, pause=0.0)


def client(stack: Stack, tenant: str, user: str) -> ApiClient:
    return ApiClient(stack.api, stack.token(tenant, user))


def test_a_service_that_works_passes_however_often_it_is_asked(connected: Stack) -> None:
    caller = client(connected, "contoso", "ada")
    assert check_health(caller, "development", Waiting())["status"] == "ok"
    for _ in range(2):
        first, again = check_export(caller, Waiting())
        assert first["counts"]["failed"] == 0
        assert again["counts"]["unchanged"] == len(PEOPLE)


def test_a_service_of_another_release_does_not_pass(connected: Stack) -> None:
    with pytest.raises(
        Failed, match=r"good health of release v9.*the last was: status ok, release development"
    ):
        check_health(client(connected, "contoso", "ada"), "v9", HASTY)


def test_a_service_that_does_not_answer_does_not_pass() -> None:
    with pytest.raises(Failed, match="the last was"):
        check_health(ApiClient("http://127.0.0.1:1/api", "none"), None, HASTY)


def test_a_tenant_that_cannot_export_does_not_pass(connected: Stack) -> None:
    Talk(connected, "fabrikam", "greta").call("DELETE", "/connection").raise_for_status()
    with pytest.raises(DevError, match="refused"):
        check_export(client(connected, "fabrikam", "greta"), Waiting())
