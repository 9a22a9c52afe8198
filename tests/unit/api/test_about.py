import re

import pytest

from functions.about import routes
from functions.http import Api
from shared.domain.errors import Transient
from tests import callers
from tests.site import Site


class Storage:
    def __init__(self) -> None:
        self.asked = 0
        self.broken = False
        self.now = 0.0

    def answers(self) -> None:
        self.asked += 1
        if self.broken:
            raise Transient("storageUnavailable", "Wait.")


@pytest.fixture
def storage() -> Storage:
    return Storage()


@pytest.fixture
def site(storage: Storage) -> Site:
    nonces = iter(("n0nce-1", "n0nce-2", "n0nce-3"))
    about = routes.blueprint(
        Api(callers=callers.callers()),
        public_api_url="https://export.example/api",
        storage_answers=storage.answers,
        monotonic=lambda: storage.now,
        new_nonce=lambda: next(nonces),
    )
    return Site(about)


def test_the_service_is_well_while_its_storage_answers(site: Site) -> None:
    answer = site.call("GET", "/health")
    assert answer.status == 200
    assert answer.json["status"] == answer.json["storage"] == "ok"
    assert answer.json["version"]


def test_the_service_is_unavailable_while_its_storage_does_not_answer(site: Site, storage: Storage) -> None:
    storage.broken = True
    answer = site.call("GET", "/health")
    assert answer.status == 503
    assert answer.json["storage"] == "unavailable"


def test_storage_is_asked_at_most_once_in_five_seconds(site: Site, storage: Storage) -> None:
    for _ in range(10):
        site.call("GET", "/health")
    assert storage.asked == 1
    storage.broken = True
    storage.now = 5.0
    assert site.call("GET", "/health").status == 503
    assert storage.asked == 2


def test_the_page_loads_nothing_from_elsewhere(site: Site) -> None:
    page = site.call("GET", "/docs")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    html = page.content.decode()
    addresses = set(re.findall(r"""(?:https?:)?//[a-z][\w.-]+\.[a-z]+""", html)) - {"http://www.w3.org"}
    assert addresses == set()
    assert "{{" not in html


def test_the_script_of_the_page_runs_under_a_nonce_that_changes(site: Site) -> None:
    for nonce in ("n0nce-1", "n0nce-2"):
        page = site.call("GET", "/docs")
        policy = page.headers["Content-Security-Policy"]
        assert f"script-src 'nonce-{nonce}'" in policy
        assert "unsafe" not in policy
        html = page.content.decode()
        assert html.count(f'nonce="{nonce}"') == 2
        assert re.findall(r"<(?:script|style)(?![^>]*nonce)", html) == []
        assert re.findall(r"""<[^>]+\s(?:on\w+|style)=""", html) == []


def test_the_page_never_reads_an_answer_as_html(site: Site) -> None:
    html = site.call("GET", "/docs").content.decode()
    for unsafe in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert unsafe not in html
