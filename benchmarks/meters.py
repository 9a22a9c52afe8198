"""What processes use while something is measured: processor time, and memory sampled."""

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import psutil

_SAMPLE_SECONDS = 0.02
_MIB = 1024 * 1024


class Meter:
    """Watches processes by name from the `with` to its end."""

    def __init__(self, pids: Mapping[str, int], *, memory_of: str) -> None:
        """`memory_of` is the process whose resident memory is sampled."""
        self._processes = {name: psutil.Process(pid) for name, pid in pids.items()}
        self._watched = self._processes[memory_of]
        self._before: dict[str, float] = {}
        self._stop = threading.Event()
        self._sampling = threading.Thread(target=self._sample, name="meter", daemon=True)
        self.cpu: dict[str, float] = {}
        self.peak_mib = 0.0

    def __enter__(self) -> Self:
        self._before = self._used()
        self._sampling.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._sampling.join()
        self.cpu = {name: used - self._before[name] for name, used in self._used().items()}

    def _used(self) -> dict[str, float]:
        """Seconds of processor time, in and for the process."""
        times = {name: process.cpu_times() for name, process in self._processes.items()}
        return {name: float(each.user + each.system) for name, each in times.items()}

    def _sample(self) -> None:
        while True:
            self.peak_mib = max(self.peak_mib, self._watched.memory_info().rss / _MIB)
            if self._stop.wait(_SAMPLE_SECONDS):
                return
