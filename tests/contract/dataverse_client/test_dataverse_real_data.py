from collections import Counter
from typing import Any

import orjson
import pytest
from dataverse_organizations import CHECKOUT

from shared.dataverse.attributes import columns_of
from shared.dataverse.multipart import read
from shared.dataverse.refusals import BY_CODE
from shared.domain.fields import Column, ColumnType, RequiredLevel

REAL = CHECKOUT.parent / "shared" / "dataverse"


def real(name: str) -> bytes:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"shared/dataverse/{name} is not beside the checkout")
    return path.read_bytes()


@pytest.fixture
def account() -> dict[str, Column]:
    attributes: list[dict[str, Any]] = orjson.loads(real("account.json"))["Attributes"]
    return {column.name: column for column in columns_of(attributes, [attributes])}


def test_a_real_account_offers_its_columns(account: dict[str, Column]) -> None:
    kinds = Counter(column.type for column in account.values())
    assert kinds[ColumnType.STRING] > 40
    assert kinds[ColumnType.PICKLIST] > 10
    assert not [name for name in account if name.endswith(("_composite", "codename"))]
    assert all(column.label for column in account.values() if column.mappable)


def test_a_real_account_keeps_lengths_ranges_options_and_levels(account: dict[str, Column]) -> None:
    assert (account["name"].max_length, account["name"].required_level) == (160, RequiredLevel.APPLICATION)
    assert (account["revenue"].type, account["revenue"].maximum) == (ColumnType.MONEY, 1e14)
    assert account["numberofemployees"].maximum == 1e9
    assert [option.label for option in account["ownershipcode"].options][:2] == ["Public", "Private"]
    assert account["websiteurl"].format == "Url"
    assert not account["statecode"].creatable
    assert account["ownerid"].targets


def test_a_captured_batch_answer_is_read() -> None:
    captured = real("answers/test_picklist_choices.txt").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    boundary = captured[2 : captured.index(b"\r\n")].decode()
    answers = read(f"multipart/mixed; boundary={boundary}", captured)
    assert [answer.status for answer in answers] == [200, 200, 200]
    names = [orjson.loads(answer.body)["LogicalName"] for answer in answers]
    assert names == ["test_choice_mix_values", "test_choice_synced", "test_choice_unsync"]


def test_every_code_of_the_table_is_one_of_dataverses() -> None:
    known = {int(entry["hex"], 16) for entry in orjson.loads(real("errorcodes.json"))}
    newer = {0x80048D19, 0x80060888}
    assert set(BY_CODE) - known <= newer
