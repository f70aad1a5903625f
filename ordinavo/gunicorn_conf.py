"""The web server: two processes of eight threads. Arguments of gunicorn's command line win over this file."""

import gc
import json
import os
import shutil
import socket
import uuid
from pathlib import Path
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = 2
threads = 8
timeout = 30
graceful_timeout = 10
# Callers that keep their connection save a handshake per request.
keepalive = 15
# The heartbeat file must not stand on a disk that may block.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Who may speak for a proxied caller is decided in one place only: TRUSTED_PROXIES of the settings.
forwarded_allow_ips = ""
accesslog = None
errorlog = "-"
control_socket_disable = True


def _write_error(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """Answer what no application ever sees (broken HTTP, headers without end) in the API's own shape."""
    correlation_id = uuid.uuid4().hex
    code, sentence = "bad_request", f"The request could not be read: {message or reason}."
    if status == 500:
        code, sentence = "internal_error", "Something went wrong on our side."
    told = {"code": code, "message": sentence, "correlationId": correlation_id}
    body = json.dumps({"error": told})
    head = (
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: application/json",
        f"X-Correlation-Id: {correlation_id}",
        f"Content-Length: {len(body)}",
    )
    util.write_nonblock(sock, "\r\n".join((*head, "", body)).encode())


util.write_error = _write_error


def on_starting(server: Any) -> None:
    """Begin to count anew: the processes of the last start have left what they counted (kernel.measures)."""
    if os.environ.get("METRICS_DIR"):
        shutil.rmtree(Path(os.environ["METRICS_DIR"], "web"), ignore_errors=True)


def post_worker_init(worker: Any) -> None:
    """Take what was loaded at the start out of the garbage collector's rounds: it lives as long as we do."""
    gc.collect()
    gc.freeze()
