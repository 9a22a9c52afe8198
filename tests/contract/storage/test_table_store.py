import pytest
from racing import race

from shared.domain.errors import Conflict, Stale
from shared.storage.account import StorageAccount
from shared.storage.filters import Filter
from shared.storage.names import Table
from shared.storage.table import AlreadyExists, Changed, TableStore


@pytest.fixture
def table(storage_account: StorageAccount) -> TableStore:
    return storage_account.table(Table.CHUNKS)


def test_a_row_comes_back_as_it_was_put(table: TableStore, tenant: str) -> None:
    row = {
        "text": "O'Hara \u00fc \U0001f600",
        "int": 7,
        "long": 2**40,
        "float": 1.0,
        "yes": True,
        "no": False,
    }
    tag = table.put(tenant, "r", row)
    found = table.get(tenant, "r")
    assert found is not None
    assert (found.value, found.etag) == (row, tag)
    assert [type(value) for value in found.value.values()] == [str, int, int, float, bool, bool]


def test_a_missing_value_is_not_stored(table: TableStore, tenant: str) -> None:
    table.put(tenant, "r", {"kept": 1, "gone": None})
    found = table.get(tenant, "r")
    assert found is not None
    assert found.value == {"kept": 1}


def test_a_row_that_is_not_there_is_none(table: TableStore, tenant: str) -> None:
    assert table.get(tenant, "nobody") is None


def test_inserting_twice_is_refused(table: TableStore, tenant: str) -> None:
    table.insert(tenant, "r", {"n": 1})
    with pytest.raises(AlreadyExists) as refused:
        table.insert(tenant, "r", {"n": 2})
    assert isinstance(refused.value, Conflict)


def test_replacing_an_old_state_is_refused(table: TableStore, tenant: str) -> None:
    first = table.insert(tenant, "r", {"n": 1})
    second = table.replace(tenant, "r", {"n": 2}, first)
    with pytest.raises(Changed) as refused:
        table.replace(tenant, "r", {"n": 3}, first)
    assert isinstance(refused.value, Stale)
    assert table.replace(tenant, "r", {"n": 3}, second) != second


def test_replacing_drops_properties_that_are_no_longer_there(table: TableStore, tenant: str) -> None:
    tag = table.insert(tenant, "r", {"old": 1})
    table.replace(tenant, "r", {"new": 1}, tag)
    found = table.get(tenant, "r")
    assert found is not None
    assert found.value == {"new": 1}


def test_replacing_a_row_that_is_gone_is_refused(table: TableStore, tenant: str) -> None:
    tag = table.insert(tenant, "r", {"n": 1})
    table.delete(tenant, "r")
    with pytest.raises(Changed):
        table.replace(tenant, "r", {"n": 2}, tag)


def test_deleting_what_is_not_there_is_fine(table: TableStore, tenant: str) -> None:
    table.delete(tenant, "nobody")


def test_deleting_an_old_state_is_refused(table: TableStore, tenant: str) -> None:
    tag = table.insert(tenant, "r", {"n": 1})
    table.put(tenant, "r", {"n": 2})
    with pytest.raises(Changed):
        table.delete(tenant, "r", tag)


def test_whoever_deletes_second_hears_of_it(table: TableStore, tenant: str) -> None:
    tag = table.insert(tenant, "r", {"n": 1})
    table.delete(tenant, "r", tag)
    with pytest.raises(Changed):
        table.delete(tenant, "r", tag)


def test_of_twenty_that_delete_the_same_state_one_wins(table: TableStore, tenant: str) -> None:
    tag = table.insert(tenant, "r", {"n": 1})
    results = race(20, lambda _: table.delete(tenant, "r", tag))
    assert results.count(None) == 1
    assert sum(isinstance(result, Changed) for result in results) == 19


def test_no_increment_is_lost_between_eight_writers(table: TableStore, tenant: str) -> None:
    table.insert(tenant, "r", {"n": 0})

    def increment(_: int) -> None:
        for _ in range(10):
            while True:
                found = table.get(tenant, "r")
                assert found is not None
                try:
                    table.replace(tenant, "r", {"n": found.value["n"] + 1}, found.etag)
                except Changed:
                    continue
                break

    race(8, increment)
    found = table.get(tenant, "r")
    assert found is not None
    assert found.value == {"n": 80}


def test_more_rows_than_a_transaction_takes_are_all_written(table: TableStore, tenant: str) -> None:
    table.insert_many(tenant, ((f"{number:04}", {"n": number}) for number in range(250)))
    rows = list(table.rows(tenant))
    assert [row.value for row in rows] == [{"RowKey": f"{number:04}", "n": number} for number in range(250)]
    assert all(row.etag for row in rows)


def test_a_transaction_with_a_taken_key_writes_nothing(table: TableStore, tenant: str) -> None:
    table.insert(tenant, "b", {"n": 1})
    with pytest.raises(AlreadyExists):
        table.insert_many(tenant, [("a", {"n": 2}), ("b", {"n": 2})])
    assert table.get(tenant, "a") is None


def test_putting_many_overwrites(table: TableStore, tenant: str) -> None:
    table.put_many(tenant, [("a", {"n": 1}), ("b", {"n": 1})])
    table.put_many(tenant, [("a", {"m": 2})])
    assert [row.value for row in table.rows(tenant)] == [{"RowKey": "a", "m": 2}, {"RowKey": "b", "n": 1}]


def test_merging_many_leaves_what_is_not_named(table: TableStore, tenant: str) -> None:
    table.put(tenant, "a", {"n": 1, "m": 1})
    table.merge_many(tenant, [("a", {"m": 2}), ("b", {"n": 3})])
    assert [row.value for row in table.rows(tenant)] == [
        {"RowKey": "a", "n": 1, "m": 2},
        {"RowKey": "b", "n": 3},
    ]


def test_a_range_of_rows_with_some_properties(table: TableStore, tenant: str) -> None:
    table.put_many(tenant, [(f"x|{number}", {"n": number, "big": "b" * 100}) for number in range(5)])
    table.put(tenant, "y|0", {"n": 9})
    rows = table.rows(tenant, select=["n"], first="x|1", prefix="x|")
    assert [row.value["n"] for row in rows] == [1, 2, 3, 4]
    assert [row.value for row in table.rows(tenant, select=["n"], after="x|3")] == [
        {"RowKey": "x|4", "n": 4},
        {"RowKey": "y|0", "n": 9},
    ]


def test_pages_hold_every_matching_row_once(table: TableStore, tenant: str) -> None:
    table.put_many(tenant, [(f"{number:03}", {"n": number, "even": number % 2 == 0}) for number in range(30)])
    seen, token, pages = [], None, 0
    while True:
        rows, token = table.page(
            tenant, 4, token, Filter("even eq @even and n ge @n", {"even": True, "n": 1})
        )
        seen += [row.value["n"] for row in rows]
        pages += 1
        if token is None:
            break
    assert (seen, pages) == (list(range(2, 30, 2)), 4)


def test_a_full_last_page_has_no_token(table: TableStore, tenant: str) -> None:
    table.put_many(tenant, [("a", {}), ("b", {})])
    assert table.page(tenant, 2)[1] is None


def test_a_page_never_shows_another_partition(table: TableStore, tenant: str) -> None:
    table.put(tenant, "a", {"n": 1})
    table.put(f"{tenant}-other", "b", {"n": 2})
    hostile = "' or PartitionKey ne '"
    assert table.page(tenant, 10, hostile)[0][0].value["n"] == 1
    assert table.page(tenant, 10, "z' or RowKey gt '")[0] == []
    assert table.page(hostile, 10)[0] == []


def test_one_and_true_are_different_conditions(table: TableStore, tenant: str) -> None:
    table.put_many(tenant, [("a", {"n": 1}), ("b", {"n": 2})])
    assert [row.value["n"] for row in table.page(tenant, 10, None, Filter("n eq @n", {"n": 1}))[0]] == [1]


def test_the_sweep_sees_all_tenants(table: TableStore, tenant: str) -> None:
    table.put(tenant, "a", {"sweep": tenant})
    table.put(f"{tenant}-other", "b", {"sweep": tenant})
    found = table.everywhere(Filter("sweep eq @sweep", {"sweep": tenant}))
    assert {(row.value["PartitionKey"], row.value["RowKey"]) for row in found} == {
        (tenant, "a"),
        (f"{tenant}-other", "b"),
    }


def test_deleting_a_partition_leaves_the_others(table: TableStore, tenant: str) -> None:
    table.put_many(tenant, [(f"{number}", {}) for number in range(3)])
    table.put(f"{tenant}-other", "b", {})
    assert table.delete_all(tenant) == 3
    assert list(table.rows(tenant)) == []
    assert table.get(f"{tenant}-other", "b") is not None


def test_rows_at_hand_are_as_they_were_until_the_block_ends(table: TableStore, tenant: str) -> None:
    table.put(tenant, "mapping|lead", {"version": 1, "rows": "some'thing"})
    table.put(tenant, "other", {"n": 1})
    with table.at_hand(tenant, ("mapping|lead", "missing")):
        table.put(tenant, "mapping|lead", {"version": 2})
        table.put(tenant, "missing", {"n": 1})
        table.put(tenant, "other", {"n": 2})
        then, other = table.get(tenant, "mapping|lead"), table.get(tenant, "other")
        assert table.get(tenant, "missing") is None
        assert then is not None
        assert other is not None
        assert (then.value, other.value) == ({"version": 1, "rows": "some'thing"}, {"n": 2})
        with pytest.raises(Changed):
            table.replace(tenant, "mapping|lead", {"version": 3}, then.etag)
    now = table.get(tenant, "mapping|lead")
    assert now is not None
    assert now.value == {"version": 2}
    assert table.get(tenant, "missing") is not None
