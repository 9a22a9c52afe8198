"""What the documentation shows is what is answered: request by request, each with the page it comes from.

`DATAVERSE_URL` and `DATAVERSE_TOKEN` put the same questions to a real organization.
"""

import pytest
from documented_exchange import Exchange, exchanges
from documented_subject import Subject

ALL = list(exchanges())


@pytest.mark.parametrize("exchange", ALL, ids=[f"{one.source} - {one.name}" for one in ALL])
def test_documented(subject: Subject, exchange: Exchange) -> None:
    if exchange.needs_emulator and not subject.host:
        pytest.skip("needs the emulator's control surface, or people whom only the emulator has")
    for order in exchange.control:
        subject.control(order)
    subject.perform(exchange)


def test_there_are_as_many_as_were_promised() -> None:
    assert len(ALL) >= 120


def test_no_exchange_stands_twice() -> None:
    names = [f"{one.source} - {one.name}" for one in ALL]
    assert sorted(set(names)) == sorted(names)


def test_every_exchange_names_its_page() -> None:
    unnamed = [one.name for one in ALL if ".md" not in one.source and "Support article " not in one.source]
    assert unnamed == []
