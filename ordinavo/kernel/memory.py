"""What Python's garbage collector need not do."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keep the collector away from rows that come by the ten thousand and are all needed until the end.

    It would look through them again and again, which took a sixth of a batch's processor time. They hold no
    cycles, so they go when nobody needs them any more; a cycle among them goes with the next collection.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
