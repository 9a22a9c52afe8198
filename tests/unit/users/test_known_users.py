from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.http import Api
from functions.identity import Caller
from functions.users.noting import NotedUsers
from functions.users.routes import blueprint
from shared.domain.connection import Access
from shared.domain.errors import Transient
from shared.domain.ids import TenantId, UserId
from shared.domain.users import KnownUser, found_by
from shared.storage.users import UserStore
from tests.callers import admin, callers, user
from tests.fakes import MemoryTable
from tests.site import Site

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
CONTOSO = TenantId("contoso")
DAY = NOON.date()


class CountedTable(MemoryTable):
    """Tells how often it was written, and fails when told to."""

    def __init__(self) -> None:
        super().__init__("users")
        self.written = 0
        self.broken = False

    def get(self, partition: str, row: str) -> Any:
        if self.broken:
            raise Transient("storageUnavailable", "Wait.")
        return super().get(partition, row)

    def put(self, partition: str, row: str, properties: Any) -> str:
        self.written += 1
        return super().put(partition, row, properties)


class Now:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


def caller(name: str | None = "Ada Lindqvist", email: str | None = "ada@contoso.example") -> Caller:
    return Caller(tenant=CONTOSO, user=UserId("ada"), name=name, email=email)


def test_each_person_is_written_once_a_day_in_all_processes() -> None:
    table, now = CountedTable(), Now()
    processes = [NotedUsers(UserStore(table), now) for _ in range(3)]
    for process in processes * 2:
        process.note(caller())
    assert table.written == 1
    now.at += timedelta(days=1)
    for process in processes * 2:
        process.note(caller())
    assert table.written == 2
    assert UserStore(table).get(CONTOSO, UserId("ada")) == KnownUser(
        UserId("ada"), "Ada Lindqvist", "ada@contoso.example", date(2026, 2, 1)
    )


def test_a_new_name_counts_at_once() -> None:
    table = CountedTable()
    noted = NotedUsers(UserStore(table), Now())
    noted.note(caller())
    noted.note(caller(name="Ada Berg"))
    found = UserStore(table).get(CONTOSO, UserId("ada"))
    assert found is not None
    assert found.name == "Ada Berg"


def test_no_request_fails_because_its_caller_could_not_be_noted(caplog: pytest.LogCaptureFixture) -> None:
    table = CountedTable()
    table.broken = True
    noted = NotedUsers(UserStore(table), Now())
    with caplog.at_level("DEBUG", logger="dynamics_export"):
        noted.note(caller())
    assert "user not noted" in caplog.text
    assert "Lindqvist" not in caplog.text
    table.broken = False
    noted.note(caller())
    assert table.written == 1


PEOPLE = [
    KnownUser(UserId("u-3"), None, None, DAY),
    KnownUser(UserId("u-1"), "Zoë Berg", "zoe@contoso.example", DAY),
    KnownUser(UserId("u-2"), "ada Lindqvist", "ada@contoso.example", DAY),
]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["u-2", "u-1", "u-3"]),
        ("ZOË", ["u-1"]),
        ("lind ada", ["u-2"]),
        ("@contoso", ["u-2", "u-1"]),
        ("u-3", ["u-3"]),
        ("ada berg", []),
    ],
)
def test_people_are_found_by_words_of_name_address_or_id_and_come_by_name(
    search: str, found: list[str]
) -> None:
    assert [each.id for each in found_by(PEOPLE, search)] == found


@pytest.fixture
def site() -> Site:
    store = UserStore(MemoryTable("users"))
    for person in PEOPLE:
        store.put(CONTOSO, person)
    store.put(TenantId("fabrikam"), KnownUser(UserId("greta"), "Greta Holm", None, DAY))
    noted = NotedUsers(store, Now())
    api = Api(callers=callers(), seen=noted.note)
    return Site(blueprint(api, store))


def test_an_administrator_finds_people_of_their_own_tenant_page_by_page(site: Site) -> None:
    token = admin(org_id="contoso", sub="u-2", name="ada Lindqvist", email="ada@contoso.example")
    first = site.call("GET", "/users?limit=2", token=token).json
    assert [each["id"] for each in first["items"]] == ["u-2", "u-1"]
    rest = site.call("GET", f"/users?limit=2&next={first['next']}", token=token).json
    assert rest == {
        "items": [{"id": "u-3", "name": None, "email": None, "lastSeen": "2026-01-31"}],
        "next": None,
    }
    assert site.call("GET", "/users?search=holm", token=token).json["items"] == []


def test_whoever_calls_is_known_and_no_user_may_ask(site: Site) -> None:
    refused = site.call(
        "GET", "/users", token=user(org_id="contoso", sub="dora", name="Dora", email="d@x.example")
    )
    assert (refused.status, refused.json["code"]) == (403, "adminsOnly")
    found = site.call("GET", "/users?search=dora", token=admin(org_id="contoso", sub="u-2")).json["items"]
    assert [(each["id"], each["email"]) for each in found] == [("dora", "d@x.example")]


@pytest.mark.parametrize(
    ("user_id", "email", "allowed"),
    [
        ("ada", None, True),
        ("bruno", "Bruno@Contoso.Example", True),
        ("carla", "carla@contoso.example", False),
        ("dora", "ada", False),
        ("erik", None, False),
    ],
)
def test_access_names_people_by_id_or_by_address(user_id: str, email: str | None, *, allowed: bool) -> None:
    access = Access(enabled=True, users=frozenset({UserId("ada"), UserId("bruno@contoso.example")}))
    assert access.allows(UserId(user_id), email) is allowed
    assert Access(enabled=True).allows(UserId(user_id), email)
    assert not Access(users=access.users).allows(UserId(user_id), email)
