"""What ends a command with words instead of a traceback."""


class Refusal(Exception):
    """Something the caller can put right, said in one sentence; exit code 2."""

    exit_code = 2


class Failure(Refusal):
    """Something that broke on the way, with the last lines of whatever broke; exit code 1."""

    exit_code = 1


class Stopped(Exception):
    """Ctrl-C or SIGTERM came while something was still being started."""
