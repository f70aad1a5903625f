"""How it shows that the database has left us; what was being done may be done again."""

from django.db import InterfaceError, InternalError, OperationalError

# An InternalError is all that is heard by a process which was frozen in the middle of a transaction:
# the server had ended its session meanwhile.
AWAY = (OperationalError, InterfaceError, InternalError)
