"""What real processes run with in these tests: as in production, only more impatient."""

from tests.settings import *  # noqa: F403
from tests.settings import CELERY_BEAT_SCHEDULE, WORKER_SESSION

IMPORT_CHUNK = 100
IMPORT_SILENCE_SECONDS = 1
CELERY_BEAT_SCHEDULE["sweep-import-jobs"]["schedule"] = 1.0
CELERY_BEAT_SCHEDULE["worker-heartbeat"]["schedule"] = 1.0
CELERY_TASK_TIME_LIMIT = 5
WORKER_SESSION["idle_in_transaction_session_timeout"] = "2s"
