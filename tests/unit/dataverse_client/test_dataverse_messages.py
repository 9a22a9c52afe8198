from decimal import Decimal
from typing import Any

import orjson
import pytest

from shared.dataverse import messages
from shared.dataverse.messages import DataverseRequest

LEAD = "4a5b6c7d-0000-5000-8000-000000000001"


def body_of(request: DataverseRequest) -> Any:
    assert request.body is not None
    return orjson.loads(request.body)


def test_create_posts_the_row_with_its_key() -> None:
    request = messages.create("leads", {"leadid": LEAD, "lastname": "Okafor"})
    assert (request.method, request.path) == ("POST", "/api/data/v9.2/leads")
    assert body_of(request) == {"leadid": LEAD, "lastname": "Okafor"}


def test_update_never_creates_a_row_that_was_deleted() -> None:
    request = messages.update("leads", LEAD, {"lastname": "Okafor"})
    assert (request.method, request.path) == ("PATCH", f"/api/data/v9.2/leads({LEAD})")
    assert request.headers["If-Match"] == "*"


def test_update_with_an_etag_needs_the_row_unchanged() -> None:
    request = messages.update("leads", LEAD, {"lastname": "Okafor"}, 'W/"470867"')
    assert request.headers["If-Match"] == 'W/"470867"'


def test_bulk_actions_name_the_type_of_every_target() -> None:
    rows = [{"leadid": LEAD, "lastname": "A"}, {"lastname": "B"}]
    create = messages.create_multiple("lead", "leads", rows)
    update = messages.update_multiple("lead", "leads", rows)
    assert create.path == "/api/data/v9.2/leads/Microsoft.Dynamics.CRM.CreateMultiple"
    assert update.path == "/api/data/v9.2/leads/Microsoft.Dynamics.CRM.UpdateMultiple"
    kind = "Microsoft.Dynamics.CRM.lead"
    assert body_of(create) == {"Targets": [{"@odata.type": kind, **row} for row in rows]}
    assert body_of(update) == body_of(create)


@pytest.mark.parametrize(
    ("request_", "repeatable"),
    [
        pytest.param(messages.who_am_i(), True, id="reads"),
        pytest.param(messages.query("leads", select=["leadid"]), True, id="queries"),
        pytest.param(messages.create("leads", {}), False, id="create"),
        pytest.param(messages.create_multiple("lead", "leads", [{}]), False, id="create multiple"),
        pytest.param(messages.update("leads", LEAD, {}), True, id="update to fixed values"),
        pytest.param(messages.update("leads", LEAD, {}, 'W/"1"'), False, id="update under an etag"),
        pytest.param(messages.update_multiple("lead", "leads", [{}]), True, id="update multiple"),
        pytest.param(messages.batch([messages.who_am_i()]), True, id="batch of reads"),
        pytest.param(messages.batch([messages.who_am_i(), messages.create("leads", {})]), False, id="batch"),
    ],
)
def test_only_what_does_no_harm_may_be_repeated(request_: DataverseRequest, repeatable: object) -> None:
    assert request_.repeatable is repeatable


def test_query_has_its_options_and_its_page_size() -> None:
    request = messages.query(
        "accounts",
        select=["accountid", "name"],
        where="name eq 'A & B'",
        order="createdon asc",
        page_size=250,
    )
    assert request.path == (
        "/api/data/v9.2/accounts?$select=accountid,name"
        "&$filter=name%20eq%20'A%20%26%20B'&$orderby=createdon%20asc"
    )
    assert request.headers == {"Prefer": "odata.maxpagesize=250"}


def test_batch_goes_on_after_an_error_unless_told_otherwise() -> None:
    part = messages.who_am_i()
    assert messages.batch([part]).headers["Prefer"] == "odata.continue-on-error"
    assert "Prefer" not in messages.batch([part], continue_on_error=False).headers


def test_a_batch_of_more_than_a_thousand_is_refused() -> None:
    with pytest.raises(ValueError, match="1000 requests, not 1001"):
        messages.batch([messages.who_am_i()] * 1_001)


def test_a_table_takes_one_cast_for_each_type_and_two_probes() -> None:
    paths = [request.path for request in messages.retrieve_columns("lead")]
    assert paths[0].startswith("/api/data/v9.2/EntityDefinitions(LogicalName='lead')?$select=")
    assert paths[1].startswith("/api/data/v9.2/EntityDefinitions(LogicalName='lead')/Attributes?$select=")
    casts = [path for path in paths if "AttributeMetadata?" in path]
    assert len(casts) == len(messages.CASTS) == 14
    assert [path[path.index("@message") :] for path in paths[-2:]] == [
        "@message='CreateMultiple'&@table='lead'",
        "@message='UpdateMultiple'&@table='lead'",
    ]


@pytest.mark.parametrize("number", ["12345678901234567.8901", "0.10", "100000000000000"])
def test_decimals_travel_with_all_their_digits(number: str) -> None:
    request = messages.create("accounts", {"revenue": Decimal(number)})
    assert request.body == b'{"revenue":' + number.encode() + b"}"


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), object()])
def test_values_without_a_json_form_are_named(value: object) -> None:
    with pytest.raises(TypeError) as caught:
        messages.create("accounts", {"revenue": value})
    assert type(value).__name__ in str(caught.value.__cause__ or caught.value)
