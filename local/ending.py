"""Ctrl-C and its kin, turned into an orderly end."""

import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class EndRequested(BaseException):
    """Somebody asked this program to end: Ctrl-C, SIGTERM, or a closed terminal."""


def end_on_request() -> None:
    """Lets the first signal raise EndRequested and ignores further ones, which would cut the end short."""
    for number in _SIGNALS:
        # nohup has SIGHUP ignored, and means it.
        if number != signal.SIGHUP or signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _request_end)


def _request_end(_number: int, _frame: FrameType | None) -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise EndRequested
