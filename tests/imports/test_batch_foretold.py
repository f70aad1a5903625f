"""`validateOnly` for batches: what is foretold, item by item, is what then happens; nothing else is kept."""

from collections.abc import Collection
from random import Random
from typing import Any

import pytest
from django.apps import apps
from pytest_django import Settings

from customers.models import Contact, Customer, Location
from integrations.models import IdempotencyRecord, IntegrationClient
from ordinavo.kernel.reactions import register, unregister
from targets.imports.models import ImportItem, ImportJob, MappingReview, ReviewedItem
from targets.imports.pipeline.chunk import work_chunk
from targets.imports.pipeline.write import CANCELLED
from targets.models import Target, TargetTemplate
from tests.api import Api
from tests.imports.batching import ONLY, accepted, counted, done, fates, items, job, many, one

pytestmark = pytest.mark.django_db

KEPT = {ImportJob, ImportItem, IdempotencyRecord}
MADE: dict[str, Any] = {
    "targetId": Target,
    "customerId": Customer,
    "customerLocationId": Location,
    "customerContactId": Contact,
}
STRATEGIES = ("ExternalIdFirst", "ExternalIdThenCustomerNumber", "ExternalIdOnly", "ManualOnly")


def _everything() -> dict[str, list[Any]]:
    """Every row of our rooms, but for the protocol of imports and notes of key use."""
    rooms = ("integrations", "customers", "targets", "imports")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in models
        if model not in KEPT and model.__name__ != "ApiKey"
    }


def _known() -> dict[str, set[int]]:
    return {name: set(model.objects.values_list("pk", flat=True)) for name, model in MADE.items()}


def _without_new_ids(told: list[dict[str, Any]], known: dict[str, set[int]]) -> list[dict[str, Any]]:
    for item in told:
        for place in (item, item.get("customerMapping") or {}):
            for name in known.keys() & place.keys():
                place[name] = place[name] if place[name] in known[name] else None
    return told


def _foretell_and_do(api: Api, sent: list[Any]) -> list[dict[str, Any]]:
    """Foretell a batch and then do it; both must tell the same, and the first must leave no trace."""
    before, known = _everything(), _known()
    foretold = done(api, sent, query=ONLY)
    assert _everything() == before
    real = done(api, sent)
    told = items(api, foretold)
    assert told == _without_new_ids(items(api, real), known)
    first, second = job(api, foretold), job(api, real)
    assert (counted(first), first["status"]) == (counted(second), second["status"])
    assert (first["validateOnly"], second["validateOnly"]) == (True, False)
    return told


# --- A mix of everything -----------------------------------------------------------------------------------


def _some(random: Random, **members: Any) -> dict[str, Any]:
    """Some of the members."""
    return {name: value for name, value in members.items() if random.random() < 0.6}


def _customer(random: Random) -> dict[str, Any]:
    number = random.randrange(5)
    return _some(
        random,
        externalId=f"C-{number}",
        customerNumber=f"N-{random.choice((number, random.randrange(5)))}",
        name=random.choice(("Ada", "Bob")),
        email=f"{random.randrange(3)}@example.com",
        contactName="Anna",
    )


def _location(random: Random) -> dict[str, Any]:
    return _some(
        random,
        externalId=f"L-{random.randrange(5)}",
        name="Werk",
        city=random.choice(("Essen", "Bochum")),
        defaultPriority="High",
        defaultEstimatedWorkMinutes=random.randrange(1, 90),
    )


def _contact(random: Random) -> dict[str, Any]:
    return _some(
        random,
        externalId=f"K-{random.randrange(5)}",
        displayName="Anna",
        email=f"{random.randrange(3)}@example.com",
    )


def _planning(random: Random) -> dict[str, Any]:
    hour = random.randrange(6, 20)
    return _some(
        random,
        priority=random.choice(("Low", "High", "Medium")),
        estimatedWorkMinutes=random.randrange(0, 100, 10),
        timeWindowStartUtc=f"2026-07-01T{hour:02}:00:00Z",
        timeWindowEndUtc=f"2026-07-01T{hour + random.randrange(-2, 4):02}:00:00Z",
        dueDate="2026-07-01",
    )


_BROKEN: tuple[Any, ...] = (5, None, {"title": "Nameless"}, one("X", title=7), one("X", sourceSystem="crm"))


def _item(random: Random) -> Any:
    if random.random() < 0.06:
        return random.choice(_BROKEN)
    operations = ["upsert"] * 6 + ["create", "update", "update", "cancel"]
    records = {
        "customer": random.choice((_customer(random), _customer(random), None)),
        "location": random.choice((_location(random), _location(random), None)),
        "contact": random.choice((_contact(random), _contact(random), None)),
    }
    return one(
        random.randrange(25),
        title=random.choice(("Visit", "Repair")),
        operation=random.choice(operations),
        **_some(
            random,
            **records,
            planning=_planning(random),
            templateKey=random.choice(("stop", "nope")),
            customFields={"a": random.randrange(2)},
            address={"city": "Essen"},
        ),
        **({"unknown": 1} if random.random() < 0.1 else {}),
    )


def _prepare(api: Api, client: IntegrationClient, random: Random) -> None:
    """A world with targets in all states, customers that fit and some that are in doubt."""
    TargetTemplate.objects.create(tenant=client.tenant, key="stop", name="S", default_priority="Low")
    done(api, [_item(random) for _ in range(25)])
    statuses = [status for status in Target.Status.values if status != "Open"]
    for target in Target.objects.order_by("id"):
        if random.random() < 0.5:
            Target.objects.filter(pk=target.pk).update(status=random.choice(statuses))
    for customer in Customer.objects.order_by("id"):
        if random.random() < 0.2:
            Customer.objects.filter(pk=customer.pk).update(active=False)
    client.mapping_strategy = random.choice(STRATEGIES)
    client.mapping_fallbacks = random.sample(["customerNumber", "email", "phone"], random.randrange(4))
    for verb in ("create", "update"):
        for kind in ("customers", "locations", "contacts"):
            setattr(client, f"{verb}_{kind}", random.random() < 0.7)
    client.save()


@pytest.mark.parametrize("seed", range(16))
def test_what_is_foretold_of_a_mix_of_everything_is_what_then_happens(
    api: Api, erp: IntegrationClient, settings: Settings, seed: int
) -> None:
    random = Random(seed)
    _prepare(api, erp, random)
    settings.IMPORT_CHUNK = random.choice((1, 7, 500))
    told = _foretell_and_do(api, [_item(random) for _ in range(60)])
    assert len(told) == 60


def test_the_mix_has_everything_in_it(api: Api, erp: IntegrationClient) -> None:
    seen: set[str] = set()
    for seed in range(16):
        random = Random(seed)
        drawn = [_item(random) for _ in range(85)]
        if seed < 3:
            job_id = done(api, drawn)
            Target.objects.filter(external_id__in=("T-1", "T-2")).update(status="InProgress")
            Target.objects.filter(external_id__in=("T-3", "T-4")).update(status="Completed")
            seen.update(word for fate in fates(api, job_id) for word in fate.split())
    assert seen >= {"Created", "Updated", "Unchanged", "Cancelled", "duplicate_in_batch", "target_reopened"}
    assert seen >= {"unknown_field", "unknown_template", "address_ignored", "contact_name_ignored"}
    assert seen >= {"missing_external_id", "validation_failed", "external_id_exists", "unknown_external_id"}
    assert seen >= {"source_system_not_allowed", "target_in_progress", "target_closed"}


# --- One by one --------------------------------------------------------------------------------------------


def test_later_items_of_a_foretelling_build_on_earlier_ones(api: Api, settings: Settings) -> None:
    settings.IMPORT_CHUNK = 2
    told = _foretell_and_do(
        api,
        [
            one(1, customer={"externalId": "C", "name": "A"}),
            one(2, customer={"externalId": "C", "name": "A"}),
            one(1, operation="create"),
            one(1, operation="cancel"),
            one(1, title="Other"),
        ],
    )
    assert [item["status"] for item in told] == ["Imported", "Imported", "Rejected", "Imported", "Imported"]
    assert [item.get("targetId", 0) for item in told] == [None, None, 0, None, None]
    assert [told[index]["customerMapping"]["status"] for index in (0, 1)] == ["Created", "Mapped"]
    assert [told[index]["customerMapping"]["customerId"] for index in (0, 1)] == [None, None]


def test_a_foretelling_is_one_chunk_however_small_chunks_are(api: Api, settings: Settings) -> None:
    settings.IMPORT_CHUNK = 1
    job_id = accepted(api, many(5), query=ONLY)
    assert work_chunk(job_id) is False
    assert fates(api, job_id) == ["Created"] * 5
    assert not Target.objects.exists()


def test_a_thousand_items_are_foretold(api: Api) -> None:
    job_id = done(api, many(1000), query=ONLY)
    assert counted(job(api, job_id)) == {"totalItems": 1000, "createdItems": 1000}
    assert not Target.objects.exists()


def test_foretold_doubts_open_no_review(api: Api, erp: IntegrationClient) -> None:
    erp.mapping_strategy = "ManualOnly"
    erp.save()
    job_id = done(api, many(3, customer={"externalId": "C", "name": "A"}), query=ONLY)
    assert job(api, job_id)["needsReviewItems"] == 3
    assert not MappingReview.objects.exists()
    assert not ReviewedItem.objects.exists()


def test_a_foretelling_knows_nothing_of_batches_that_still_wait(api: Api) -> None:
    first = accepted(api, [one(1, title="First")])
    foretold = done(api, [one(1, title="Second")], query=ONLY)
    assert fates(api, foretold) == ["Created"]
    while work_chunk(first):
        pass
    assert fates(api, first) == ["Created"]


def _breaks_for_three(ids: Collection[int]) -> None:
    if Target.objects.filter(pk__in=ids, external_id="T-3").exists():
        raise RuntimeError("A reaction broke.")


def test_an_item_that_breaks_is_foretold_to_break_alone(api: Api) -> None:
    done(api, many(5))
    Target.objects.filter(external_id="T-3").update(status="Scheduled")
    new = {"customer": {"externalId": "C", "name": "New"}}
    register(CANCELLED, _breaks_for_three)
    try:
        told = _foretell_and_do(
            api, [one(1), one(3, operation="cancel"), one(7, **new), one(7, title="Again"), one(8, **new)]
        )
    finally:
        unregister(CANCELLED, _breaks_for_three)
    assert [item.get("result") or item["errorCode"] for item in told] == [
        "Unchanged",
        "internal_error",
        "Created",
        "Updated",
        "Created",
    ]
    assert [item.get("targetId") for item in told[2:]] == [None, None, None]
    assert [told[2]["customerMapping"]["customerId"], told[4]["customerMapping"]["customerId"]] == [
        None,
        None,
    ]
