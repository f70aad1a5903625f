"""What `validateOnly` foretells is what then happens; and of the foretelling nothing but the job is kept."""

from typing import Any

from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Contact, Customer, ExternalReference, Location
from integrations.models import IdempotencyRecord, IntegrationClient
from targets.imports.models import ImportItem, ImportJob, MappingReview, ReviewedItem
from targets.models import Target
from tests.api import Api
from tests.imports.sending import PATH, imported, payload, result, send

ONLY = "?validateOnly=true"
FULL: dict[str, Any] = {
    "customer": {"externalId": "C", "customerNumber": "7", "name": "A"},
    "location": {"externalId": "L", "city": "Essen"},
    "contact": {"externalId": "K", "displayName": "B"},
}
KEPT = {ImportJob, ImportItem, IdempotencyRecord}
MADE = {
    "targetId": Target,
    "customerId": Customer,
    "customerLocationId": Location,
    "customerContactId": Contact,
}


def _everything() -> dict[str, list[Any]]:
    """Every row of our rooms, but for the protocol of imports and notes of key use."""
    rooms = ("integrations", "customers", "targets", "imports")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in models
        if model not in KEPT and model.__name__ != "ApiKey"
    }


def test_of_a_foretelling_nothing_but_the_job_is_kept(api: Api) -> None:
    before = _everything()
    answer = send(api, query=ONLY, **FULL, unknown=1)
    item = imported(answer)
    assert (item["result"], item["targetId"]) == ("Created", None)
    mapping = item["customerMapping"]
    assert mapping["status"] == "Created"
    assert [mapping[name] for name in list(MADE)[1:]] == [None, None, None]
    assert _everything() == before

    job = api.get(f"/import-jobs/{answer.json()['importJobId']}").json()
    assert (job["validateOnly"], job["status"], job["createdItems"]) == (True, "Completed", 1)
    assert api.get(f"/import-jobs/{job['id']}/items").json()["results"] == [item]


def test_a_foretold_refusal_is_the_refusal(api: Api) -> None:
    send(api)
    foretold, real = (send(api, query=query, operation="create") for query in (ONLY, ""))
    assert result(foretold) == result(real) == "422 external_id_exists"
    jobs = ImportJob.objects.order_by("id").values_list("validate_only", "status")
    assert list(jobs) == [(False, "Completed"), (True, "Failed"), (False, "Failed")]


def test_a_foretold_review_is_not_opened(api: Api, erp: IntegrationClient) -> None:
    erp.mapping_strategy = "ManualOnly"
    erp.save()
    assert imported(send(api, query=ONLY, **FULL))["customerMapping"]["status"] == "NeedsReview"
    assert not MappingReview.objects.exists()
    assert not ReviewedItem.objects.exists()


def test_a_foretelling_under_a_key_is_given_again_and_is_another_request_than_the_real_one(api: Api) -> None:
    first, again = (api.post(PATH + ONLY, payload(**FULL), Idempotency_Key="k") for _ in range(2))
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (ImportJob.objects.count(), Target.objects.count(), Customer.objects.count()) == (1, 0, 0)

    real = api.post(PATH, payload(**FULL), Idempotency_Key="k")
    assert real.json()["error"]["code"] == "idempotency_conflict"
    assert api.post(PATH, payload(**FULL), Idempotency_Key="k2").json()["createdItems"] == 1


def test_a_foretelling_does_not_move_the_place_of_a_target(api: Api) -> None:
    send(api)
    before = Target.objects.values().get()
    assert result(send(api, query=ONLY)) == "Unchanged"
    assert Target.objects.values().get() == before


# --- Foretold and then done ----------------------------------------------------------------

IDS = st.sampled_from(["A", "B"])
MAYBE_ID = st.one_of(IDS, st.none())
RECORDS: dict[str, st.SearchStrategy[Any]] = {
    "customer": st.fixed_dictionaries(
        {},
        optional={
            "externalId": MAYBE_ID,
            "customerNumber": IDS,
            "name": IDS,
            "email": st.sampled_from(["a@example.com", "b@example.com"]),
        },
    ),
    "location": st.fixed_dictionaries(
        {}, optional={"externalId": MAYBE_ID, "name": IDS, "defaultPriority": st.just("High")}
    ),
    "contact": st.fixed_dictionaries(
        {}, optional={"externalId": MAYBE_ID, "displayName": IDS, "email": st.just("a@example.com")}
    ),
}
STEPS = st.fixed_dictionaries(
    {
        "externalId": IDS,
        "title": IDS,
        "operation": st.sampled_from(["upsert", "upsert", "upsert", "create", "update", "cancel"]),
    },
    optional={
        **{kind: st.one_of(record, record, st.none()) for kind, record in RECORDS.items()},
        "templateKey": IDS,
        "planning": st.fixed_dictionaries(
            {},
            optional={
                "priority": st.sampled_from(["Low", "High"]),
                "timeWindowStartUtc": st.sampled_from(["2026-07-01T08:00:00Z", "2026-07-01T16:00:00Z"]),
                "timeWindowEndUtc": st.sampled_from(["2026-07-01T09:00:00Z", "2026-07-01T17:00:00Z"]),
            },
        ),
    },
)
CLIENTS = st.fixed_dictionaries(
    {
        "mapping_strategy": st.sampled_from(
            ["ExternalIdFirst", "ExternalIdThenCustomerNumber", "ExternalIdOnly", "ManualOnly"]
        ),
        "mapping_fallbacks": st.sampled_from([[], ["email"], ["customerNumber", "email"]]),
        "create_customers": st.booleans(),
        "update_customers": st.booleans(),
    }
)


@settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=2, max_size=5), fields=CLIENTS, status=st.sampled_from(Target.Status))
def test_what_is_foretold_is_what_then_happens(
    api: Api, steps: list[dict[str, Any]], fields: dict[str, Any], status: str
) -> None:
    with transaction.atomic():
        IntegrationClient.objects.filter(pk=api.client.pk).update(**fields)
        for number, step in enumerate(steps):
            if number == len(steps) - 1:
                Target.objects.update(status=status)
            _foretell_and_do(api, step)
        transaction.set_rollback(True)


def _foretell_and_do(api: Api, step: dict[str, Any]) -> None:
    before = _everything()
    known = {name: set(model._default_manager.values_list("pk", flat=True)) for name, model in MADE.items()}
    foretold = api.post(PATH + ONLY, step)
    assert _everything() == before
    real = api.post(PATH, step)
    assert foretold.status_code == real.status_code
    assert _told(foretold, known) == _told(real, known)


def _told(answer: Any, known: dict[str, set[int]]) -> Any:
    """An answer without what differs by nature: its job, its correlation id, the ids of new rows."""
    body = answer.json()
    body.pop("importJobId", None)
    body.pop("links", None)
    if "error" in body:
        return {**body["error"], "correlationId": "", "importJobId": 0}
    item = body["items"][0]
    for place in (item, item["customerMapping"] or {}):
        for name in known.keys() & place.keys():
            if place[name] not in known[name]:
                place[name] = None
    return body


def test_references_are_left_to_the_real_import(api: Api) -> None:
    send(api, query=ONLY, **FULL)
    assert not ExternalReference.objects.exists()
    mapping = imported(send(api, **FULL))["customerMapping"]
    assert mapping["status"] == "Created"
    assert None not in [mapping[name] for name in list(MADE)[1:]]
