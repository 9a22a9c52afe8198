"""Which of the named privileges a user holds: RetrieveUserSetOfPrivilegesByNames."""

import pytest
from running_dataverse import ADA, BRUNO, Answer, Directory, Organization, error

FUNCTION = "Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames"
ASKED = '["prvCreateLead","prvWriteAccount","prvDeleteLead","prvCreateNonsense"]'


def ask(asking: Organization, user_id: str, names: str = ASKED) -> Answer:
    return asking.get(f"systemusers({user_id})/{FUNCTION}(PrivilegeNames=@p)?@p={names}")


def user_id(contoso: Organization, directory: Directory, oid: str) -> str:
    known: str = Organization(contoso.base, directory.token(oid)).get("WhoAmI").json()["UserId"]
    return known


@pytest.mark.parametrize(
    ("oid", "held"),
    [
        (ADA, ["prvCreateLead", "prvWriteAccount", "prvDeleteLead"]),
        (BRUNO, ["prvCreateLead", "prvWriteAccount"]),
    ],
    ids=["administrator", "salesperson"],
)
def test_only_what_the_roles_contain_is_held(
    contoso: Organization, directory: Directory, oid: str, held: list[str]
) -> None:
    answer = ask(contoso, user_id(contoso, directory, oid))
    assert answer.status_code == 200
    assert [each["PrivilegeName"] for each in answer.json()["RolePrivileges"]] == held


def test_a_user_who_does_not_exist_is_said_so(contoso: Organization) -> None:
    answer = ask(contoso, "00000000-0000-4000-8000-00000000dead")
    assert error(answer) == (404, "0x80040217")


@pytest.mark.parametrize("names", ["", "{}", "[", '"prvCreateLead"'], ids=repr)
def test_names_have_to_be_a_list(contoso: Organization, directory: Directory, names: str) -> None:
    assert ask(contoso, user_id(contoso, directory, ADA), names).status_code == 400
