"""Laws of writing: each type comes back as sent, a refused bulk action changes nothing, faults cut clean."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from running_dataverse import HOST, Organization

from tests.laws import ONE_FIXTURE_FOR_ALL_EXAMPLES

EARLIEST, LATEST = datetime(1753, 1, 1), datetime(9999, 12, 30)  # noqa: DTZ001 - hypothesis adds the zone
HERE = f"?organization={HOST}"
Row = dict[str, Any]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


characters = st.characters(codec="utf-8", exclude_characters="\0")
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "jobtitle": st.text(characters, min_size=1, max_size=100).filter(lambda text: utf16(text) <= 100),
    "description": st.text(characters, min_size=1, max_size=400),
    "emailaddress1": st.emails().filter(lambda mail: len(mail) <= 100),
    "numberofemployees": st.integers(0, 1_000_000),
    "revenue": st.decimals(0, 10**12, places=2).map(float),
    "address1_latitude": st.decimals(-90, 90, places=5).map(float),
    "donotemail": st.booleans(),
    "industrycode": st.integers(1, 33),
    "lastusedincampaign": st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC), allow_imaginary=False).map(
        lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    ),
}


@given(data=st.data(), names=st.sets(st.sampled_from(sorted(VALUES)), min_size=1))
@settings(max_examples=80, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
def test_every_type_is_read_back_as_it_was_written(
    contoso: Organization, data: st.DataObject, names: set[str]
) -> None:
    created = {name: data.draw(VALUES[name], name) for name in sorted(names)}
    row_id = contoso.create("leads", **created)
    query = f"leads({row_id})?$select={','.join(sorted(names))}"
    assert {name: contoso.get(query).json()[name] for name in created} == created
    changed = {name: data.draw(VALUES[name], name) for name in sorted(names)}
    assert contoso.patch(f"leads({row_id})", changed).status_code == 204
    assert {name: contoso.get(query).json()[name] for name in changed} == changed
    emptied = dict.fromkeys(sorted(names))
    assert contoso.patch(f"leads({row_id})", emptied).status_code == 204
    assert {name: contoso.get(query).json()[name] for name in emptied} == emptied


good = st.fixed_dictionaries({"lastname": st.text("abc", min_size=1, max_size=3)})
bad = st.sampled_from(
    [
        {"jobtitle": "x" * 101},
        {"industrycode": 999},
        {"numberofemployees": -1},
        {"statuscode": 3},
        {"nothing": 1},
        {"lastname": 5},
        {"parentaccountid@odata.bind": f"accounts({uuid4()})"},
    ]
)


@given(
    rows=st.lists(good, max_size=6),
    wrong=bad,
    place=st.integers(0, 6),
    action=st.sampled_from(["Create", "Update", "Upsert"]),
)
@settings(max_examples=80, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
def test_a_refused_bulk_action_changes_nothing(
    contoso: Organization, rows: list[Row], wrong: Row, place: int, action: str
) -> None:
    existing = [contoso.create("leads", lastname="before") for _ in range(3)]
    before = contoso.control("GET", "rows/lead" + HERE)
    targets: list[Row] = [*rows[:place], wrong, *rows[place:]]
    if action != "Create":
        ids = [*existing, *(str(uuid4()) for _ in targets)] if action == "Upsert" else existing
        targets = [
            {"leadid": row_id, **target} for row_id, target in zip(ids, reversed(targets), strict=False)
        ]
        if not any(wrong.items() <= target.items() for target in targets):
            targets[-1] |= wrong
    answer = contoso.bulk("lead", f"{action}Multiple", targets)
    assert answer.status_code in {400, 404}, answer.text
    assert contoso.control("GET", "rows/lead" + HERE) == before
    page = contoso.session.get(f"{contoso.base}/view/lead/{existing[0]}", timeout=60).text
    assert "<b>Changed</b>" not in page


def write(organization: Organization, kind: str, row_id: str, number: int) -> None:
    """One request of a kind that writes `number` rows, or one."""
    if kind == "POST":
        organization.post("leads", {"leadid": row_id, "lastname": "after"})
    elif kind == "PATCH":
        organization.patch(f"leads({row_id})", {"lastname": "after"})
    else:
        more = [{"leadid": str(uuid4()), "lastname": "after"} for _ in range(number - 1)]
        organization.bulk("lead", kind, [{"leadid": row_id, "lastname": "after"}, *more])


@given(
    kind=st.sampled_from(["POST", "PATCH", "CreateMultiple", "UpsertMultiple"]),
    action=st.sampled_from(["dropBefore", "dropAfter"]),
    number=st.integers(1, 5),
)
@settings(max_examples=40, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
def test_a_connection_dropped_before_the_write_leaves_nothing_and_after_it_exactly_one(
    contoso: Organization, kind: str, action: str, number: int
) -> None:
    contoso.control("DELETE", "rows/lead" + HERE)
    row_id = str(uuid4())
    contoso.control("PUT", "faults" + HERE, {"action": action})
    with pytest.raises(requests.ConnectionError):
        write(contoso, kind, row_id, number)
    rows = contoso.rows("leads?$select=lastname")
    written = number if kind.endswith("Multiple") else 1
    assert len(rows) == (written if action == "dropAfter" else 0)
    if action == "dropBefore":
        write(contoso, kind, row_id, number)
        assert len(contoso.rows("leads?$select=lastname")) == written
    else:
        assert [row["leadid"] for row in rows].count(row_id) == 1


@given(values=st.lists(st.sampled_from(["a", "b", None]), min_size=1, max_size=6))
@settings(max_examples=30, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
def test_the_history_is_an_unbroken_chain(contoso: Organization, values: list[str | None]) -> None:
    row_id = contoso.create("leads", lastname="x")
    for value in values:
        assert contoso.patch(f"leads({row_id})", {"jobtitle": value}).status_code == 204
    text = contoso.session.get(f"{contoso.base}/view/lead/{row_id}", timeout=60).text
    chain = [
        tuple(cell.split("<")[0] for cell in part.split('wide old">')[1].split('</td><td class="wide">'))
        for part in text.split("<td>Job Title</td>")[1:]
    ]
    shown = [value or "(empty)" for value in [None, *values]]
    wanted = [(old, new) for old, new in pairwise(shown) if old != new]
    assert chain == wanted[::-1]
    assert "<b>Deleted</b>" not in text
