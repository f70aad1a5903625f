"""Reactions: how a lower room lets upper rooms follow a change without knowing them.

The lower room names a moment (`targets.cancelled`); upper apps register callables in `AppConfig.ready()`.
They run in the caller's transaction, with a set of ids.
"""

from collections import defaultdict
from collections.abc import Callable, Collection

Reaction = Callable[[Collection[int]], None]

_reactions: dict[str, list[Reaction]] = defaultdict(list)


def register(moment: str, reaction: Reaction) -> None:
    """Let `reaction` follow `moment`; registering the same callable twice changes nothing."""
    if reaction not in _reactions[moment]:
        _reactions[moment].append(reaction)


def unregister(moment: str, reaction: Reaction) -> None:
    """Take a reaction away again."""
    _reactions[moment].remove(reaction)


def react(moment: str, ids: Collection[int]) -> None:
    """Call what is registered for `moment`, once, if there are ids at all."""
    if not ids:
        return
    for reaction in _reactions[moment]:
        reaction(ids)
