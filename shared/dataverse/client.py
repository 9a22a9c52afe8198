"""Sends requests to one organization's Web API and turns what goes wrong into errors of ours."""

import gzip
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import requests

from shared import log, telemetry
from shared.dataverse import messages, multipart, refusals
from shared.dataverse.errors import raised, service_error
from shared.dataverse.lost import LOST, never_sent, timed_out
from shared.dataverse.messages import DataverseRequest
from shared.dataverse.refusals import Refusal, Uncertain
from shared.dataverse.slots import Slots
from shared.dataverse.traffic import Allowance, Usage
from shared.domain.errors import RecordRejected, ServiceError, Transient
from shared.domain.organization import OrganizationUrl

ATTEMPTS = 3
_OPEN = nullcontext()

Clock = Callable[[], datetime]

_CACHED, _FRESH = False, True
_STANDARD = {"OData-MaxVersion": "4.0", "OData-Version": "4.0", "Accept": "application/json"}
_GATEWAY = frozenset({502, 503, 504})
_REQUEST_IDS = ("x-ms-service-request-id", "req_id", "x-ms-request-id")
# Below this, compressing costs more than it saves.
_WORTH_COMPRESSING = 8_192


@dataclass(frozen=True, slots=True)
class DataverseResponse:
    """An answer that is no error. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; Transient where it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise raised(refusals.FAULT, detail=f"HTTP {self.status}, the body is no JSON") from error


def short_pause(attempt: int) -> None:
    """Waits between two attempts, a random time so that several workers do not come back at once."""
    time.sleep(attempt * random.uniform(0.1, 0.5))  # noqa: S311 - jitter is no secret


def _nothing() -> None:
    """Goes on in any case."""


class DataverseClient:
    """One organization, on behalf of whoever the token names. May be used by several threads.

    `token` answers an access token; its argument asks for one that is fresh from Entra ID. `slots`
    bound how many requests are under way at once.
    """

    def __init__(
        self,
        session: requests.Session,
        organization: OrganizationUrl,
        token: Callable[[bool], str],
        *,
        clock: Clock,
        pause: Callable[[int], None] = short_pause,
        compress: bool = False,
        slots: Slots | None = None,
    ) -> None:
        self.organization = organization
        self.clock = clock
        self.requests = Usage()
        self._session = session
        self._token = token
        self._pause = pause
        self._compress = compress
        self._slots = slots
        self._ask: Callable[[], None] = _nothing

    @property
    def spare(self) -> int:
        """How many more requests could be under way now; none where nobody counts them."""
        return self._slots.spare(self.allowance.parallelism) if self._slots else 0

    @property
    def allowance(self) -> Allowance:
        """What the organization's last answer said."""
        return self.requests.allowance

    def asking(self, ask: Callable[[], None]) -> "DataverseClient":
        """The same client, which asks before each request and is stopped by what that raises."""
        asking = copy(self)
        asking._ask = ask  # noqa: SLF001 - its own kind
        return asking

    def send(self, request: DataverseRequest) -> DataverseResponse:
        """The answer to a request that succeeded; else NeedsUser, Transient or RecordRejected.

        Uncertain where a request that may not be repeated was sent and its answer got lost.
        """
        response = self._exchange(request, self._token(_CACHED))
        if response.status == 401:
            response = self._exchange(request, self._token(_FRESH))
        if response.status >= 300:
            raise self._refused(request, response)
        return response

    def batch(self, parts: Sequence[DataverseRequest]) -> list[DataverseResponse | ServiceError]:
        """The answers to at most 1,000 requests that travel as one, in their order, errors among them.

        An error of the whole is raised; Uncertain where not every part has an answer.
        """
        if not parts:
            return []
        request = messages.batch(parts)
        try:
            response = self.send(request)
        except RecordRejected as error:
            raise ValueError(f"Dataverse cannot read the $batch: {error.detail}.") from error
        try:
            answers = multipart.read(response.headers.get("content-type", ""), response.body)
        except multipart.BrokenAnswer as error:
            raise self._lost(request, refusals.FAULT, str(error)) from error
        if len(answers) != len(parts):
            problem = f"{len(answers)} answers to {len(parts)} parts"
            raise self._lost(request, refusals.FAULT, problem)
        return self._outcomes(answers, _request_id(response.headers))

    def _exchange(self, request: DataverseRequest, token: str) -> DataverseResponse:
        attempt = 0
        while True:
            attempt += 1
            try:
                response = self._once(request, token)
            except LOST as error:
                harmless = never_sent(error) or (request.repeatable and not timed_out(error))
                if attempt == ATTEMPTS or not harmless:
                    raise self._unanswered(request, error) from error
            else:
                harmless = request.repeatable and response.status in _GATEWAY
                if attempt == ATTEMPTS or not harmless:
                    return response
            self._pause(attempt)

    def _once(self, request: DataverseRequest, token: str) -> DataverseResponse:
        headers = {**_STANDARD, **request.headers, "Authorization": f"Bearer {token}"}
        body = request.body
        if request.method == "GET":
            headers["If-None-Match"] = "null"  # "Compose HTTP requests": defeats caches on the way
        if self._compress and body is not None and len(body) >= _WORTH_COMPRESSING:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, 1, mtime=0)
        with self._slots or _OPEN:
            self._ask()
            answer, seconds = self._answer(request.method, request.path, headers, body)
        response = DataverseResponse(
            answer.status_code,
            {name.lower(): value for name, value in answer.headers.items()},
            answer.content,
        )
        self.requests.allowance = self.allowance.updated(response.headers, seconds)
        return response

    def _answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[requests.Response, float]:
        """The answer, and the seconds that it took."""
        started = time.perf_counter()
        self.requests.requests += 1
        try:
            answer = self._session.request(method, f"{self.organization}{path}", headers=headers, data=body)
        finally:
            seconds = time.perf_counter() - started
            self.requests.seconds += seconds
        return answer, seconds

    def _refused(self, request: DataverseRequest, response: DataverseResponse) -> ServiceError:
        request_id = _request_id(response.headers)
        error = service_error(
            response.status, response.headers, response.body, now=self.clock(), request_id=request_id
        )
        if error.code == refusals.THROTTLED.code:
            self._throttled()
        self._note("request refused", request, error, request_id)
        if response.status in _GATEWAY and not request.repeatable and isinstance(error, Transient):
            return Uncertain(error.code, error.message, retry_after=error.retry_after, detail=error.detail)
        return error

    def _throttled(self) -> None:
        self.requests.throttled += 1
        telemetry.measure(telemetry.Metric.THROTTLED, host=self.organization.host)

    def _unanswered(self, request: DataverseRequest, error: Exception) -> ServiceError:
        name = type(error).__name__
        if never_sent(error):
            unreachable = raised(refusals.UNAVAILABLE, detail=f"not sent: {name}")
            self._note("organization unreachable", request, unreachable, "")
            return unreachable
        refusal = refusals.TIMED_OUT if timed_out(error) else refusals.UNAVAILABLE
        return self._lost(request, refusal, name)

    def _lost(self, request: DataverseRequest, refusal: Refusal, problem: str) -> ServiceError:
        detail = f"no usable answer: {problem}"
        error = raised(refusal, detail=detail)
        if not request.repeatable:
            error = Uncertain(refusal.code, refusal.message, detail=detail)
        self._note("answer lost", request, error, "")
        return error

    def _note(self, event: str, request: DataverseRequest, error: ServiceError, request_id: str) -> None:
        path = request.path.partition("?")[0].partition("(")[0]
        log.warning(
            event,
            organization=self.organization.host,
            method=request.method,
            path=path,
            problem=error.code,
            detail=error.detail,
            service_request_id=request_id,
        )

    def _outcomes(
        self, answers: Sequence[multipart.PartAnswer], request_id: str
    ) -> list[DataverseResponse | ServiceError]:
        now = self.clock()
        outcomes: list[DataverseResponse | ServiceError] = []
        refused: Counter[str] = Counter()
        for answer in answers:
            if answer.status < 300:
                outcomes.append(DataverseResponse(answer.status, answer.headers, answer.body))
                continue
            own_id = _request_id(answer.headers) or request_id
            error = service_error(answer.status, answer.headers, answer.body, now=now, request_id=own_id)
            refused[error.code] += 1
            outcomes.append(error)
        if refused[refusals.THROTTLED.code]:
            self._throttled()
        if refused:
            log.warning(
                "batch parts refused",
                organization=self.organization.host,
                parts=len(answers),
                problems=dict(refused),
                service_request_id=request_id,
            )
        return outcomes


def _request_id(headers: Mapping[str, str]) -> str:
    return next((headers[name] for name in _REQUEST_IDS if name in headers), "")
