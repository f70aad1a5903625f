"""The blocks of a payload and their members. What is not listed here never leaves the house."""

from webhooks.catalog.members import (
    BILLING_DETAILS,
    CONTACT_DETAILS,
    CUSTOMER_CONTEXT,
    SUMMARY_LENGTH,
    SUMMARY_PREVIEW,
    Block,
    choice,
    day,
    flag,
    group,
    listing,
    moment,
    number,
    or_null,
    text,
)

_EXTERNAL_ID = "What your source system calls it; null if it has no id there."
_READ = " Only with the scope customers.read."

_CUSTOMER = Block(
    "Whose job it is. Absent if no customer is linked, or with customerContext off.",
    {
        "ordinavoCustomerId": number("Our id." + _READ),
        "externalId": text(_EXTERNAL_ID, null=True),
        "customerNumber": text("The tenant's number of the customer." + _READ, null=True),
        "name": text("Name." + _READ),
    },
    optional=frozenset({"ordinavoCustomerId", "customerNumber", "name"}),
)
_LOCATION = Block(
    "Where the work is done. Absent if no location is linked, or with customerContext off.",
    {
        "ordinavoLocationId": number("Our id." + _READ),
        "externalId": text(_EXTERNAL_ID, null=True),
        "name": text("Name." + _READ),
        "city": text("City." + _READ, null=True),
        "hasCoordinates": flag("Whether it can be planned on a map." + _READ),
    },
    optional=frozenset({"ordinavoLocationId", "name", "city", "hasCoordinates"}),
)
_CONTACT = Block(
    "Whom to ask for. Absent if no contact is linked, or with customerContext off.",
    {
        "ordinavoContactId": number("Our id." + _READ),
        "externalId": text(_EXTERNAL_ID, null=True),
        "displayName": text("Name." + _READ),
        "role": text("Role. Only with contactDetails." + _READ, null=True),
        "email": text("E-mail address. Only with contactDetails." + _READ, null=True),
        "phone": text("Phone as it was given. Only with contactDetails." + _READ, null=True),
    },
    needs=dict.fromkeys(("role", "email", "phone"), CONTACT_DETAILS),
    optional=frozenset({"ordinavoContactId", "displayName"}),
)
_PLANNING = group(
    "When, how long, how urgent; null for a refused target that is not stored.",
    priority=choice("Priority.", "Low", "Normal", "High", "Urgent", null=True),
    estimatedWorkMinutes=number("Work in minutes.", null=True),
    dueDate=day("The day by which it is due.", null=True),
    dueAtUtc=moment("The instant by which it is due.", null=True),
    preferredTimeWindowStart=moment("Start of the preferred time window.", null=True),
    preferredTimeWindowEnd=moment("Its end.", null=True),
    routeDate=day("The day it is to be planned for.", null=True),
    fixedTime=flag("Whether the window is binding."),
)
_TARGET = Block(
    "The job, stop or visit.",
    {
        "id": number("Our id; null for a refused target that is not stored.", null=True),
        "externalId": text(_EXTERNAL_ID, null=True),
        "title": text("Title; null for a refused target that is not stored.", null=True),
        "externalType": text("The sender's own word for its kind.", null=True),
        "sourceSystem": text("Key of the source system that it came from."),
        "status": choice(
            "Where it stands; null for a refused target that is not stored.",
            "Open",
            "Scheduled",
            "InProgress",
            "Completed",
            "Problem",
            "Cancelled",
            null=True,
        ),
        "revision": number("Grows with every change, so that late events can be told.", null=True),
        "planning": or_null(_PLANNING),
        "lastImportJobId": number("The import job that touched it last.", null=True),
        "followUpOfTargetId": number("The target that this one follows up.", null=True),
        "followUpOfExternalId": text("That target's external id.", null=True),
    },
)
_APPOINTMENT = Block(
    "The visit as it is planned.",
    {
        "id": number("Our id."),
        "status": choice("Status.", "Scheduled", "Started", "Completed", "ProblemReported", "Cancelled"),
        "targetId": number("The target that is visited."),
        "startUtc": moment("Planned start."),
        "endUtc": moment("Planned end.", null=True),
        "startedAtUtc": moment("When work began.", null=True),
        "endedAtUtc": moment("When work ended.", null=True),
    },
)
_VISIT_REPORT = Block(
    "What the visit came to.",
    {
        "id": number("Our id."),
        "title": text("Title of the target and name of the location; the target's title alone without them."),
        "status": choice("Status.", "Draft", "Submitted", "Approved", "Rejected"),
        "result": choice(
            "Result; null in a draft.",
            "Successful",
            "PartlySuccessful",
            "NotSuccessful",
            "CustomerAbsent",
            null=True,
        ),
        "followUpRequired": flag("Whether somebody has to come again."),
        "isBillable": flag("Whether it is to be billed."),
        "billingStatus": choice(
            "How far billing is.", "NotBillable", "NotReady", "Pending", "Ready", "Sent", "Failed"
        ),
        "attachmentCount": number("How many files belong to it."),
        "summaryPreview": text(
            f"The first {SUMMARY_LENGTH} characters of the summary. Only with summaryPreview.", null=True
        ),
    },
    needs={"summaryPreview": SUMMARY_PREVIEW},
)
_BILLING_EVENT = Block(
    "The trigger for a bill; never an invoice.",
    {
        "id": number("Our id."),
        "status": choice("Status.", "Pending", "Ready", "Sent", "Failed"),
        "sourceType": choice("What it comes from.", "VisitReport"),
        "visitReportId": number("The approved report."),
        "targetId": number("Its target."),
        "appointmentId": number("Its appointment.", null=True),
        "createdAtUtc": moment("When it was created."),
        "details": group(
            "Minutes and times. Only with billingDetails.",
            workMinutes=number("Minutes of work.", null=True),
            travelMinutes=number("Minutes of travel.", null=True),
            startedAtUtc=moment("When work began.", null=True),
            endedAtUtc=moment("When work ended.", null=True),
        ),
    },
    needs={"details": BILLING_DETAILS},
)
_IMPORT_JOB = Block(
    "The import job. total = created + updated + unchanged + cancelled + rejected + skipped.",
    {
        "id": number("Its id, as in the API."),
        "status": choice("Final status.", "Completed", "PartiallyFailed", "Failed", "Cancelled"),
        "batchId": text("The caller's own id of the batch.", null=True),
        "retryOf": number("The job that this one retries.", null=True),
        "totalItems": number("All items."),
        "createdItems": number("Targets created."),
        "updatedItems": number("Targets updated."),
        "unchangedItems": number("Targets that were as sent already."),
        "cancelledItems": number("Targets cancelled."),
        "rejectedItems": number("Items refused."),
        "skippedItems": number("Items not worked off, since the job was cancelled."),
        "warningItems": number("Items with warnings."),
        "needsReviewItems": number("Items that wait for a manager."),
        "createdAt": moment("When it was accepted."),
        "startedAt": moment("When work on it began.", null=True),
        "finishedAt": moment("When it ended."),
    },
)
_IMPORT_ITEM = Block(
    "The refused item of an import job.",
    {
        "importJobId": number("Its job."),
        "index": number("Its position in the request, from 0."),
        "externalId": text("As it was sent; empty if it was missing."),
        "result": choice("What became of it.", "Rejected"),
        "errorCode": text("Why, as a code."),
        "errorMessage": text("Why, in words."),
        "errors": listing(
            "What is wrong, by field.",
            group(
                "One error.",
                path=text("The field."),
                code=text("Code."),
                message=text("The same in words."),
            ),
        ),
    },
)
_MAPPING_REVIEW = Block(
    "A manager's decision about a record in doubt.",
    {
        "id": number("Our id of the review."),
        "kind": choice("What was in doubt.", "customer", "location", "contact"),
        "externalId": text("What the sender calls it. Absent with customerContext off.", null=True),
        "status": choice(
            "What was decided; Reopened: the decision was taken back.",
            "Linked",
            "Created",
            "Dismissed",
            "Reopened",
        ),
        "mappingStatus": choice(
            "How the target's customer data is mapped by now.",
            "NeedsReview",
            "PartiallyMapped",
            "Created",
            "Mapped",
            "NotMapped",
        ),
        "decidedAt": moment("When it was decided, or taken back."),
    },
    needs={"externalId": CUSTOMER_CONTEXT},
)
_STOP = group(
    "One stop at a target of yours.",
    sequence=number("Position in the route, from 1."),
    targetId=number("Our id of the target."),
    externalId=text(_EXTERNAL_ID, null=True),
    arrivalUtc=moment("Planned arrival."),
    departureUtc=moment("Planned departure."),
)
_ROUTE_SUGGESTION = Block(
    "A draft of routes.",
    {
        "id": number("Its id, as in the API."),
        "status": choice("Status.", "Draft", "Failed"),
        "routeDate": day("The day it is for."),
        "importJobId": number("The import job whose targets it plans.", null=True),
        "summary": or_null(
            group(
                "Totals; null if it failed.",
                routes=number("Routes."),
                stops=number("Stops."),
                excluded=number("Targets that fit into no route."),
                distanceMeters=number("Metres of travel."),
                travelMinutes=number("Minutes of travel."),
                workMinutes=number("Minutes of work."),
            )
        ),
    },
)
_ROUTE = Block(
    "A published route with the stops at your targets; who drives it is not told.",
    {
        "id": number("Our id."),
        "number": number("Its number within the day."),
        "routeDate": day("The day."),
        "routeSuggestionId": number("The suggestion that it was published from.", null=True),
        "stops": listing("The stops at targets of your source system.", _STOP),
    },
)

BLOCKS: dict[str, Block] = {
    "customer": _CUSTOMER,
    "location": _LOCATION,
    "contact": _CONTACT,
    "target": _TARGET,
    "appointment": _APPOINTMENT,
    "visitReport": _VISIT_REPORT,
    "billingEvent": _BILLING_EVENT,
    "importJob": _IMPORT_JOB,
    "importItem": _IMPORT_ITEM,
    "mappingReview": _MAPPING_REVIEW,
    "routeSuggestion": _ROUTE_SUGGESTION,
    "route": _ROUTE,
}
# They are one context: present where a record is linked, absent as a whole without `customerContext`.
CUSTOMER_BLOCKS = ("customer", "location", "contact")
