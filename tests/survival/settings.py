"""What real processes run with in these tests: as in production, only more impatient."""

from tests.settings import *  # noqa: F403
from tests.settings import CELERY_BEAT_SCHEDULE, LOGGING, WORKER_SESSION

# What a worker was rung for is counted by its lines.
LOGGING["loggers"]["celery.worker.strategy"]["level"] = "INFO"

IMPORT_CHUNK = 100
IMPORT_SILENCE_SECONDS = 1
CELERY_BEAT_SCHEDULE["sweep-import-jobs"]["schedule"] = 1.0
CELERY_BEAT_SCHEDULE["worker-heartbeat"]["schedule"] = 1.0
CELERY_BEAT_SCHEDULE["make-billing-ready"]["schedule"] = 1.0
CELERY_TASK_TIME_LIMIT = 5
CELERY_BEAT_SCHEDULE["sweep-route-suggestions"]["schedule"] = 1.0
ROUTES_LEASE_SECONDS = 3
ROUTES_SILENCE_SECONDS = 1
CELERY_BEAT_SCHEDULE["ring-for-deliveries"]["schedule"] = 1.0
WEBHOOK_TIMEOUT_SECONDS = 2
WEBHOOK_LEASE_SECONDS = 5
WEBHOOK_RETRY_SECONDS = (0.5, 1, 2, 4, 4, 4, 4, 4, 4)
WEBHOOK_CIRCUIT_SECONDS = (1, 3)
WEBHOOK_BELL_SECONDS = 2
WEBHOOK_IDLE_SECONDS = 0.5
WEBHOOK_LINGER_SECONDS = 1
WEBHOOK_FAREWELL_SECONDS = 2
WORKER_SESSION["idle_in_transaction_session_timeout"] = "2s"
# What ends a session that was frozen while a statement was on its way.
WORKER_SESSION["statement_timeout"] = "8s"
