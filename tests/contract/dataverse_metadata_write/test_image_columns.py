"""Images in rows, exchanged as "Use image column data" shows (powerapps-docs, developer/data-platform)."""

import base64

import pytest
from definitions import add_column, add_table

from tests.contract.dataverse.running_dataverse import Organization, error

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TEXT = base64.b64encode(PIXEL).decode()


@pytest.fixture
def row(contoso: Organization) -> str:
    add_table(contoso)
    add_column(contoso, "Image", "new_Logo", CanStoreFullImage=True, IsPrimaryImage=True)
    add_column(contoso, "Image", "new_Stamp", MaxSizeInKB=1)
    return contoso.create("new_bankaccounts", new_accountname="Savings")


def test_an_image_is_set_with_other_data_and_read_when_asked_for(contoso: Organization, row: str) -> None:
    assert contoso.patch(f"new_bankaccounts({row})", {"new_logo": TEXT}, If_Match="*").status_code == 204
    (found,) = contoso.rows("new_bankaccounts?$select=new_logo,new_logoid,new_logo_url,new_logo_timestamp")
    assert found["new_logo"] == TEXT
    assert found["new_logo_url"] == (
        f"/Image/download.aspx?Entity=new_bankaccount&Attribute=new_logo&Id={found['new_logoid']}"
        f"&Timestamp={found['new_logo_timestamp']}"
    )
    assert "new_logo" not in contoso.row("new_bankaccounts", row)


def test_the_primary_image_is_set_when_the_row_is_made(contoso: Organization, row: str) -> None:
    made = contoso.create("new_bankaccounts", new_logo=TEXT)
    assert contoso.get(f"new_bankaccounts({made})/new_logo/$value").content == PIXEL


def test_another_image_cannot_be_set_when_the_row_is_made(contoso: Organization, row: str) -> None:
    answer = contoso.post("new_bankaccounts", {"new_stamp": TEXT})
    assert error(answer) == (400, "0x80090487")
    assert answer.json()["error"]["message"] == (
        "Non-primary image attribute new_stamp of entity new_bankaccount is not allowed to upload during "
        "Create operation."
    )


def test_the_full_image_is_kept_where_the_column_keeps_it(contoso: Organization, row: str) -> None:
    for name in ("new_logo", "new_stamp"):
        contoso.patch(f"new_bankaccounts({row})/{name}", PIXEL, x_ms_file_name="logo.png")
    full = contoso.get(f"new_bankaccounts({row})/new_logo/$value?size=full")
    assert (full.status_code, full.content, full.headers["mimetype"]) == (200, PIXEL, "image/png")
    assert contoso.get(f"new_bankaccounts({row})/new_stamp/$value?size=full").status_code == 204
    assert contoso.get(f"new_bankaccounts({row})/new_stamp/$value").content == PIXEL


def test_what_is_no_image_is_refused(contoso: Organization, row: str) -> None:
    text = base64.b64encode(b"%PDF-1.7").decode()
    answer = contoso.patch(f"new_bankaccounts({row})", {"new_logo": text})
    assert error(answer) == (400, "0x80072553")
    assert answer.json()["error"]["message"].startswith("Error occured when processing image. Reason: Update")


def test_an_image_over_the_columns_size_is_refused(contoso: Organization, row: str) -> None:
    answer = contoso.patch(f"new_bankaccounts({row})/new_stamp", PIXEL + b"\0" * 1024, x_ms_file_name="a.png")
    assert error(answer) == (400, "0x80072553")
    assert "File size is too big." in answer.json()["error"]["message"]


@pytest.mark.parametrize("way", ["PATCH", "PUT", "DELETE"])
def test_an_image_is_deleted_in_three_ways(contoso: Organization, row: str, way: str) -> None:
    contoso.patch(f"new_bankaccounts({row})", {"new_logo": TEXT})
    if way == "PATCH":
        answer = contoso.patch(f"new_bankaccounts({row})", {"new_logo": None}, If_Match="*")
    elif way == "PUT":
        answer = contoso.call("PUT", f"new_bankaccounts({row})/new_logo", {"value": None})
    else:
        answer = contoso.call("DELETE", f"new_bankaccounts({row})/new_logo")
    assert answer.status_code == 204
    assert contoso.row("new_bankaccounts", row)["new_logoid"] is None
    assert contoso.get(f"new_bankaccounts({row})/new_logo/$value").status_code == 204


def test_the_images_of_standard_tables_are_kept_too(contoso: Organization) -> None:
    account = contoso.create("accounts", name="Northwind", entityimage=TEXT)
    (found,) = contoso.rows("accounts?$select=entityimage,entityimage_url")
    assert found["entityimage"] == TEXT
    assert "Entity=account&Attribute=entityimage" in found["entityimage_url"]
    assert contoso.get(f"accounts({account})/entityimage/$value").content == PIXEL
