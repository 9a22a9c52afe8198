"""How a process with many threads takes memory from the system, and gives it back."""

import ctypes

# mallopt(3). By default each thread gets a heap of its own, and buffers of up to 32 MiB come to lie in it,
# whose holes the others cannot use. Python's threads take turns anyway, so that one heap is enough for them.
_ARENAS, _ONE = -8, 1
# Larger than the buffers that the JSON of a chunk is read in, which come again and again.
_LARGE, _LARGE_BYTES = -3, 4 * 1024 * 1024
_UNUSED_AT_END, _UNUSED_BYTES = -1, 4 * 1024 * 1024


def one_heap() -> bool:
    """One heap for all threads that begin from now on; what is large lies beside it, and goes back at once.

    False where the C library is not glibc and does as it likes.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    chosen = ((_ARENAS, _ONE), (_LARGE, _LARGE_BYTES), (_UNUSED_AT_END, _UNUSED_BYTES))
    return all(mallopt(name, value) for name, value in chosen)
