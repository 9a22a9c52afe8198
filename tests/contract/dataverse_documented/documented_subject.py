"""Who answers the documented exchanges: the emulator, or a real organization that the environment names."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from documented_exchange import Exchange, differences, filled, matches, parsed

API = "/api/data/v9.2/"
STEP = re.compile(r"(?:(\w+) = )?(\w+) (\S.*?)(?: (\{.*\}))?(?: -> (.+))?", re.DOTALL)
ROW = re.compile(r"([a-z]+)\(([0-9a-f-]{36})\)")


@dataclass
class Subject:
    """An organization behind an address, with the tokens of the people in the exchanges."""

    base: str
    root: str
    tokens: Mapping[str, str]
    host: str = ""
    names: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    def perform(self, exchange: Exchange) -> None:
        """Sends what the exchange sends, and sees that everything is answered as it says."""
        self.names = {"root": self.root + API.rstrip("/"), "tag": uuid.uuid4().hex[:12]}
        self.names |= {"missing": str(uuid.uuid4()), "fresh": str(uuid.uuid4()), "url": self.root}
        for step in exchange.given:
            self.step(step)
        answer = self.send(exchange.send, exchange.body, exchange.headers, person=exchange.person)
        assert answer.status_code == exchange.status, answer.text
        for name, pattern in exchange.answered.items():
            wanted = filled(pattern, self.names)
            assert matches(wanted, answer.headers.get(name, "")), f"{name}: {answer.headers.get(name)}"
        self.compare(exchange, answer)
        for step in exchange.then:
            self.step(step)

    def compare(self, exchange: Exchange, answer: requests.Response) -> None:
        """The body of the answer against what the exchange expects of it."""
        if exchange.code is not None:
            assert answer.json()["error"]["code"] == exchange.code
        if exchange.message:
            found = answer.json()["error"]["message"]
            assert matches(filled(exchange.message, self.names), found), found
        if exchange.json:
            problems = differences(parsed(exchange.json, self.names), answer.json())
            assert not problems, "; ".join(problems)
        for name in exchange.absent:
            assert name not in answer.json()
            assert name not in answer.headers
        position = 0
        for line in exchange.text:
            wanted = filled(line, self.names)
            position = answer.text.find(wanted, position)
            assert position >= 0, f"'{wanted}' does not follow in: {answer.text}"
        if exchange.status == 204:
            assert answer.content == b""

    def step(self, step: str) -> None:
        """One request before or after the exchange; it has to succeed, or to answer what stands behind ->."""
        found = STEP.fullmatch(step)
        assert found, f"This step cannot be read: {step}"
        name, method, address, body, expected = found.groups()
        answer = self.send(f"{method} {address}", body or "", {})
        if name:
            assert answer.status_code == 204, answer.text
            self.names[name] = ROW.search(answer.headers["OData-EntityId"])[2]  # type: ignore[index]  # a new row has an id
            self.names[name + "_etag"] = self.version(answer.headers["OData-EntityId"])
        if expected and expected.isdecimal():
            assert answer.status_code == int(expected), answer.text
        elif expected:
            problems = differences(parsed(expected, self.names), answer.json())
            assert not problems, "; ".join(problems)
        else:
            assert answer.status_code < 300, answer.text

    def version(self, address: str) -> str:
        """The ETag of a row, with its quotes escaped for JSON and not otherwise."""
        path = address.partition(API)[2]
        return str(self.send(f"GET {path}?$select=createdon", "", {}).json()["@odata.etag"])

    def send(
        self, line: str, body: str, headers: Mapping[str, str], person: str = "ada"
    ) -> requests.Response:
        """One request as a line and a body of the tables; a batch gets the line ends that it needs."""
        method, _, address = filled(line, self.names).partition(" ")
        sent = {"OData-Version": "4.0", "OData-MaxVersion": "4.0", "Accept": "application/json"}
        if person in self.tokens:
            sent["Authorization"] = f"Bearer {self.tokens[person]}"
        if self.host:
            sent["Host"] = self.host
        content = filled(body, self.names)
        if address.startswith("$batch") and "LF" not in headers:
            content = content.replace("\n", "\r\n")
        if body:
            sent["Content-Type"] = "application/json"
        sent |= {name: filled(value, self.names) for name, value in headers.items() if name != "LF"}
        answer = requests.request(
            method, self.base + API + address, data=content.encode() or None, headers=sent, timeout=180
        )
        self.remember(answer)
        return answer

    def remember(self, answer: requests.Response) -> None:
        """Notes rows that came into being, so that they can be removed from a real organization."""
        address = answer.headers.get("OData-EntityId", "").partition(API)[2]
        if ROW.fullmatch(address):
            self.made.append(address)

    def control(self, order: str) -> None:
        """One call of the emulator's control surface: `POST faults {...}`."""
        method, address, *body = filled(order, self.names).split(" ", 2)
        self.call_control(method, address, json.loads(body[0]) if body else None)

    def call_control(self, method: str, address: str, content: Any = None) -> None:
        answer = requests.request(
            method, f"{self.base}/_emulator/{address}", json=content, headers={"Host": self.host}, timeout=180
        )
        assert answer.status_code < 400, answer.text

    def clean(self) -> None:
        """Removes the rows that the exchange made."""
        for address in reversed(self.made):
            self.send(f"DELETE {address}", "", {})
        self.made.clear()
