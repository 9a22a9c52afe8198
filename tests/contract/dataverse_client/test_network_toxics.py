"""Slow, cut and half-open networks: an export goes on, nothing hangs, nobody is doubled."""

import time
from urllib.parse import urlsplit

import pytest
from dataverse_organizations import Emulator
from playing_exports import Play
from toxic_network import Toxic, toxic_proxy

from tests.chaos.checker import violations

_READ_SECONDS = 1.5  # what is well answers sooner even on a busy machine
_SICK = 4
"""Connections one after another; a chunk is given up by itself after fewer."""


@pytest.mark.parametrize("toxic", Toxic)
def test_an_export_comes_through_a_bad_network(dataverse_process: Emulator, toxic: Toxic) -> None:
    port = urlsplit(dataverse_process.url).port
    assert port is not None
    with toxic_proxy(port) as (proxy, address):
        proxy.toxic, proxy.sick = toxic, _SICK
        started = time.monotonic()
        _, witness = Play(dataverse_process).run(
            amount=300, seed=17, chunk_size=50, network=address, read_seconds=_READ_SECONDS
        )
        assert proxy.hit > 0
    assert violations(witness) == []
    # Generous: the point is that no call waits for ever.
    assert time.monotonic() - started < 350
