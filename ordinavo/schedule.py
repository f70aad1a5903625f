"""What beat sends, and when: chores, and bells for what has lost its own."""

from typing import Any

from celery.schedules import crontab

BEAT: dict[str, dict[str, Any]] = {
    "worker-heartbeat": {
        "task": "ordinavo.kernel.tasks.heartbeat",
        "schedule": 10.0,
        "options": {"expires": 30},
    },
    "sweep-import-jobs": {
        "task": "targets.imports.tasks.sweep_jobs",
        "schedule": 10.0,
        # Longer than a queue is likely to be: a sweep that waits its turn knows what stood before it.
        "options": {"expires": 600},
    },
    "sweep-route-suggestions": {
        "task": "targets.routes.tasks.sweep_suggestions",
        "schedule": 10.0,
        "options": {"expires": 30},
    },
    "ring-for-deliveries": {
        "task": "webhooks.tasks.sweep",
        "schedule": 10.0,
        "options": {"expires": 30},
    },
    "prune-deliveries": {
        "task": "webhooks.tasks.prune",
        "schedule": crontab(minute="41"),
    },
    "make-customers-searchable": {
        "task": "customers.tasks.make_searchable",
        "schedule": 10.0,
        "options": {"expires": 30},
    },
    "refresh-matching": {
        "task": "customers.tasks.refresh_all_matching",
        "schedule": crontab(hour="2", minute="17"),
    },
    "forget-old-decisions": {
        "task": "targets.imports.tasks.forget_old_decisions",
        "schedule": crontab(hour="3", minute="7"),
    },
    "make-billing-ready": {
        "task": "targets.visits.tasks.make_billing_ready",
        "schedule": 10.0,
        "options": {"expires": 30},
    },
    "map-follow-ups": {
        "task": "targets.visits.tasks.map_follow_ups",
        "schedule": 60.0,
        "options": {"expires": 120},
    },
    "settle-billing": {
        "task": "targets.visits.tasks.settle_billing",
        "schedule": 60.0,
        "options": {"expires": 120},
    },
    "prune-submissions": {
        "task": "targets.visits.tasks.prune_submissions",
        "schedule": crontab(minute="23"),
    },
    "prune-access": {
        "task": "targets.visits.tasks.prune_access",
        "schedule": crontab(hour="3", minute="37"),
    },
    "discard-lost-files": {
        "task": "targets.visits.tasks.discard_lost_files",
        "schedule": crontab(hour="3", minute="53"),
    },
    "mail-notices": {
        "task": "ordinavo.tenants.tasks.mail_notices",
        "schedule": 60.0,
        "options": {"expires": 120},
    },
    "prune-failed-logins": {
        "task": "ordinavo.tenants.tasks.prune_failed_logins",
        "schedule": crontab(minute="23"),
    },
    "prune-idempotency-records": {
        "task": "integrations.tasks.prune_idempotency_records",
        "schedule": crontab(minute="17"),
    },
}
