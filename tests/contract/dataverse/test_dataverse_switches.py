"""The page of switches: what its forms set, and what they refuse in words."""

import pytest
import requests
from running_dataverse import BRUNO, HOST, Answer, Organization, error
from test_dataverse_pages import page

HERE = f"?organization={HOST}"
RULES = {"bulk_lead": "on", "bulk_account": "on", "bulk_contact": "on", "duplicate_status": "500"}
RULES |= {"degree_of_parallelism": "4", "history_entries": "100"}


def send(
    organization: Organization, form: str, headers: dict[str, str] | None = None, /, **fields: str
) -> Answer:
    return organization.session.post(
        f"{organization.base}/view/_control/{form}",
        fields,
        headers=headers,
        timeout=60,
        allow_redirects=False,
    )


def submit(organization: Organization, form: str, /, **fields: str) -> str:
    """The page that a form leads to, which says what was done."""
    answer = send(organization, form, **fields)
    assert answer.status_code == 303, answer.text
    return page(organization, answer.headers["Location"])


def test_limits_are_set_and_counted_from_then_on(contoso: Organization) -> None:
    text = submit(
        contoso, "limits", requests="2", seconds="", concurrent="9", window="60", concurrency_retry_after="3"
    )
    assert "counting starts anew" in text
    wanted = {"requests": 2, "seconds": None, "concurrent": 9, "window": 60, "concurrency_retry_after": 3}
    assert contoso.control("GET", "limits" + HERE) == wanted
    assert [contoso.get("WhoAmI").status_code for _ in range(3)] == [200, 200, 429]
    submit(contoso, "limits", usual="1")
    assert contoso.control("GET", "limits" + HERE)["requests"] == 6000
    assert contoso.get("WhoAmI").status_code == 200


def test_latency_is_given_in_milliseconds(contoso: Organization) -> None:
    submit(contoso, "latency", request="20", record="1.5")
    assert contoso.control("GET", "latency" + HERE) == {"request": 0.02, "record": 0.0015}


def test_a_fault_is_ordered_shown_and_cleared(contoso: Organization) -> None:
    text = submit(
        contoso,
        "fault",
        action="status",
        method="POST",
        path="leads",
        times="2",
        status="500",
        code="0x80044151",
    )
    assert "0x80044151" in text
    assert error(contoso.post("leads", {"lastname": "x"})) == (500, "0x80044151")
    submit(contoso, "faults-cleared")
    assert contoso.control("GET", "faults" + HERE) == []


def test_a_usual_fault_is_one_button(contoso: Organization) -> None:
    submit(contoso, "preset", which="throttled", path="leads")
    answer = contoso.get("leads")
    assert error(answer) == (429, "0x80072322")
    assert answer.headers["Retry-After"] == "5"
    submit(contoso, "preset", which="after")
    with pytest.raises(requests.ConnectionError):
        contoso.post("accounts", {"name": "x"})
    assert len(contoso.rows("accounts")) == 1


def test_a_user_is_disabled_and_gets_another_role(contoso: Organization, salesperson: Organization) -> None:
    submit(contoso, "user", key=BRUNO, role="Salesperson")
    assert error(salesperson.get("leads")) == (403, "0x80040225")
    submit(contoso, "user", key=BRUNO, role="", enabled="on")
    assert error(salesperson.get("leads")) == (403, "0x80042F09")
    submit(contoso, "user", key=BRUNO, role="Read only", enabled="on")
    assert salesperson.get("leads").status_code == 200
    assert error(salesperson.post("leads", {"lastname": "x"})) == (403, "0x80040220")


def test_rules_decide_about_closed_leads_bulk_actions_and_duplicates(contoso: Organization) -> None:
    row_id = contoso.create("leads", lastname="x", statecode=2)
    assert error(contoso.patch(f"leads({row_id})", {"jobtitle": "y"})) == (400, "0x8004022E")
    submit(contoso, "rules", **{name: value for name, value in RULES.items() if name != "bulk_account"})
    assert contoso.patch(f"leads({row_id})", {"jobtitle": "y"}).status_code == 204
    assert error(contoso.bulk("account", "CreateMultiple", [{"name": "x"}])) == (400, "0x80100008")
    submit(contoso, "rules", **RULES, read_only_leads="on")
    assert contoso.bulk("account", "CreateMultiple", [{"name": "x"}]).status_code == 200
    assert contoso.control("GET", "settings" + HERE)["read_only_leads"] is True


def test_a_reset_asks_for_a_confirmation(contoso: Organization) -> None:
    contoso.create("leads", lastname="x")
    answer = send(contoso, "reset")
    assert answer.status_code == 400
    assert "Tick the box first" in answer.text
    assert len(contoso.rows("leads")) == 1
    submit(contoso, "reset", confirmed="on")
    assert contoso.rows("leads") == []


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("limits", {"requests": "many"}, "Requests has to be a whole number"),
        ("limits", {"window": "0"}, "Window has to be a whole number from 1"),
        ("latency", {"request": "-1"}, "Each request has to be a number of 0 or more"),
        ("latency", {"request": "nan"}, "Each request has to be a number of 0 or more"),
        ("fault", {"action": "explode"}, "action is one of"),
        ("fault", {"action": "status", "status": "200"}, "Status has to be a whole number from 400"),
        ("preset", {"which": "x"}, "no such usual fault"),
        ("user", {"key": "x"}, "no longer here"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_set_is_told_in_words(
    contoso: Organization, action: str, fields: dict[str, str], words: str
) -> None:
    before = contoso.control("GET", "limits" + HERE), contoso.control("GET", "latency" + HERE)
    answer = send(contoso, action, **fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert (contoso.control("GET", "limits" + HERE), contoso.control("GET", "latency" + HERE)) == before


def test_there_are_no_other_switches(contoso: Organization) -> None:
    assert send(contoso, "explode").status_code == 404


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_forms_of_other_sites_change_nothing(contoso: Organization, headers: dict[str, str]) -> None:
    contoso.create("leads", lastname="x")
    assert send(contoso, "reset", headers, confirmed="on").status_code == 403
    assert len(contoso.rows("leads")) == 1


def test_a_form_of_the_page_itself_is_taken(contoso: Organization) -> None:
    headers = {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}
    assert send(contoso, "latency", headers, request="1").status_code == 303


def test_ordered_faults_are_seen_on_every_page(contoso: Organization) -> None:
    assert "faults ordered" not in page(contoso, "/")
    submit(contoso, "preset", which="late")
    assert '<span class="badge">1<' in page(contoso, "/")
