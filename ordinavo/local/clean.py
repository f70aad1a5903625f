"""`clean`: end whatever runs from this checkout and remove its data, also the part under /var/tmp."""

import shutil
from pathlib import Path

from ordinavo.local import pidfile, sessions
from ordinavo.local.servant import outside

_PATIENCE = 60.0


def clean(root: Path) -> int:
    """End the run, the throw-away sessions and all their servers, then remove .local; returns 0."""
    local = root / ".local"
    for session in sessions.every(local):
        owner = pidfile.read(session / f"{sessions.OWNER}.json")
        if owner is not None:
            pidfile.end(owner, patience=_PATIENCE)
        sessions.end_session(session)
    for folder in (local, outside(root)):
        shutil.rmtree(folder, ignore_errors=True)
    return 0
