"""All types of events: their names, what they tell, and which blocks they carry."""

from collections.abc import Iterable
from dataclasses import dataclass

from webhooks.catalog.blocks import CUSTOMER_BLOCKS

BILLING = "billing."
TEST = "webhook.test"

TARGET_IMPORTED, TARGET_UPDATED = "target.imported", "target.updated"
TARGET_CANCELLED, TARGET_REJECTED = "target.cancelled", "target.rejected"
MAPPING_RESOLVED, JOB_COMPLETED = "customer_mapping.resolved", "import_job.completed"
TARGET_SCHEDULED = "target.scheduled"
APPOINTMENT_SCHEDULED, APPOINTMENT_CANCELLED = "appointment.scheduled", "appointment.cancelled"
APPOINTMENT_STARTED, APPOINTMENT_COMPLETED = "appointment.started", "appointment.completed"
APPOINTMENT_PROBLEM, TARGET_COMPLETED = "appointment.problem_reported", "target.completed"
REPORT_CREATED, REPORT_SUBMITTED = "visit_report.created", "visit_report.submitted"
REPORT_APPROVED, REPORT_REJECTED = "visit_report.approved", "visit_report.rejected"
REPORT_FOLLOW_UP, REPORT_PROBLEM = "visit_report.follow_up_required", "visit_report.problem_reported"
TARGET_FOLLOW_UP = "target.follow_up_created"
BILLING_CREATED, BILLING_READY = "billing.event_created", "billing.event_ready"
BILLING_SENT, BILLING_FAILED = "billing.event_sent", "billing.event_failed"
SUGGESTION_CREATED, ROUTE_PUBLISHED = "route.suggestion.created", "route.published"


@dataclass(frozen=True, slots=True)
class EventType:
    """A promise: what happened, and the blocks that tell of it, in their order.

    The customer blocks are there where a record is linked, all others always.
    """

    name: str
    description: str
    blocks: tuple[str, ...]

    @property
    def required_blocks(self) -> tuple[str, ...]:
        """The blocks that every such event has."""
        return tuple(name for name in self.blocks if name not in CUSTOMER_BLOCKS)

    @property
    def is_billing(self) -> bool:
        """Whether the client needs the feature `billing_webhooks`."""
        return self.name.startswith(BILLING)


_SITE = CUSTOMER_BLOCKS
_TARGET = (*_SITE, "target")
_APPOINTMENT = (*_SITE, "appointment", "target")
_REPORT = (*_SITE, "visitReport", "target", "appointment")
_BILLING = (*_SITE, "billingEvent", "visitReport", "target")

_TYPES = (
    EventType(TARGET_IMPORTED, "An import created a target.", _TARGET),
    EventType(
        TARGET_UPDATED,
        "An import changed a target, or opened a cancelled one again. Unchanged targets have no event.",
        _TARGET,
    ),
    EventType(
        TARGET_REJECTED,
        "An item of an import was refused. `target` is the stored one that it spoke of, if there is one.",
        ("importItem", "target"),
    ),
    EventType(TARGET_CANCELLED, "A target was cancelled.", _TARGET),
    EventType(TARGET_SCHEDULED, "A target was planned into a route.", (*_TARGET, "appointment")),
    EventType(TARGET_COMPLETED, "The work on a target is done.", (*_TARGET, "appointment")),
    EventType(
        TARGET_FOLLOW_UP,
        "An approved report asked for another visit. The new target has no external id of its own.",
        _TARGET,
    ),
    EventType(
        MAPPING_RESOLVED,
        "A manager decided about a record in doubt, or took the decision back: one event for each target that"
        " follows, with its new customer, location and contact. No target.updated is sent beside it.",
        (*_TARGET, "mappingReview"),
    ),
    EventType(
        JOB_COMPLETED,
        "An import job ended, whatever its final status. Sent to the client that made it only.",
        ("importJob",),
    ),
    EventType(
        SUGGESTION_CREATED,
        "A draft of routes is ready, or could not be made. Sent to the client that asked for it only.",
        ("routeSuggestion",),
    ),
    EventType(ROUTE_PUBLISHED, "A route was published; only your own stops are listed.", ("route",)),
    EventType(APPOINTMENT_SCHEDULED, "A visit was planned.", _APPOINTMENT),
    EventType(APPOINTMENT_STARTED, "Work on a visit began.", _APPOINTMENT),
    EventType(APPOINTMENT_COMPLETED, "A visit is done.", _APPOINTMENT),
    EventType(
        APPOINTMENT_PROBLEM,
        "A visit ended with a problem: the target waits until it is planned anew.",
        _APPOINTMENT,
    ),
    EventType(
        APPOINTMENT_CANCELLED,
        "A visit was cancelled, with its target or alone: then the target is open again.",
        _APPOINTMENT,
    ),
    EventType(
        REPORT_CREATED,
        "A report was begun: the employee saved a first draft, or handed it in at once.",
        _REPORT,
    ),
    EventType(
        REPORT_SUBMITTED,
        "A report was handed in, for the first time or again after it was given back.",
        _REPORT,
    ),
    EventType(
        REPORT_APPROVED,
        "A manager approved a report. If it is billable, billing.event_created follows.",
        _REPORT,
    ),
    EventType(REPORT_REJECTED, "A manager gave a report back to the employee.", _REPORT),
    EventType(REPORT_FOLLOW_UP, "A report that was handed in asks for another visit.", _REPORT),
    EventType(REPORT_PROBLEM, "A report that was handed in tells of problems.", _REPORT),
    EventType(BILLING_CREATED, "An approved report is to be billed.", _BILLING),
    EventType(
        BILLING_READY,
        "All that a bill needs is there: customer and minutes are known. Answer with 2xx to take it over.",
        _BILLING,
    ),
    EventType(
        BILLING_SENT,
        "A receiver took billing.event_ready, or a manager marked it as sent.",
        _BILLING,
    ),
    EventType(
        BILLING_FAILED,
        "No receiver took billing.event_ready, and all attempts are used up. A later success still makes it"
        " Sent.",
        _BILLING,
    ),
    EventType(TEST, "Sent on request, to try a receiver.", ()),
)

EVENT_TYPES: dict[str, EventType] = {one.name: one for one in _TYPES}


def matches(patterns: Iterable[str], event_type: str) -> bool:
    """Whether one of the patterns (a name, or `visit_report.*`) means this type."""
    return any(
        pattern == event_type or (pattern.endswith(".*") and event_type.startswith(pattern[:-1]))
        for pattern in patterns
    )


def means_something(pattern: str) -> bool:
    """Whether a pattern means at least one type that there is."""
    return any(matches((pattern,), name) for name in EVENT_TYPES)


def means_billing(pattern: str) -> bool:
    """Whether a pattern means a type that needs the feature `billing_webhooks`."""
    return any(one.is_billing and matches((pattern,), one.name) for one in EVENT_TYPES.values())
