"""Memory is asked for the same way wherever the service runs on glibc."""

import platform

import pytest

from shared.heap import one_heap


def test_glibc_takes_what_it_is_told() -> None:
    if platform.libc_ver()[0] != "glibc":
        pytest.skip("the C library is not glibc: run on a machine with it")
    assert one_heap()
