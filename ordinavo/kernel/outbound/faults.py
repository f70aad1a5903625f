"""What can go wrong with a call, as codes that stand on the attempt and are shown to the receiver's owner."""

import errno
from collections.abc import Mapping

from aiohttp import (
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ClientResponseError,
    ClientSSLError,
)

TIMEOUT = "timeout"
NAME_NOT_FOUND = "name_not_found"
REFUSED = "connection_refused"
FAILED = "connection_failed"
LOST = "connection_lost"
TLS = "tls_error"
ADDRESS = "address_not_allowed"
URL = "url_not_allowed"
INVALID = "invalid_answer"
INTERRUPTED = "answer_interrupted"
REDIRECT = "redirect"

SENTENCES: Mapping[str, str] = {
    TIMEOUT: "The answer was not there in time.",
    NAME_NOT_FOUND: "The host name was not found.",
    REFUSED: "The connection was refused.",
    FAILED: "No connection could be made.",
    LOST: "The connection was closed before an answer came.",
    TLS: "The certificate or the encryption was not accepted.",
    ADDRESS: "The address is not allowed.",
    URL: "The URL is not allowed.",
    INVALID: "The answer was not HTTP, or its headers were too large.",
    INTERRUPTED: "The answer broke off.",
    REDIRECT: "The answer was a redirect; these are not followed.",
}

# UnicodeError (a ValueError) comes from names that the resolver can't write down.
KNOWN = (ClientError, OSError, ValueError)


def code_of(fault: Exception, *, refused: bool, answered: bool) -> str:
    """Return the code; `refused` says that an address was not allowed, `answered` that a status had come."""
    if isinstance(fault, TimeoutError):
        return TIMEOUT
    if refused and isinstance(fault, ClientConnectorError):
        return ADDRESS
    if isinstance(fault, ClientConnectorError):
        return _of_connecting(fault)
    if isinstance(fault, ClientResponseError):
        return INVALID
    if isinstance(fault, ClientPayloadError) or answered:
        return INTERRUPTED
    return FAILED if isinstance(fault, ValueError) else LOST


def _of_connecting(fault: ClientConnectorError) -> str:
    if isinstance(fault, ClientConnectorDNSError):
        return NAME_NOT_FOUND
    if isinstance(fault, ClientSSLError):
        return TLS
    return REFUSED if fault.errno == errno.ECONNREFUSED else FAILED
