"""Service protection limits, latency and faults, as tests set them."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from running_dataverse import BRUNO, HOST, Directory, Organization, error

HERE = f"?organization={HOST}"


def test_answers_tell_what_is_left(contoso: Organization) -> None:
    # "Service protection API limits"
    first = contoso.get("WhoAmI").headers
    second = contoso.get("WhoAmI").headers
    name = "x-ms-ratelimit-burst-remaining-xrm-requests"
    assert (int(first[name]), int(second[name])) == (5999, 5998)
    assert first["x-ms-ratelimit-time-remaining-xrm-requests"].startswith("1,")


def test_too_many_requests_are_refused_until_the_window_has_passed(
    contoso: Organization, salesperson: Organization
) -> None:
    contoso.control("PUT", "limits" + HERE, {"requests": 3})
    for _ in range(3):
        assert contoso.get("WhoAmI").status_code == 200
    answer = contoso.get("WhoAmI")
    assert error(answer) == (429, "0x80072322")
    message = "Number of requests exceeded the limit of 3 over time window of 300 seconds."
    assert answer.json()["error"]["message"] == message
    assert 290 <= int(answer.headers["Retry-After"]) <= 300
    assert salesperson.get("WhoAmI").status_code == 200
    contoso.control("PUT", "clock", {"advance": 301})
    assert contoso.get("WhoAmI").status_code == 200
    assert contoso.control("GET", "stats" + HERE)["throttled"] == 1


def test_insisting_makes_the_wait_longer(contoso: Organization) -> None:
    contoso.control("PUT", "limits" + HERE, {"requests": 1, "window": 100})
    contoso.get("WhoAmI")
    waits = [refused_for(contoso) for _ in range(10)]
    assert max(told for told, _ in waits) == 100
    contoso.control("PUT", "clock", {"advance": 50})
    (first, first_end), *_, (_, last_end) = [refused_for(contoso) for _ in range(5)]
    assert 50 < first <= 60
    assert last_end - first_end >= 3  # each try a second later; one is lost to the rounding of the answers


def refused_for(contoso: Organization) -> tuple[int, float]:
    """The seconds that an answer tells, and when they will have passed."""
    told = int(contoso.get("WhoAmI").headers["Retry-After"])
    return told, time.monotonic() + told


def test_execution_time_is_limited(contoso: Organization) -> None:
    contoso.control("PUT", "limits" + HERE, {"seconds": 0.1})
    contoso.control("PUT", "latency" + HERE, {"request": 0.15})
    assert contoso.get("WhoAmI").status_code == 200
    answer = contoso.get("WhoAmI")
    assert error(answer) == (429, "0x80072321")
    assert "exceeded limit of 100  milliseconds over time window of 300 seconds." in answer.text


def test_requests_at_once_are_limited(contoso: Organization) -> None:
    contoso.control("PUT", "limits" + HERE, {"concurrent": 2, "concurrency_retry_after": 7})
    # A busy machine may need a while until all four are there.
    tries = (refused_of_four(contoso, seconds) for seconds in (0.4, 2, 10))
    refused = next(each for each in tries if len(each) == 2)
    assert error(refused[0]) == (429, "0x80072326")
    assert refused[0].json()["error"]["message"] == "Number of concurrent requests exceeded the limit of 2."
    assert refused[0].headers["Retry-After"] == "7"
    assert contoso.get("WhoAmI").status_code == 200


def refused_of_four(contoso: Organization, seconds: float) -> list[requests.Response]:
    """Those of four requests at once that are refused, where each takes so long."""
    contoso.control("PUT", "latency" + HERE, {"request": seconds})
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: contoso.get("WhoAmI"), range(4)))
    return [one for one in answers if one.status_code == 429]


def test_a_limit_can_be_switched_off(contoso: Organization) -> None:
    contoso.control("PUT", "limits" + HERE, {"requests": None})
    assert "x-ms-ratelimit-burst-remaining-xrm-requests" not in contoso.get("WhoAmI").headers


def test_latency_counts_requests_and_records(contoso: Organization) -> None:
    contoso.control("PUT", "latency" + HERE, {"request": 0.05, "record": 0.01})
    started = time.perf_counter()
    contoso.bulk("lead", "CreateMultiple", [{"lastname": str(number)} for number in range(20)])
    assert time.perf_counter() - started >= 0.25


def test_a_fault_answers_with_its_status_and_then_lets_pass(contoso: Organization) -> None:
    fault = {"action": "status", "method": "POST", "path": "leads", "after": 1, "times": 2, "status": 503}
    contoso.control("POST", "faults" + HERE, fault | {"code": "0x80040216", "retryAfter": 9})
    statuses = [contoso.post("leads", {"lastname": str(number)}).status_code for number in range(5)]
    assert statuses == [204, 503, 503, 204, 204]
    assert contoso.control("GET", "faults" + HERE) == []
    assert sorted(row["lastname"] for row in contoso.rows("leads")) == ["0", "3", "4"]


@pytest.mark.parametrize(("action", "there"), [("dropBefore", 0), ("dropAfter", 1)])
def test_a_connection_ends_before_or_after_the_write(contoso: Organization, action: str, there: int) -> None:
    contoso.control("POST", "faults" + HERE, {"action": action, "path": "CreateMultiple"})
    with pytest.raises(requests.ConnectionError):
        contoso.bulk("lead", "CreateMultiple", [{"lastname": "x"}])
    assert len(contoso.rows("leads")) == there
    assert contoso.control("GET", "stats" + HERE)["byStatus"]["0"] == 1


def test_an_answer_may_come_late_or_never(contoso: Organization) -> None:
    contoso.control("POST", "faults" + HERE, [{"action": "delay", "seconds": 0.2}, {"action": "timeout"}])
    started = time.perf_counter()
    assert contoso.get("WhoAmI").status_code == 200
    assert time.perf_counter() - started >= 0.2
    with pytest.raises(requests.Timeout):
        contoso.session.get(f"{contoso.base}/api/data/v9.2/WhoAmI", timeout=0.3)


def test_a_fault_that_cannot_be_read_says_why(contoso: Organization) -> None:
    answer = contoso.session.post(f"{contoso.base}/_emulator/faults", json={"action": "explode"}, timeout=60)
    assert answer.status_code == 400
    assert "dropBefore" in answer.json()["message"]


def test_the_journal_tells_requests_without_values(contoso: Organization, directory: Directory) -> None:
    contoso.get("leads?$select=lastname&$filter=emailaddress1 eq 'secret@x.example'")
    contoso.get("accounts(name='secret')")
    Organization(contoso.base, directory.token(BRUNO)).post("leads", {"lastname": "secret"})
    journal = contoso.control("GET", "journal" + HERE)
    assert "secret" not in str(journal)
    assert [(one["method"], one["status"]) for one in journal] == [("GET", 200), ("GET", 400), ("POST", 204)]
    stats = contoso.control("GET", "stats" + HERE)
    assert stats["requests"] == 3
    assert stats["byShape"]["GET /api/data/v9.2/leads"] == 1
    assert stats["records"] == 1
