"""The embedded Valkey: on the loopback only, behind a password, keeping nothing on disk.

It is a doorbell and a counter: whatever must last stands in PostgreSQL, so losing it delays and never loses.
"""

import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from ordinavo.local.servant import Servant

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Address:
    """Where the server listens and what it wants to hear first."""

    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}/0"


def free_address() -> Address:
    """Return a port that is free now and a new password. Somebody may still take the port: see `answers`."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return Address(port=probe.getsockname()[1], password=secrets.token_urlsafe(24))


def command(servant: Servant, folder: Path, address: Address) -> list[str]:
    """Write the server's configuration into its private folder and return its command line."""
    # In a file and not in the arguments, which every user of the machine may read.
    config = folder / "valkey.conf"
    config.write_text(
        f"bind {HOST}\nport {address.port}\nrequirepass {address.password}\ndir {folder}\n"
        'save ""\nappendonly no\nloglevel warning\nmaxmemory-policy noeviction\n'
    )
    config.chmod(0o600)
    if servant.uid is not None:
        os.chown(config, servant.uid, servant.uid)
    return [str(servant.valkey_bin), str(config)]


def answers(address: Address) -> bool:
    """Tell whether our own server is up: only it knows the password."""
    try:
        with socket.create_connection((HOST, address.port), timeout=1) as link:
            link.sendall(f"AUTH {address.password}\r\nPING\r\n".encode())
            heard = b""
            while heard.count(b"\n") < 2 and (chunk := link.recv(64)):
                heard += chunk
    except OSError:
        return False
    return heard == b"+OK\r\n+PONG\r\n"
