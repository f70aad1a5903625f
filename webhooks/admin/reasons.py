"""Why an attempt failed, in words, and what to do next."""

from ordinavo.kernel.outbound import faults
from webhooks.models import Attempt

_RETRIED = "It is tried again by itself."
_ERRORS = {
    faults.TIMEOUT: "The receiver should answer first and work later: it has 15 seconds in all.",
    faults.NAME_NOT_FOUND: "Check the host name of the URL, and that it is known on the internet.",
    faults.REFUSED: "Nothing listens there: check the port, and that the receiver runs.",
    faults.FAILED: "Check firewalls and routes to the receiver.",
    faults.LOST: "Look into the receiver's log: it, or a proxy before it, hung up.",
    faults.TLS: "Check that the certificate is valid, is for this host name, and comes with its chain.",
    faults.ADDRESS: "Only public addresses are called. An operator can allow ranges.",
    faults.URL: "Change the URL of the subscription: https, port 443 or 8443, no user name.",
    faults.INVALID: "Check that a web server answers at this port.",
    faults.INTERRUPTED: "Look into the receiver's log: its answer ended too early.",
    faults.REDIRECT: "Put the address that it redirects to into the subscription.",
}
_STATUSES = {
    401: "The receiver wants credentials: it should check the signature instead.",
    403: "The receiver refuses: does it know the newest secret? Is a firewall before it?",
    404: "Check the path of the URL.",
    405: "The receiver must take POST at this path.",
    410: "The receiver says that nobody is to call it again, so the subscription was switched off.",
    413: "The receiver takes no bodies of this size: raise its limit.",
    429: "The receiver asked for time; the next attempt waits for it. " + _RETRIED,
}
_UNKNOWN = "Look into the receiver's log."


def happened(attempt: Attempt) -> str:
    """Return what came of an attempt, in a sentence."""
    if attempt.error:
        return faults.SENTENCES.get(attempt.error, attempt.error)
    return "Delivered." if attempt.succeeded else f"The receiver answered {attempt.status_code}."


def advice(attempt: Attempt) -> str:
    """Return the next step after an attempt that failed, "" after one that did not."""
    if attempt.succeeded:
        return ""
    if attempt.error:
        return _ERRORS.get(attempt.error, _UNKNOWN)
    return _STATUSES.get(attempt.status_code or 0, _UNKNOWN)


def outcome(attempt: Attempt) -> str:
    """Return status or error in a word or two, for a badge."""
    return attempt.error.replace("_", " ") if attempt.error else str(attempt.status_code)
