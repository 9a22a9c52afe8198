"""Who may call: tokens, members, roles, impersonation."""

from typing import Any

import pytest
from running_dataverse import (
    ADA,
    API,
    BRUNO,
    CARLA,
    CONTOSO,
    DILIP,
    EDITH,
    FABRIKAM,
    HOST,
    Directory,
    Organization,
    error,
    running,
)

MISSING = "00000000-0000-4000-8000-00000000dead"


def test_a_caller_without_a_token_learns_the_directory(contoso: Organization) -> None:
    # "Use OAuth authentication"; the form is that of Microsoft's own client's AuthorityResolver
    answer = Organization(contoso.base, None).get("")
    assert answer.status_code == 401
    authority = f"https://login.microsoftonline.com/{CONTOSO['directory']}"
    assert answer.headers["WWW-Authenticate"] == (
        f"Bearer authorization_uri={authority}/oauth2/authorize, resource_id={CONTOSO['url']}/"
    )


BAD_CLAIMS = [
    {"aud": "https://fabrikam.crm.dynamics.com"},
    {"aud": CONTOSO["url"] + ".example"},
    {"tid": FABRIKAM["directory"]},
    {"exp": 1_000_000_000},
    {"aud": None},
]


@pytest.mark.parametrize("claims", BAD_CLAIMS, ids=str)
def test_a_token_for_something_else_is_refused(
    contoso: Organization, directory: Directory, claims: dict[str, Any]
) -> None:
    answer = Organization(contoso.base, directory.token(**claims)).get("WhoAmI")
    assert answer.status_code == 401
    assert "authorization_uri=" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_what_is_no_token_is_refused(contoso: Organization, token: str) -> None:
    assert Organization(contoso.base, token or " ").get("WhoAmI").status_code == 401


def test_a_token_signed_by_a_stranger_is_refused(contoso: Organization, directory: Directory) -> None:
    stranger = Directory()
    stranger.key_id = directory.key_id
    assert Organization(contoso.base, stranger.token()).get("WhoAmI").status_code == 401
    stranger.server.shutdown()
    stranger.server.server_close()


def test_keys_that_cannot_be_read_are_told(directory: Directory) -> None:
    with running("--entra", "http://127.0.0.1:9") as address:
        answer = Organization(address, directory.token()).get("WhoAmI")
        assert answer.status_code == 503
        assert "Is the Entra emulator running?" in answer.json()["error"]["message"]


def test_the_audience_may_end_in_a_slash(contoso: Organization, directory: Directory) -> None:
    answer = Organization(contoso.base, directory.token(aud=CONTOSO["url"] + "/")).get("WhoAmI")
    assert answer.status_code == 200


def test_keys_are_fetched_once_and_again_for_an_unknown_id(
    contoso: Organization, directory: Directory
) -> None:
    contoso.get("WhoAmI")
    before = directory.fetches
    assert contoso.get("WhoAmI").status_code == 200
    assert directory.fetches == before
    directory.roll()
    assert Organization(contoso.base, directory.token()).get("WhoAmI").status_code == 200
    assert directory.fetches == before + 1


def test_a_token_expires_with_the_emulators_clock(contoso: Organization, directory: Directory) -> None:
    contoso.control("PUT", "clock", {"advance": 7200})
    assert contoso.get("WhoAmI").status_code == 401
    contoso.control("PUT", "clock", {"offset": 0})
    assert contoso.get("WhoAmI").status_code == 200


def test_who_am_i_tells_the_callers_ids(contoso: Organization) -> None:
    answer = contoso.get("WhoAmI")
    body = answer.json()
    assert body["@odata.context"].endswith("$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse")
    assert body["OrganizationId"] == CONTOSO["id"]
    user = contoso.row("systemusers", body["UserId"])
    assert user["azureactivedirectoryobjectid"] == ADA
    assert user["_businessunitid_value"] == body["BusinessUnitId"]


@pytest.mark.parametrize("path", ["WhoAmI", "leads?$top=1", "leads(not-a-guid)"])
def test_every_answer_recommends_how_many_requests_to_send_at_once(contoso: Organization, path: str) -> None:
    assert contoso.get(path).headers["x-ms-dop-hint"] == "4"
    contoso.control("PUT", "settings", {"degree_of_parallelism": 7})
    assert contoso.get(path).headers["x-ms-dop-hint"] == "7"


REFUSED = [
    (DILIP, "0x80072560", "The user is not a member of the organization."),
    (
        EDITH,
        "0x80040225",
        "The specified user is either disabled or is not a member of any business unit.",
    ),
]


@pytest.mark.parametrize(("user", "code", "message"), REFUSED, ids=["stranger", "disabled"])
def test_a_good_token_is_not_enough(
    contoso: Organization, directory: Directory, *, user: str, code: str, message: str
) -> None:
    answer = Organization(contoso.base, directory.token(user)).get("WhoAmI")
    assert error(answer) == (403, code)
    assert answer.json()["error"]["message"] == message


def test_a_member_without_roles_may_do_nothing(contoso: Organization, directory: Directory) -> None:
    contoso.control("POST", f"users?organization={HOST}", {"directoryObjectId": CARLA, "roles": []})
    answer = Organization(contoso.base, directory.token(CARLA)).get("WhoAmI")
    assert error(answer) == (403, "0x80042F09")


def test_a_salesperson_writes_leads_and_deletes_nothing(
    contoso: Organization, salesperson: Organization
) -> None:
    lead = salesperson.create("leads", lastname="Lee")
    assert salesperson.patch(f"leads({lead})", {"lastname": "Roe"}).status_code == 204
    assert salesperson.get("systemusers?$select=fullname").status_code == 200
    answer = salesperson.call("DELETE", f"leads({lead})")
    assert error(answer) == (403, "0x80040220")
    message = answer.json()["error"]["message"]
    assert message.startswith("Principal user (Id=")
    assert "is missing prvDeleteLead privilege (Id=" in message
    assert "for entity 'lead'" in message
    row = contoso.row("leads", lead)
    assert row["_createdby_value"] == row["_ownerid_value"] == salesperson.get("WhoAmI").json()["UserId"]


def test_a_read_only_user_may_read(contoso: Organization, directory: Directory) -> None:
    contoso.control(
        "POST", f"users?organization={HOST}", {"directoryObjectId": CARLA, "roles": ["Read only"]}
    )
    reader = Organization(contoso.base, directory.token(CARLA))
    assert reader.get("leads").status_code == 200
    assert error(reader.post("leads", {"lastname": "x"})) == (403, "0x80040220")
    assert error(reader.bulk("lead", "CreateMultiple", [{"lastname": "x"}])) == (403, "0x80040220")


def test_an_administrator_may_act_for_somebody(contoso: Organization, salesperson: Organization) -> None:
    # "Impersonate another user using the Web API"
    bruno = salesperson.get("WhoAmI").json()["UserId"]
    assert contoso.get("WhoAmI", CallerObjectId=BRUNO).json()["UserId"] == bruno
    answer = contoso.post("leads", {"lastname": "x"}, MSCRMCallerID=bruno)
    lead = answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")
    row = contoso.row("leads", lead)
    assert row["_createdby_value"] == bruno
    assert row["_createdonbehalfby_value"] == contoso.get("WhoAmI").json()["UserId"]
    assert error(salesperson.get("WhoAmI", CallerObjectId=ADA)) == (403, "0x80040220")


def test_an_application_user_calls_with_its_own_token(contoso: Organization, directory: Directory) -> None:
    application = "9a3b7c5d-1e2f-4a6b-8c9d-0e1f2a3b4c5d"
    contoso.control(
        "POST",
        f"users?organization={HOST}",
        {"applicationId": application, "roles": ["System Administrator"]},
    )
    token = directory.token(MISSING, appid=application, idtyp="app")
    assert Organization(contoso.base, token).get("WhoAmI").status_code == 200
    delegated = directory.token(MISSING, appid=application)
    assert error(Organization(contoso.base, delegated).get("WhoAmI")) == (403, "0x80072560")


def test_the_host_chooses_the_organization(contoso: Organization, directory: Directory) -> None:
    claims = {"aud": FABRIKAM["url"], "tid": FABRIKAM["directory"]}
    token = directory.token(FABRIKAM["users"][0]["directoryObjectId"], **claims)
    host = FABRIKAM["url"].removeprefix("https://")
    fabrikam = Organization(contoso.base, token, host)
    assert fabrikam.get("WhoAmI").json()["OrganizationId"] == FABRIKAM["id"]
    contoso.create("leads", lastname="of Contoso")
    assert "of Contoso" not in fabrikam.get("leads").text
    assert Organization(contoso.base, token).get("WhoAmI").status_code == 401


def test_a_loopback_host_is_the_first_organization(contoso: Organization, directory: Directory) -> None:
    plain = Organization(contoso.base, directory.token(), contoso.base.removeprefix("http://"))
    assert plain.get("WhoAmI").json()["OrganizationId"] == CONTOSO["id"]
    answer = plain.session.get(contoso.base + API + "leads", timeout=60)
    assert answer.json()["@odata.context"].startswith(contoso.base)


def test_addresses_in_answers_are_those_that_the_caller_can_follow(contoso: Organization) -> None:
    answer = contoso.session.get(contoso.base + API + "leads", timeout=60)
    assert answer.json()["@odata.context"].startswith(CONTOSO["url"])
