"""What imports tell: one event for each change, with all that the receiver may know; of nothing else."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from customers.models import Contact, Customer, Location
from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportItem, ImportJob
from targets.imports.pipeline.chunk import work_chunk
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.customers.rows import customer, location, refer
from tests.imports.batching import ONLY, accepted, done, many, one, whole, work
from tests.imports.sending import imported, send
from tests.webhooks import rows
from tests.webhooks.telling import told, types
from webhooks.models import Delivery, Event, Subscription

pytestmark = pytest.mark.django_db

FULL: dict[str, Any] = {
    "externalId": "JOB-1",
    "externalType": "ServiceOrder",
    "title": "Maintenance visit",
    "customer": {"externalId": "CUST-1", "customerNumber": "RRM-001", "name": "Rhein-Ruhr Medical"},
    "location": {
        "externalId": "LOC-1",
        "name": "Essen Center",
        "city": "Essen",
        "country": "DE",
        "latitude": 51.451,
        "longitude": 7.012,
    },
    "contact": {
        "externalId": "CONT-1",
        "displayName": "Anna Weber",
        "role": "Operations",
        "email": "anna@example.com",
        "phone": "+49 201 123456",
    },
    "planning": {
        "priority": "High",
        "estimatedWorkMinutes": 45,
        "dueDate": "2026-07-01",
        "preferredTimeWindowStart": "2026-07-01T10:00:00+02:00",
        "preferredTimeWindowEnd": "2026-07-01T14:00:00Z",
    },
}


@pytest.fixture
def everything(erp: IntegrationClient) -> Subscription:
    """A subscription to all that imports tell."""
    return rows.subscription(erp, "target.*", "import_job.*", "customer_mapping.*")


def _envelope(
    payload: dict[str, Any], event_type: str, tenant: Tenant, correlation_id: str
) -> dict[str, Any]:
    """Take the envelope off a payload and return the blocks."""
    blocks = dict(payload)
    assert blocks.pop("eventId").startswith("evt_")
    assert blocks.pop("occurredAt").endswith("Z")
    assert {name: blocks.pop(name) for name in list(blocks)[:5]} == {
        "eventType": event_type,
        "tenantId": tenant.slug,
        "source": "ordinavo",
        "payloadVersion": "2026-06-18",
        "correlationId": correlation_id,
    }
    return blocks


def _said() -> list[tuple[str, str | None, int | None, str | None]]:
    """Type, external id, revision and title of each event about a target."""
    return [
        (one["eventType"], one["target"]["externalId"], one["target"]["revision"], one["target"]["title"])
        for one in told()
        if "target" in one
    ]


def test_a_new_target_is_told_with_everything_about_it(
    api: Api, tenant: Tenant, everything: Subscription
) -> None:
    item = imported(api.post("/inbound/targets", FULL, X_Correlation_Id="corr-1"))
    [payload] = told("target.imported")
    blocks = _envelope(payload, "target.imported", tenant, "corr-1")
    assert list(blocks) == ["customer", "location", "contact", "target"]
    assert blocks == {
        "customer": {
            "ordinavoCustomerId": Customer.objects.get().pk,
            "externalId": "CUST-1",
            "customerNumber": "RRM-001",
            "name": "Rhein-Ruhr Medical",
        },
        "location": {
            "ordinavoLocationId": Location.objects.get().pk,
            "externalId": "LOC-1",
            "name": "Essen Center",
            "city": "Essen",
            "hasCoordinates": True,
        },
        "contact": {
            "ordinavoContactId": Contact.objects.get().pk,
            "externalId": "CONT-1",
            "displayName": "Anna Weber",
            "role": "Operations",
            "email": "anna@example.com",
            "phone": "+49 201 123456",
        },
        "target": {
            "id": item["targetId"],
            "externalId": "JOB-1",
            "title": "Maintenance visit",
            "externalType": "ServiceOrder",
            "sourceSystem": "logistics_erp",
            "status": "Open",
            "revision": 1,
            "planning": {
                "priority": "High",
                "estimatedWorkMinutes": 45,
                "dueDate": "2026-07-01",
                "dueAtUtc": None,
                "preferredTimeWindowStart": "2026-07-01T08:00:00Z",
                "preferredTimeWindowEnd": "2026-07-01T14:00:00Z",
                "routeDate": None,
                "fixedTime": False,
            },
            "lastImportJobId": ImportJob.objects.get().pk,
            "followUpOfTargetId": None,
            "followUpOfExternalId": None,
        },
    }
    event = Event.objects.get(type="target.imported")
    assert (event.subject_type, event.subject_id) == ("targets.target", item["targetId"])


def test_a_finished_job_is_told_to_the_client_that_made_it(
    api: Api, tenant: Tenant, everything: Subscription
) -> None:
    rows.subscription(factories.client(tenant), "import_job.*")
    job_id = done(api, [one(1), one(2, title=5), one(3, operation="update")], batchId="b-1")
    [payload] = told("import_job.completed")
    job = ImportJob.objects.get()
    assert _envelope(payload, "import_job.completed", tenant, job.correlation_id) == {
        "importJob": {
            "id": job_id,
            "status": "PartiallyFailed",
            "batchId": "b-1",
            "retryOf": None,
            "totalItems": 3,
            "createdItems": 1,
            "updatedItems": 0,
            "unchangedItems": 0,
            "cancelledItems": 0,
            "rejectedItems": 2,
            "skippedItems": 0,
            "warningItems": 0,
            "needsReviewItems": 0,
            "createdAt": job.created_at.isoformat().replace("+00:00", "Z"),
            "startedAt": (job.started_at or job.created_at).isoformat().replace("+00:00", "Z"),
            "finishedAt": (job.finished_at or job.created_at).isoformat().replace("+00:00", "Z"),
        }
    }
    event = Event.objects.get(type="import_job.completed")
    assert event.client == api.client
    assert [d.subscription for d in event.deliveries.all()] == [everything]


def test_every_course_of_a_target_has_its_event(api: Api, everything: Subscription) -> None:
    send(api)
    send(api)
    send(api, title="Other")
    send(api, operation="cancel")
    send(api, operation="cancel")
    send(api, title="Again")
    assert _said() == [
        ("target.imported", "T-1", 1, "Visit"),
        ("target.updated", "T-1", 2, "Other"),
        ("target.cancelled", "T-1", 3, "Other"),
        ("target.updated", "T-1", 4, "Again"),
    ]
    assert [one["target"]["status"] for one in told() if "target" in one] == [
        *("Open", "Open", "Cancelled", "Open"),
    ]
    assert types().count("import_job.completed") == 6


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_several_changes_of_one_target_in_a_batch_are_told_as_they_stood(
    api: Api, everything: Subscription, settings: Settings, chunk: int
) -> None:
    settings.IMPORT_CHUNK = chunk
    items = [one(1), one(1, title="B"), one(2), one(1, title="B"), one(1, operation="cancel"), one(1)]
    done(api, items)
    assert _said() == [
        ("target.imported", "T-1", 1, "Visit"),
        ("target.updated", "T-1", 2, "B"),
        ("target.imported", "T-2", 1, "Visit"),
        ("target.cancelled", "T-1", 3, "B"),
        ("target.updated", "T-1", 4, "Visit"),
    ]
    assert {one["target"]["id"] for one in told() if "target" in one} == {
        row.pk for row in Target.objects.all()
    }


def test_an_older_item_that_comes_late_tells_nothing(api: Api, everything: Subscription) -> None:
    old = accepted(api, [one(1, title="Old")])
    send(api, title="New")
    work(old)
    assert _said() == [("target.imported", "T-1", 1, "New")]


def test_refused_items_are_told_wherever_they_are_refused(
    api: Api, tenant: Tenant, everything: Subscription
) -> None:
    job_id = done(
        api,
        [
            one(1, planning={"estimatedWorkMinutes": 0}),
            one(2),
            one(2, operation="create"),
            {"title": "Nameless"},
            one(3, sourceSystem="other"),
        ],
    )
    payloads = told("target.rejected")
    assert [one["importItem"]["index"] for one in payloads] == [0, 3, 4, 2]
    correlation_id = ImportJob.objects.get().correlation_id
    assert _envelope(payloads[0], "target.rejected", tenant, correlation_id) == {
        "importItem": {
            "importJobId": job_id,
            "index": 0,
            "externalId": "T-1",
            "result": "Rejected",
            "errorCode": "validation_failed",
            "errorMessage": "One or more fields are invalid.",
            "errors": [
                {
                    "path": "planning.estimatedWorkMinutes",
                    "code": "min_value",
                    "message": "Must be at least 1.",
                }
            ],
        },
        "target": {
            "id": None,
            "externalId": "T-1",
            "title": None,
            "externalType": None,
            "sourceSystem": "logistics_erp",
            "status": None,
            "revision": None,
            "planning": None,
            "lastImportJobId": None,
            "followUpOfTargetId": None,
            "followUpOfExternalId": None,
        },
    }
    nameless, foreign, taken = payloads[1:]
    assert (nameless["importItem"]["externalId"], nameless["target"]["externalId"]) == ("", None)
    assert (foreign["importItem"]["errorCode"], foreign["target"]["id"]) == (
        "source_system_not_allowed",
        None,
    )
    assert taken["importItem"]["errorCode"] == "external_id_exists"
    assert taken["target"]["id"] == Target.objects.get().pk
    assert (taken["target"]["status"], taken["target"]["revision"]) == ("Open", 1)


def test_thousands_of_items_that_are_refused_at_the_door_are_told(api: Api, everything: Subscription) -> None:
    def cost(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            done(api, many(count, title=""))
        return len(captured)

    cost(2)
    assert cost(60) == cost(900) <= cost(2)
    done(api, many(2_100, title=""))
    assert types().count("target.rejected") == 3_064
    assert types().count("import_job.completed") == 5
    assert {job["importJob"]["status"] for job in told("import_job.completed")} == {"Failed"}


def test_a_single_target_that_is_refused_is_told(api: Api, everything: Subscription) -> None:
    assert send(api, title="").status_code == 400
    assert send(api, operation="update").status_code == 422
    assert types() == ["target.rejected", "import_job.completed"] * 2
    assert [one["importItem"]["errorCode"] for one in told("target.rejected")] == [
        "validation_failed",
        "unknown_external_id",
    ]


def test_what_is_only_foretold_is_not_told(api: Api, everything: Subscription) -> None:
    send(api, query=ONLY)
    send(api, query=ONLY, title="")
    done(api, [one(1), one(2, title=5)], query=ONLY)
    done(api, [one(2, title=5)], query=ONLY)
    assert api.post(f"/import-jobs/{accepted(api, many(2), query=ONLY)}/cancel").status_code == 200
    assert not Event.objects.exists()


def test_a_cancelled_job_is_told_once(api: Api, everything: Subscription, settings: Settings) -> None:
    settings.IMPORT_CHUNK = 2
    job_id = accepted(api, many(5))
    assert work_chunk(job_id) is True
    assert types() == ["target.imported"] * 2
    assert api.post(f"/import-jobs/{job_id}/cancel", X_Correlation_Id="of-the-cancel").status_code == 200
    assert work_chunk(job_id) is False
    assert types() == ["target.imported"] * 2 + ["import_job.completed"]
    [payload] = told("import_job.completed")
    assert (payload["importJob"]["status"], payload["importJob"]["skippedItems"]) == ("Cancelled", 3)
    assert payload["correlationId"] == ImportJob.objects.get().correlation_id != "of-the-cancel"


def test_a_retry_is_told_as_a_job_of_its_own(api: Api, everything: Subscription) -> None:
    old = done(api, [one(1, operation="update"), one(2)])
    done(api, [one(1)])
    retried = api.post(f"/import-jobs/{old}/retry").json()["id"]
    work(retried)
    jobs = [(one["importJob"]["id"], one["importJob"]["retryOf"]) for one in told("import_job.completed")]
    assert (jobs[0], jobs[2]) == ((old, None), (retried, old))


def test_the_index_of_a_refused_item_is_that_in_its_own_job(api: Api, everything: Subscription) -> None:
    old = done(api, [one(1), one(2, operation="update")])
    retried = api.post(f"/import-jobs/{old}/retry").json()["id"]
    work(retried)
    told_of = [(o["importItem"]["importJobId"], o["importItem"]["index"]) for o in told("target.rejected")]
    assert told_of == [(old, 1), (retried, 0)]


def test_each_subscription_of_the_source_system_has_its_own_delivery(
    api: Api, tenant: Tenant, everything: Subscription
) -> None:
    other = rows.subscription(factories.client(tenant), "target.imported")
    paused = rows.paused(factories.client(tenant), "target.*")
    rows.subscription(factories.client(tenant, source="crm"), "target.*")
    send(api)
    deliveries = Delivery.objects.filter(event_type="target.imported").order_by("subscription_id")
    assert [(one.subscription, one.status) for one in deliveries] == [
        (everything, "Pending"),
        (other, "Pending"),
        (paused, "Cancelled"),
    ]
    assert len({one.event_id for one in deliveries}) == 1


def test_records_that_were_not_sent_again_are_told_as_they_are_stored(
    api: Api, everything: Subscription
) -> None:
    imported(api.post("/inbound/targets", FULL))
    Customer.objects.update(name="Renamed by staff")
    imported(send(api, externalId="JOB-1", operation="update", title="Other"))
    [first] = told("target.imported")
    [payload] = told("target.updated")
    assert payload["customer"] == {**first["customer"], "name": "Renamed by staff"}
    assert (payload["location"], payload["contact"]) == (first["location"], first["contact"])


def test_other_systems_ids_of_a_record_are_never_told(
    api: Api, tenant: Tenant, erp: IntegrationClient, everything: Subscription
) -> None:
    shared = customer(tenant, number="")
    place = location(shared, latitude=None, longitude=None)
    refer(factories.source_system(tenant, "crm"), "CRM-SECRET", shared)
    refer(factories.source_system(tenant, "crm"), "CRM-PLACE", place)
    refer(erp.source_system, "L-1", place)
    imported(send(api, location={"externalId": "L-1"}))
    [payload] = told("target.imported")
    assert payload["customer"] == {
        "ordinavoCustomerId": shared.pk,
        "externalId": None,
        "customerNumber": None,
        "name": shared.name,
    }
    assert (payload["location"]["externalId"], payload["location"]["hasCoordinates"]) == ("L-1", False)
    assert "CRM" not in str(Event.objects.values_list("snapshot"))


def test_a_target_without_customer_data_has_no_customer_blocks(api: Api, everything: Subscription) -> None:
    send(api)
    [payload] = told("target.imported")
    assert not {"customer", "location", "contact"} & set(payload)


def test_an_item_that_is_rolled_back_alone_is_told_as_refused_only(
    api: Api, everything: Subscription
) -> None:
    job_id = accepted(api, [whole(number) for number in range(4)])
    broken = ImportItem.objects.get(job=job_id, index=2)
    # No form lets such a title through; so this is what a fault in one would lead to.
    broken.draft["values"]["title"] = "x" * 201
    broken.save()
    work(job_id)
    assert [kind for kind in types() if kind != "import_job.completed"] == [
        "target.imported",
        "target.imported",
        "target.rejected",
        "target.imported",
    ]
    [payload] = told("target.rejected")
    assert (payload["importItem"]["index"], payload["importItem"]["errorCode"]) == (2, "internal_error")
    assert payload["target"]["id"] is None
    assert [one["target"]["externalId"] for one in told("target.imported")] == ["T-0", "T-1", "T-3"]


def test_nothing_is_stored_and_one_statement_asked_where_nobody_listens(api: Api) -> None:
    work(accepted(api, many(2)))
    job_id = accepted(api, [whole(number) for number in range(3)])
    with CaptureQueriesContext(connection) as captured:
        work_chunk(job_id)
    asked = [query["sql"] for query in captured if "webhooks_" in query["sql"]]
    assert len(asked) == 1
    assert not Event.objects.exists()


@pytest.mark.parametrize("kind", ["new", "changed", "refused"])
def test_telling_costs_the_same_statements_whatever_the_length_of_a_chunk(kind: str) -> None:
    def cost(count: int, *, listening: bool) -> int:
        client = factories.client(factories.tenant(), **factories.ALL_SWITCHES)
        if listening:
            rows.subscription(client, "target.*", "import_job.*")
        api, sent = Api(client), [whole(number) for number in range(count)]
        if kind != "new":
            done(api, sent)
            change = {"title": "Other"} if kind == "changed" else {"operation": "create"}
            sent = [one(number, **change) for number in range(count)]
        job_id = accepted(api, sent)
        with CaptureQueriesContext(connection) as captured:
            work_chunk(job_id)
        return len(captured)

    silent, few, several = cost(2, listening=False), cost(2, listening=True), cost(120, listening=True)
    # Events and deliveries; records or targets that are not in memory take one more.
    assert few - silent == {"new": 2, "changed": 3, "refused": 3}[kind]
    assert several == few or kind == "new"
