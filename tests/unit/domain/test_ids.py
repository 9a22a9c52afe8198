import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.ids import (
    ObjectType,
    TenantId,
    is_export_id,
    is_service_made,
    new_export_id,
    record_id,
    vendor_id_of,
)

CONTOSO, FABRIKAM = TenantId("contoso"), TenantId("fabrikam")


def test_a_later_export_sorts_first() -> None:
    early = new_export_id(1_700_000_000_000, b"\xff" * 6)
    late = new_export_id(1_700_000_000_001, b"\x00" * 6)
    assert sorted([early, late]) == [late, early]


@given(st.integers(0, 10**14), st.binary(min_size=6, max_size=6))
def test_every_new_export_id_is_recognized(moment: int, entropy: bytes) -> None:
    assert is_export_id(new_export_id(moment, entropy))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "../settings",
        "998299999999999-0102030405060",
        "998299999999999-01020304050G",
        "99829999999999-010203040506",
        "998299999999999-010203040506\n",
        "998299999999999-010203040506/input",
        "٩٩٨٢٩٩٩٩٩٩٩٩٩٩٩-010203040506x",
    ],
)
def test_other_text_is_no_export_id(text: str) -> None:
    assert not is_export_id(text)


@given(st.text())
def test_the_key_of_a_vendor_record_is_a_uuid_of_version_5(vendor_id: str) -> None:
    namespace = uuid.UUID("6f0d8f0a-6c1b-5d3c-9a57-3c4f2f6d7e21")
    made = uuid.uuid5(namespace, f"contoso\nlead\n{vendor_id}")
    assert record_id(CONTOSO, ObjectType.LEAD, vendor_id) == str(made)


def test_a_vendor_record_gets_the_same_key_every_time() -> None:
    assert record_id(CONTOSO, ObjectType.LEAD, "7") == "b4fdd786-b372-578f-bfa4-52d8cda675ff"


@pytest.mark.parametrize(
    "other",
    [
        record_id(FABRIKAM, ObjectType.LEAD, "7"),
        record_id(CONTOSO, ObjectType.ACCOUNT, "7"),
        record_id(CONTOSO, ObjectType.LEAD, "8"),
    ],
    ids=["another tenant", "another object", "another vendor id"],
)
def test_anything_else_gets_another_key(other: str) -> None:
    assert other != record_id(CONTOSO, ObjectType.LEAD, "7")


@given(st.text(max_size=20))
def test_our_own_keys_are_recognized(vendor_id: str) -> None:
    assert is_service_made(record_id(CONTOSO, ObjectType.LEAD, vendor_id))


@pytest.mark.parametrize(
    "key",
    [
        "b0ffee00-1111-ee11-8179-000d3a000001",
        str(uuid.UUID(int=1, version=4)),
        str(uuid.UUID(int=1, version=1)),
        "",
        "not a key at all, but 36 letters long",
    ],
)
def test_other_keys_are_not_ours(key: str) -> None:
    assert not is_service_made(key)


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [(7, "7"), ("7", "7"), (" 7 ", "7"), (0, "0"), ("a b", "a b"), ("é", "é")],
)
def test_the_vendors_id_is_taken_as_text(given_id: object, expected: str) -> None:
    assert vendor_id_of({"id": given_id, "name": "Contoso"}) == expected


@pytest.mark.parametrize("given_id", [None, "", "   ", True, 1.5, [7], {"id": 7}])
def test_a_record_without_an_id_gets_one_from_its_content(given_id: object) -> None:
    one = vendor_id_of({"id": given_id, "name": "Contoso", "city": "Redmond"})
    same = vendor_id_of({"city": "Redmond", "name": "Contoso", "id": given_id})
    other = vendor_id_of({"id": given_id, "name": "Contoso", "city": "Seattle"})
    assert one.startswith("content-")
    assert one == same != other


def test_text_that_is_no_unicode_still_gives_an_id() -> None:
    assert vendor_id_of({"name": "\ud800"}).startswith("content-")
