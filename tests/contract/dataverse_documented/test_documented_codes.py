"""Each error code of the list is provoked by an exchange, and each provoked code is in the list."""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from documented_exchange import exchanges
from documented_subject import Subject

CODES: dict[str, str] = tomllib.loads(Path(__file__).with_name("codes.toml").read_text(encoding="utf-8"))[
    "codes"
]
CONCURRENCY = "0x80072326"  # takes two requests at once, which no single exchange can send


def provoked() -> set[str]:
    return {one.code for one in exchanges() if one.code is not None} | {CONCURRENCY}


def test_every_code_of_the_list_is_provoked() -> None:
    assert sorted(CODES.keys() - provoked()) == []


def test_every_provoked_code_is_documented() -> None:
    undocumented = {"0x80040315", "0x80040239", "0x8004203E", "0x8004022E", "0x8004430C"}
    assert sorted(provoked() - CODES.keys() - undocumented) == []


def answers_at_once(subject: Subject, seconds: float) -> list[requests.Response]:
    """Those to three requests that take so long each, ordered by status."""
    subject.control(f'PUT latency {{"request": {seconds}}}')
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: subject.send("GET WhoAmI", "", {}), range(3)))
    return sorted(answers, key=lambda one: one.status_code)


def test_too_many_requests_at_once(subject: Subject) -> None:
    """api-limits.md, "Concurrent requests"."""
    if not subject.host:
        pytest.skip("needs the emulator's control surface")
    subject.control('PUT limits {"concurrent": 1}')
    # A busy machine may need a while until all three are there.
    tries = (answers_at_once(subject, seconds) for seconds in (0.4, 2, 10))
    wanted = [200, 429, 429]
    answers = next(each for each in tries if [one.status_code for one in each] == wanted)
    refused = answers[-1]
    assert refused.json()["error"] == {
        "code": CONCURRENCY,
        "message": "Number of concurrent requests exceeded the limit of 1.",
    }
    assert int(refused.headers["Retry-After"]) > 0
