import http.client
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from running_host import RunningHost, running_host, wait_for

LIMIT = 30_000_000


@pytest.fixture(scope="module")
def host() -> Iterator[RunningHost]:
    with running_host(
        "web", FUNCTIONS_REQUEST_BODY_SIZE_LIMIT=str(LIMIT), PYTHON_THREADPOOL_THREAD_COUNT="4"
    ) as running:
        yield running


def seen_by_function(url: str, **request: Any) -> Any:
    return requests.post(url, timeout=60, **request).json()


def test_function_gets_method_headers_query_route_and_body(host: RunningHost) -> None:
    seen = seen_by_function(
        f"{host.url}/api/echo/Ada/x/y%2Fz?q=1&q=2&name=J%C3%BCrgen&empty=",
        data=b"body",
        headers={"X-Custom": "one", "Host": "export.contoso.example"},
    )
    assert seen["method"] == "POST"
    assert seen["body"] == "body"
    assert seen["headers"]["x-custom"] == "one"
    assert seen["params"] == {"q": "1,2", "name": "Jürgen"}
    assert seen["route"] == {"name": "Ada", "rest": "x/y%2Fz"}
    path = "/api/echo/Ada/x/y%2Fz?q=1&q=2&name=J%C3%BCrgen&empty="
    assert seen["url"] == f"http://export.contoso.example{path}"


def test_catch_all_parameter_may_be_absent(host: RunningHost) -> None:
    assert seen_by_function(f"{host.url}/api/echo/Ada")["route"] == {"name": "Ada"}


def test_routes_are_matched_whatever_their_case(host: RunningHost) -> None:
    assert requests.get(f"{host.url}/API/Things/Seven", timeout=60).text == "got Seven"


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("GET", "things/7", "got 7"),
        ("PATCH", "things/7", "put 7"),
        ("GET", "things/7/parts", "part all of 7"),
        ("GET", "things/7/parts/left", "part left of 7"),
    ],
)
def test_method_and_route_choose_the_function(host: RunningHost, method: str, path: str, answer: str) -> None:
    assert requests.request(method, f"{host.url}/api/{path}", timeout=60).text == answer


@pytest.mark.parametrize(
    "path", ["/", "/api", "/things/7", "/api/things", "/api/things/x/parts", "/api/echo/7"]
)
def test_path_without_function_answers_404(host: RunningHost, path: str) -> None:
    answer = requests.get(f"{host.url}{path}", timeout=60)
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("method", ["DELETE", "HEAD"])
def test_method_without_function_answers_405_and_names_the_others(host: RunningHost, method: str) -> None:
    answer = requests.request(method, f"{host.url}/api/things/7", timeout=60)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, OPTIONS, PATCH, PUT")


def test_preflight_is_the_apps_own_matter(host: RunningHost) -> None:
    answer = requests.options(f"{host.url}/api/things/7", timeout=60)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")


def test_head_runs_a_function_for_every_method_and_sends_no_body(host: RunningHost) -> None:
    answer = requests.head(f"{host.url}/api/text", timeout=60)
    assert (answer.status_code, answer.headers["Content-Length"], answer.content) == (200, "7", b"")


def test_answer_keeps_status_headers_cookies_and_bytes(host: RunningHost) -> None:
    answer = requests.post(f"{host.url}/api/answer", timeout=60)
    assert answer.status_code == 418
    assert answer.headers["X-One"] == "1"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.content == b"\x00\xff"
    cookies = answer.raw.headers.getlist("Set-Cookie")
    assert [cookie.split(";")[0] for cookie in cookies] == ["a=1", "b=2"]
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]


def test_204_has_neither_body_nor_length(host: RunningHost) -> None:
    answer = requests.delete(f"{host.url}/api/empty", timeout=60)
    assert answer.status_code == 204
    assert "Content-Length" not in answer.headers


def test_text_is_answered_as_utf_8(host: RunningHost) -> None:
    assert requests.get(f"{host.url}/api/text", timeout=60).text == "grüße"


@pytest.mark.parametrize("path", ["raises", "nothing", "bad-header"])
def test_failing_function_answers_500_with_an_empty_body(host: RunningHost, path: str) -> None:
    answer = requests.get(f"{host.url}/api/{path}", timeout=60)
    assert (answer.status_code, answer.content) == (500, b"")


def test_log_has_tracebacks_but_no_query_strings(host: RunningHost) -> None:
    requests.get(f"{host.url}/api/raises?secret=hunter2", timeout=60)
    wait_for(lambda: host.logged(r"raises \S+ failed \d+\.\d ms"))
    wait_for(lambda: host.logged("RuntimeError: boom in a function"))
    assert not host.logged("hunter2")


def test_log_has_one_line_for_each_invocation(host: RunningHost) -> None:
    asked = [requests.get(f"{host.url}/api/context", timeout=60).json()["id"] for _ in range(4)]
    wait_for(lambda: host.logged(f"with_context {asked[-1]} ok"))
    assert [len(host.logged(f"with_context {each} ok")) for each in asked] == [1] * 4


def test_large_body_arrives_whole(host: RunningHost) -> None:
    assert requests.post(f"{host.url}/api/size", data=b"x" * LIMIT, timeout=180).text == str(LIMIT)


def test_chunked_body_arrives_with_a_warning_that_azure_would_drop_it(host: RunningHost) -> None:
    answer = requests.post(f"{host.url}/api/size", data=iter([b"abc", b"def"]), timeout=60)
    assert answer.text == "6"
    wait_for(lambda: host.logged("without Content-Length"))


def test_body_over_the_limit_answers_413_before_it_is_sent(host: RunningHost) -> None:
    with socket.create_connection(("127.0.0.1", host.port), 60) as client:
        client.sendall(b"POST /api/size HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (LIMIT + 1))
        assert client.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_body_that_ends_early_runs_no_function(host: RunningHost) -> None:
    before = lines_so_far(host, "size")
    with socket.create_connection(("127.0.0.1", host.port), 60) as client:
        client.sendall(b"POST /api/size HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    assert lines_so_far(host, "size") == before


def lines_so_far(host: RunningHost, function: str) -> int:
    """How many lines the log has of a function, once it has those of every request until now."""
    last = requests.get(f"{host.url}/api/context", timeout=60).json()["id"]
    wait_for(lambda: host.logged(f"with_context {last} ok"))
    return len(host.logged(rf"{function} \S+"))


def test_synchronous_functions_run_at_the_same_time(host: RunningHost) -> None:
    with ThreadPoolExecutor(3) as pool:
        answers = list(
            pool.map(lambda _: requests.get(f"{host.url}/api/together", timeout=60).text, range(3))
        )
    assert answers == ["met"] * 3


def test_function_can_ask_for_its_context(host: RunningHost) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    seen = requests.get(f"{host.url}/api/context", headers={"traceparent": trace}, timeout=60).json()
    assert (seen["name"], seen["trace"], seen["retries"]) == ("with_context", trace, 0)
    assert seen["thread"] == seen["id"]
    wait_for(lambda: host.logged(f"with_context {seen['id']} ok"))


def test_admin_tells_that_the_host_runs(host: RunningHost) -> None:
    status = requests.get(f"{host.url}/admin/host/status", timeout=60).json()
    assert status["state"] == "Running"
    functions = requests.get(f"{host.url}/admin/functions", timeout=60).json()
    assert "get_thing" in {function["name"] for function in functions}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [("functions/unknown", "{}", 404), ("functions/text", "{}", 400), ("functions/text", "nonsense", 400)],
)
def test_admin_refuses_to_start_what_it_cannot(host: RunningHost, path: str, body: str, status: int) -> None:
    assert requests.post(f"{host.url}/admin/{path}", data=body, timeout=60).status_code == status


def test_connection_is_kept_between_requests(host: RunningHost) -> None:
    client = http.client.HTTPConnection("127.0.0.1", host.port, timeout=60)
    client.request("GET", "/api/text")
    client.getresponse().read()
    first = client.sock
    client.request("GET", "/api/text")
    assert client.getresponse().read() == "grüße".encode()
    assert client.sock is first
    client.close()


def test_sigterm_lets_a_request_finish_and_exits_0() -> None:
    with running_host("web") as ending, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(requests.get, f"{ending.url}/api/slow", timeout=60)
        wait_for(lambda: ending.logged("slow has begun"))
        assert ending.stop() == 0
        assert answer.result().text == "done"
