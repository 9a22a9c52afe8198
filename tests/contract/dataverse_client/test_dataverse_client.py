import gzip
import json
import logging
from typing import Any

import pytest
import requests
from dataverse_organizations import CONTOSO, NOW, Answer, Play, client_of, token

from shared.dataverse import messages
from shared.dataverse.client import DataverseClient, DataverseResponse
from shared.dataverse.queries import MAX_PAGES, read_rows
from shared.dataverse.refusals import Uncertain
from shared.domain.errors import NeedsUser, RecordRejected, ServiceError, Transient
from shared.transport import session

OK = Answer(200, {"Content-Type": "application/json"}, b'{"value":[]}')
CREATE = messages.create("leads", {"leadid": "1"})
READ = messages.who_am_i()


def refusal(status: int, code: str, **headers: str) -> Answer:
    body = json.dumps({"error": {"code": code, "message": ""}}).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def batch_answer(*parts: bytes, closed: bool = True) -> Answer:
    lines = b"".join(b"--b\r\nContent-Type: application/http\r\n\r\n" + part + b"\r\n" for part in parts)
    return Answer(
        200, {"Content-Type": "multipart/mixed; boundary=b"}, lines + (b"--b--\r\n" if closed else b"")
    )


def rows_answer(**page: Any) -> Answer:
    return batch_answer(b"HTTP/1.1 200 OK\r\n\r\n" + json.dumps({"value": [], **page}).encode())


def failure(client: DataverseClient, request: messages.DataverseRequest) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        client.send(request)
    return caught.value


def test_a_request_carries_the_token_and_the_standard_headers(organization: Play) -> None:
    served = organization(OK)
    served.client().send(READ)
    (asked,) = served.asked
    assert asked.path == "/api/data/v9.2/WhoAmI"
    wanted = {
        "Host": "contoso.crm4.dynamics.com",
        "Authorization": "Bearer test-token",
        "OData-Version": "4.0",
        "OData-MaxVersion": "4.0",
        "Accept": "application/json",
        "If-None-Match": "null",
    }
    assert {name: asked.headers.get(name) for name in wanted} == wanted


def test_a_refused_token_is_refreshed_once_and_the_request_sent_again(organization: Play) -> None:
    served = organization(Answer(401), OK)
    client = served.client(token=lambda fresh: "new" if fresh else "old")
    assert client.send(CREATE).status == 200
    assert [asked.headers["Authorization"] for asked in served.asked] == ["Bearer old", "Bearer new"]


def test_a_token_that_stays_refused_needs_the_user(organization: Play) -> None:
    served = organization(Answer(401))
    error = failure(served.client(), READ)
    assert isinstance(error, NeedsUser)
    assert error.code == "signInAgain"
    assert len(served.asked) == 2


def test_throttling_is_reported_with_its_wait_and_never_slept_on(organization: Play) -> None:
    served = organization(refusal(429, "0x80072322", Retry_After="23"))
    pauses: list[int] = []
    client = served.client(pause=pauses.append)
    error = failure(client, READ)
    assert isinstance(error, Transient)
    assert (error.code, error.retry_after) == ("throttled", 23.0)
    assert (pauses, len(served.asked), client.requests.throttled) == ([], 1, 1)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_repeatable_request_is_tried_three_times_through_a_bad_gateway(
    organization: Play, status: int
) -> None:
    pauses: list[int] = []
    served = organization(Answer(status), Answer(status), OK)
    assert served.client(pause=pauses.append).send(READ).status == 200
    assert pauses == [1, 2]
    error = failure(organization(Answer(status)).client(), READ)
    assert type(error) is Transient


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_write_through_a_bad_gateway_is_sent_once_and_uncertain(organization: Play, status: int) -> None:
    served = organization(Answer(status, {"Retry-After": "7"}))
    error = failure(served.client(), CREATE)
    assert isinstance(error, Uncertain)
    assert error.retry_after == 7
    assert len(served.asked) == 1


@pytest.mark.parametrize(
    "lost", [Answer(vanish=True), Answer(200, {}, b"x" * 100, cut=10)], ids=["gone", "cut"]
)
def test_a_lost_answer_to_a_write_is_uncertain(organization: Play, lost: Answer) -> None:
    served = organization(lost)
    assert isinstance(failure(served.client(), CREATE), Uncertain)
    assert len(served.asked) == 1


@pytest.mark.parametrize(
    "lost", [Answer(vanish=True), Answer(200, {}, b"x" * 100, cut=10)], ids=["gone", "cut"]
)
def test_a_lost_answer_to_a_read_is_asked_for_again(organization: Play, lost: Answer) -> None:
    served = organization(lost, lost, OK)
    assert served.client().send(READ).body == OK.body
    assert type(failure(organization(lost).client(), READ)) is Transient


def test_where_nobody_listens_even_a_write_is_tried_again_and_is_not_uncertain() -> None:
    pauses: list[int] = []
    client = client_of("http://127.0.0.1:9", pause=pauses.append)
    error = failure(client, CREATE)
    assert type(error) is Transient
    assert error.code == "dynamicsUnavailable"
    assert pauses == [1, 2]


def test_a_redirect_is_not_followed(organization: Play) -> None:
    served = organization(Answer(302, {"Location": "https://evil.example/"}))
    error = failure(served.client(), READ)
    assert (type(error), error.code) == (NeedsUser, "organizationMoved")
    assert len(served.asked) == 1


def test_hints_and_remaining_limits_of_the_last_answer_are_remembered(organization: Play) -> None:
    limits = {
        "x-ms-dop-hint": "4",
        "x-ms-ratelimit-burst-remaining-xrm-requests": "5998",
        "x-ms-ratelimit-time-remaining-xrm-requests": "1,199.5",
    }
    client = organization(Answer(200, limits, b"{}"), Answer(200, {"x-ms-dop-hint": "many"}, b"{}")).client()
    client.send(READ)
    client.send(READ)
    allowance = client.allowance
    assert (allowance.parallelism, allowance.requests_left, allowance.time_left) == (4, 5998, 1199.5)
    assert 0 < allowance.took <= client.requests.seconds
    assert client.requests.requests == 2
    assert client.requests.seconds > 0


def test_large_bodies_are_compressed_when_asked_for(organization: Play) -> None:
    served = organization(Answer(204))
    served.client(compress=True).send(messages.create("leads", {"description": "x" * 20_000}))
    (asked,) = served.asked
    assert asked.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(asked.body)) == {"description": "x" * 20_000}


def test_a_batch_answers_each_part_in_order(organization: Play) -> None:
    exists = b'HTTP/1.1 412 Precondition Failed\r\n\r\n{"error":{"code":"0x80040237","message":""}}'
    served = organization(batch_answer(b"HTTP/1.1 204 No Content\r\n\r\n", exists))
    first, second = served.client().batch([CREATE, CREATE])
    assert isinstance(first, DataverseResponse)
    assert isinstance(second, RecordRejected)
    assert second.code == "recordExists"
    assert served.asked[0].headers["Prefer"] == "odata.continue-on-error"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(batch_answer(b"HTTP/1.1 204 No Content\r\n\r\n"), id="a part is missing"),
        pytest.param(
            batch_answer(*[b"HTTP/1.1 204 No Content\r\n\r\n"] * 2, closed=False), id="the end is missing"
        ),
        pytest.param(Answer(200, {"Content-Type": "text/html"}, b"<html>"), id="no multipart"),
    ],
)
def test_an_incomplete_answer_to_a_batch_is_uncertain_for_writes(organization: Play, answer: Answer) -> None:
    client = organization(answer).client()
    with pytest.raises(Uncertain):
        client.batch([CREATE, CREATE])
    with pytest.raises(Transient) as caught:
        client.batch([READ, READ])
    assert type(caught.value) is Transient


def test_an_empty_batch_asks_nothing(organization: Play) -> None:
    served = organization(OK)
    assert served.client().batch([]) == []
    assert served.asked == []


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/api/data/v9.2/leads?$skiptoken=1",
        "http://contoso.crm4.dynamics.com/api/data/v9.2/leads",
        "https://fabrikam.crm4.dynamics.com/api/data/v9.2/leads",
    ],
)
def test_the_next_page_of_another_host_is_refused(organization: Play, link: str) -> None:
    served = organization(rows_answer(**{"@odata.nextLink": link}))
    with pytest.raises(NeedsUser) as caught:
        read_rows(served.client(), [messages.query("leads", select=["leadid"])])
    assert caught.value.code == "foreignLink"
    assert len(served.asked) == 1


def test_pages_without_an_end_are_given_up(organization: Play) -> None:
    served = organization(rows_answer(**{"@odata.nextLink": f"{CONTOSO}/api/data/v9.2/leads?$skiptoken=1"}))
    with pytest.raises(Transient):
        read_rows(served.client(), [messages.query("leads", select=["leadid"])])
    assert len(served.asked) == MAX_PAGES


def test_an_answer_that_is_no_json_is_transient(organization: Play) -> None:
    response = organization(Answer(200, {}, b"<html>")).client().send(READ)
    with pytest.raises(Transient):
        response.json()


def test_failures_are_logged_with_the_request_id_and_without_secrets(
    organization: Play, caplog: pytest.LogCaptureFixture
) -> None:
    served = organization(refusal(400, "0x80040203", x_ms_service_request_id="5d2a"))
    request = messages.query("leads", select=["leadid"], where="emailaddress1 eq 'ada@contoso.example'")
    with caplog.at_level(logging.WARNING):
        failure(served.client(token=lambda _: "canary-token"), request)
    assert "5d2a" in caplog.text
    assert "/api/data/v9.2/leads" in caplog.text
    assert not any(secret in caplog.text for secret in ("canary-token", "emailaddress1", "ada@"))


def test_a_session_for_one_machine_refuses_to_leave_it(organization: Play) -> None:
    served = organization(OK)
    client = DataverseClient(
        session({"login.microsoftonline.com": served.url}, pool_size=1),
        CONTOSO,
        token,
        clock=lambda: NOW,
    )
    with pytest.raises(requests.exceptions.InvalidURL, match="LOCAL_REROUTE"):
        client.send(READ)
    assert served.asked == []
