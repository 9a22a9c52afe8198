from typing import Any

import pytest

from shared.storage.entities import entity, size_of


def test_a_row_is_sent_with_its_keys_and_without_missing_values() -> None:
    sent = entity("p", "r", {"text": "t", "yes": True, "gone": None, "small": -(2**31), "long": 2**31})
    assert sent == {
        "PartitionKey": "p",
        "RowKey": "r",
        "text": "t",
        "yes": True,
        "small": -(2**31),
        "long": (2**31, "Edm.Int64"),
    }


@pytest.mark.parametrize("bad", ["a/b", "a\\b", "a#b", "a?b", "a\nb", "a\x7fb", "a\x9fb", "k" * 1025])
def test_keys_that_azure_refuses_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="PartitionKey"):
        entity(bad, "r", {})
    with pytest.raises(ValueError, match="RowKey"):
        entity("p", bad, {})


@pytest.mark.parametrize(
    "value", [{"a": 1}, [1], (1,), b"bytes", {1}], ids=["dict", "list", "tuple", "bytes", "set"]
)
def test_values_that_are_no_scalars_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="Store scalars"):
        entity("p", "r", {"value": value})


@pytest.mark.parametrize("name", ["a-b", "1a", "", "a b", "n" * 256])
def test_names_that_azure_refuses_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        entity("p", "r", {name: 1})


def test_text_is_measured_as_azure_does() -> None:
    entity("p", "r", {"text": "x" * 32_768})
    entity("p", "r", {"text": "\U0001f600" * 16_384})
    for text in ("x" * 32_769, "\U0001f600" * 16_385):
        with pytest.raises(ValueError, match="split_text"):
            entity("p", "r", {"text": text})


def test_a_row_has_at_most_252_properties() -> None:
    entity("p", "r", {f"n{number}": number for number in range(252)})
    with pytest.raises(ValueError, match="252"):
        entity("p", "r", {f"n{number}": number for number in range(253)})


def test_a_row_has_at_most_a_mebibyte() -> None:
    entity("p", "r", {f"n{number}": "x" * 32_000 for number in range(16)})
    with pytest.raises(ValueError, match="blob"):
        entity("p", "r", {f"n{number}": "x" * 32_000 for number in range(17)})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**63, -(2**63) - 1])
def test_numbers_that_have_no_place_in_a_row_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="number"):
        entity("p", "r", {"number": value})


@pytest.mark.parametrize(
    ("properties", "size"),
    [
        ({}, 8),
        ({"text": "abc"}, 8 + 16 + 10),
        ({"text": "\U0001f600"}, 8 + 16 + 8),
        ({"yes": True, "many": 2**40}, 8 + (14 + 8) + (16 + 8)),
    ],
    ids=["keys alone", "text", "a character of two units", "numbers"],
)
def test_a_row_is_measured_as_azure_does(properties: dict[str, Any], size: int) -> None:
    """ "Understanding the Table service data model": at most what Azure counts, and never less."""
    assert size_of("p", "r", properties) == size


@pytest.mark.parametrize("name", ["PartitionKey", "RowKey", "Timestamp"])
def test_what_azure_sets_itself_is_not_sent_as_a_property(name: str) -> None:
    assert entity("p", "r", {name: "other", "text": "t"}) == {"PartitionKey": "p", "RowKey": "r", "text": "t"}
