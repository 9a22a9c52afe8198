"""Files in rows, exchanged as "Use file column data" shows (powerapps-docs, developer/data-platform)."""

import base64

import pytest
from definitions import BANK, TYPE, add_column, add_table, definition

from tests.contract.dataverse.running_dataverse import Organization, error

CONTENT = b"the agreement, " * 1000


@pytest.fixture
def row(contoso: Organization) -> str:
    """A bank account with a file column of 100 KB."""
    add_table(contoso)
    add_column(contoso, "File", "new_Agreement", MaxSizeInKB=100)
    return contoso.create("new_bankaccounts", new_accountname="Savings")


def upload(contoso: Organization, row: str, content: bytes = CONTENT) -> None:
    headers = {"x-ms-file-name": "agreement.txt", "Content-Type": "application/octet-stream"}
    answer = contoso.patch(f"new_bankaccounts({row})/new_agreement", content, **headers)
    assert answer.status_code == 204, answer.text


def test_a_file_is_uploaded_in_a_single_request_and_downloaded(contoso: Organization, row: str) -> None:
    upload(contoso, row)
    answer = contoso.get(f"new_bankaccounts({row})/new_agreement/$value")
    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert answer.headers["x-ms-file-size"] == str(len(CONTENT))
    assert answer.headers["x-ms-file-name"] == "agreement.txt"
    assert answer.headers["mimetype"] == "text/plain"
    assert answer.headers["Access-Control-Expose-Headers"] == "x-ms-file-size; x-ms-file-name; mimetype"


def test_a_row_shows_the_files_id_and_name(contoso: Organization, row: str) -> None:
    upload(contoso, row)
    (found,) = contoso.rows("new_bankaccounts?$select=new_agreement,new_agreement_name")
    assert len(found["new_agreement"]) == 36
    assert found["new_agreement_name"] == "agreement.txt"
    assert contoso.rows("new_bankaccounts?$filter=new_agreement ne null")


def test_a_file_is_uploaded_in_chunks(contoso: Organization, row: str) -> None:
    address = f"new_bankaccounts({row})/new_agreement?x-ms-file-name=agreement%20%E2%82%AC.txt"
    begun = contoso.patch(address, b"", x_ms_transfer_mode="chunked")
    assert begun.status_code == 200
    assert begun.headers["Accept-Ranges"] == "bytes"
    assert begun.headers["x-ms-chunk-size"] == "4194304"
    assert begun.headers["Access-Control-Expose-Headers"] == "x-ms-chunk-size"
    session = begun.headers["Location"].partition("/api/data/v9.2/")[2]
    assert session.startswith(f"new_bankaccounts({row})/new_agreement?sessiontoken=")
    statuses = []
    for start in range(0, len(CONTENT), 4000):
        part = CONTENT[start : start + 4000]
        place = f"bytes {start}-{start + len(part) - 1}/{len(CONTENT)}"
        statuses.append(contoso.patch(session, part, Content_Range=place).status_code)
    assert statuses == [206, 206, 206, 204]
    answer = contoso.get(f"new_bankaccounts({row})/new_agreement/$value")
    assert answer.content == CONTENT
    assert contoso.row("new_bankaccounts", row)["new_agreement_name"] == "agreement €.txt"


def test_a_session_ends_with_its_last_chunk(contoso: Organization, row: str) -> None:
    begun = contoso.patch(
        f"new_bankaccounts({row})/new_agreement?x-ms-file-name=a.txt", b"", x_ms_transfer_mode="chunked"
    )
    session = begun.headers["Location"].partition("/api/data/v9.2/")[2]
    assert contoso.patch(session, b"abc", Content_Range="bytes 0-2/3").status_code == 204
    assert error(contoso.patch(session, b"abc", Content_Range="bytes 0-2/3")) == (400, "0x80040203")


def test_a_chunk_without_a_fitting_range_is_refused(contoso: Organization, row: str) -> None:
    begun = contoso.patch(
        f"new_bankaccounts({row})/new_agreement?x-ms-file-name=a.txt", b"", x_ms_transfer_mode="chunked"
    )
    session = begun.headers["Location"].partition("/api/data/v9.2/")[2]
    assert error(contoso.patch(session, b"abc")) == (400, "0x80040203")
    assert error(contoso.patch(session, b"abc", Content_Range="bytes 0-9/20")) == (400, "0x80040203")


def test_a_file_is_downloaded_in_chunks(contoso: Organization, row: str) -> None:
    upload(contoso, row)
    address = f"new_bankaccounts({row})/new_agreement/$value"
    first = contoso.get(address, Range="bytes=0-9999")
    assert first.status_code == 206
    assert first.headers["x-ms-file-size"] == str(len(CONTENT))
    assert first.headers["x-ms-chunk-size"] == "4194304"
    rest = contoso.get(address, Range=f"bytes=10000-{len(CONTENT) - 1}")
    assert first.content + rest.content == CONTENT


def test_a_file_over_the_columns_size_is_refused(contoso: Organization, row: str) -> None:
    answer = contoso.patch(
        f"new_bankaccounts({row})/new_agreement", b"x" * (100 * 1024 + 1), x_ms_file_name="a.bin"
    )
    assert error(answer) == (400, "0x80044a02")
    assert answer.json()["error"]["message"] == "Attachment file size is too big."


def test_the_columns_size_is_read_from_metadata(contoso: Organization, row: str) -> None:
    address = (
        f"{BANK}/Attributes(LogicalName='new_agreement')/{TYPE}FileAttributeMetadata?$select=MaxSizeInKB"
    )
    assert definition(contoso, address)["MaxSizeInKB"] == 100


def test_a_file_is_deleted_at_its_column(contoso: Organization, row: str) -> None:
    upload(contoso, row)
    assert contoso.call("DELETE", f"new_bankaccounts({row})/new_agreement").status_code == 204
    found = contoso.row("new_bankaccounts", row)
    assert (found["new_agreement"], found["new_agreement_name"]) == (None, None)
    assert error(contoso.get(f"new_bankaccounts({row})/new_agreement/$value")) == (404, "0x80040217")


def test_a_file_travels_in_blocks(contoso: Organization, row: str) -> None:
    target = {"new_bankaccountid": row, "@odata.type": f"{TYPE}new_bankaccount"}
    place = {"Target": target, "FileAttributeName": "new_agreement"}
    begun = contoso.post("InitializeFileBlocksUpload", place | {"FileName": "agreement.pdf"}).json()
    token = {"FileContinuationToken": begun["FileContinuationToken"]}
    ids = []
    for part in (CONTENT[:8000], CONTENT[8000:]):
        ids.append(base64.b64encode(f"block {len(ids)}".encode()).decode())
        block = {"BlockId": ids[-1], "BlockData": base64.b64encode(part).decode()} | token
        assert contoso.post("UploadBlock", block).status_code == 204
    done = {"FileName": "agreement.pdf", "MimeType": "application/pdf", "BlockList": ids} | token
    committed = contoso.post("CommitFileBlocksUpload", done).json()
    assert committed["FileSizeInBytes"] == len(CONTENT)
    opened = contoso.post("InitializeFileBlocksDownload", place).json()
    assert (opened["FileName"], opened["FileSizeInBytes"]) == ("agreement.pdf", len(CONTENT))
    assert opened["IsChunkingSupported"] is True
    wanted = {"Offset": 8000, "BlockLength": 4_194_304}
    block = contoso.post("DownloadBlock", wanted | {"FileContinuationToken": opened["FileContinuationToken"]})
    assert base64.b64decode(block.json()["Data"]) == CONTENT[8000:]
    assert contoso.post("DeleteFile", {"FileId": committed["FileId"]}).status_code == 204
    assert contoso.row("new_bankaccounts", row)["new_agreement"] is None


def test_blocks_that_were_not_uploaded_cannot_be_committed(contoso: Organization, row: str) -> None:
    target = {"new_bankaccountid": row, "@odata.type": f"{TYPE}new_bankaccount"}
    place = {"Target": target, "FileAttributeName": "new_agreement", "FileName": "a.txt"}
    token = contoso.post("InitializeFileBlocksUpload", place).json()["FileContinuationToken"]
    body = {"FileName": "a.txt", "MimeType": "", "BlockList": ["QQ=="], "FileContinuationToken": token}
    assert error(contoso.post("CommitFileBlocksUpload", body)) == (400, "0x80040203")


def test_files_go_with_their_row(contoso: Organization, row: str) -> None:
    upload(contoso, row)
    file_id = contoso.row("new_bankaccounts", row)["new_agreement"]
    contoso.call("DELETE", f"new_bankaccounts({row})")
    assert error(contoso.post("DeleteFile", {"FileId": file_id})) == (404, "0x80040217")


def test_a_body_cannot_set_a_file(contoso: Organization, row: str) -> None:
    assert contoso.patch(f"new_bankaccounts({row})", {"new_agreement_name": "other.txt"}).status_code == 204
    assert contoso.row("new_bankaccounts", row)["new_agreement_name"] is None


def test_whoever_may_not_write_the_row_may_not_upload(
    contoso: Organization, salesperson: Organization, row: str
) -> None:
    answer = salesperson.patch(f"new_bankaccounts({row})/new_agreement", b"x", x_ms_file_name="a.txt")
    assert error(answer) == (403, "0x80040220")
