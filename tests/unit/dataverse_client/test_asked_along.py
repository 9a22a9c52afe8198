"""A question that goes along with a search takes no request of its own, and cannot spoil the search."""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from functions.owners import Owner, Owners
from shared.dataverse.client import DataverseResponse
from shared.dataverse.errors import raised
from shared.dataverse.messages import DataverseRequest, query
from shared.dataverse.queries import read_rows
from shared.dataverse.refusals import FAULT, PRIVILEGE_MISSING
from shared.domain.errors import ServiceError
from shared.domain.ids import ObjectType, TenantId

Answer = DataverseResponse | ServiceError
SEARCH = [query("leads", select=("leadid",), where="lastname eq 'Ngata'")]
ADA = {"systemuserid": "u-1", "domainname": "ada@contoso.example"}


def told(content: Any) -> DataverseResponse:
    return DataverseResponse(200, {}, orjson.dumps(content))


class Organization:
    """Answers searches with nothing, questions about users as it is told to; counts the requests."""

    def __init__(self, *about_users: Answer) -> None:
        self.organization = SimpleNamespace(host="contoso.crm4.dynamics.com")
        self.requests = 0
        self._about_users = list(about_users)

    def batch(self, requests: Sequence[DataverseRequest]) -> list[Answer]:
        self.requests += 1
        return [self._answer(request) for request in requests]

    def send(self, _: DataverseRequest) -> DataverseResponse:
        self.requests += 1
        return told({"RolePrivileges": [{"PrivilegeName": "prvReadLead"}]})

    def _answer(self, request: DataverseRequest) -> Answer:
        return self._about_users.pop(0) if "systemusers" in request.path else told({"value": []})


def searched(*about_users: Answer) -> tuple[Any, Owner]:
    """The organization after a search with which the owner was asked for."""
    client: Any = Organization(*about_users)
    owners = Owners(lambda: datetime(2026, 1, 1, tzinfo=UTC))
    owner = owners.of(TenantId("contoso"), client, ObjectType.LEAD, "ada@contoso.example")
    assert read_rows(client, SEARCH, along=owner.question) == [[]]
    assert owners.of(TenantId("contoso"), client, ObjectType.LEAD, "ada@contoso.example").question
    assert client.requests == 1
    return client, owner


def test_who_was_asked_for_along_with_the_search_takes_one_request_more() -> None:
    client, owner = searched(told({"value": [ADA]}))
    assert owner.question is None
    assert (owner.id, owner.id, client.requests) == ("u-1", "u-1", 2)


def test_nobody_has_the_address() -> None:
    client, owner = searched(told({"value": []}))
    assert (owner.id, client.requests) == (None, 1)


def test_who_may_not_look_at_users_may_search_all_the_same() -> None:
    client, owner = searched(raised(PRIVILEGE_MISSING, detail="403"))
    assert (owner.id, client.requests) == (None, 1)


def test_an_answer_that_may_be_another_next_time_is_asked_for_again() -> None:
    client, owner = searched(raised(FAULT, detail="500"), told({"value": [ADA]}))
    assert (owner.id, client.requests) == ("u-1", 3)


def test_without_a_search_the_owner_is_asked_for_alone() -> None:
    client: Any = Organization(told({"value": [ADA]}))
    owners = Owners(lambda: datetime(2026, 1, 1, tzinfo=UTC))
    place = (TenantId("contoso"), client, ObjectType.LEAD, "ada@contoso.example")
    assert (owners.of(*place).id, client.requests) == ("u-1", 2)
    assert (owners.of(*place).id, client.requests) == ("u-1", 2), "it is remembered"


@pytest.mark.parametrize("email", [None, ""])
def test_without_an_address_nobody_is_asked_for(email: str | None) -> None:
    client: Any = Organization()
    owner = Owners(lambda: datetime(2026, 1, 1, tzinfo=UTC)).of(
        TenantId("contoso"), client, ObjectType.LEAD, email
    )
    assert (owner.question, owner.id, client.requests) == (None, None, 0)
