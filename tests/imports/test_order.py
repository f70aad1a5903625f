"""Items take effect in the order in which their requests were accepted; and sets keep that order, too."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import IntegrationClient
from targets.imports.api.forms import judge_form
from targets.imports.models import place_of
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.drafts import TargetDraft
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.run import Placed
from targets.imports.pipeline.work import work_off
from targets.models import Target
from tests.api import Api
from tests.imports.sending import payload, result, send, warnings

LATER = place_of(job_id=2**40, index=0)


def _work_off(api: Api, *items: tuple[int, dict[str, Any]]) -> list[Outcome]:
    """Hand the engine a set of places and payloads."""
    placed = [Placed(place, _draft(api, **members)) for place, members in items]
    return work_off(Context(api.client, 1), placed)


def _draft(api: Api, **members: Any) -> TargetDraft:
    draft = judge_form(payload(**members), api.client)
    assert isinstance(draft, TargetDraft)
    return draft


def _results(outcomes: list[Outcome]) -> list[str]:
    return [outcome.refusal.code if outcome.refusal else outcome.result for outcome in outcomes]


def _codes(outcome: Outcome) -> list[str]:
    return [warning.code for warning in outcome.warnings]


@pytest.mark.parametrize("operation", ["upsert", "update", "cancel"])
@pytest.mark.parametrize("status", Target.Status)
def test_what_is_older_than_the_last_change_changes_nothing(api: Api, operation: str, status: str) -> None:
    send(api)
    Target.objects.update(place=LATER, status=status)
    before = Target.objects.values().get()

    answer = send(api, operation=operation, title="Older", customer={"externalId": "C", "name": "A"})

    assert (result(answer), warnings(answer)) == ("Unchanged", ["superseded"])
    assert Target.objects.values().get() == before


def test_an_older_create_is_refused_like_any_other(api: Api) -> None:
    send(api)
    Target.objects.update(place=LATER)
    assert result(send(api, operation="create")) == "422 external_id_exists"


def test_what_changes_nothing_moves_the_place_all_the_same(api: Api) -> None:
    send(api)
    created = Target.objects.get()
    job = send(api).json()["importJobId"]
    target = Target.objects.get()
    assert (target.place, target.last_import_job_id) == (place_of(job_id=job, index=0), job)
    assert (target.updated_at, target.revision) == (created.updated_at, 1)

    # A request that was accepted between the two comes late.
    between = place_of(job_id=job, index=0) - 1
    (outcome,) = _work_off(api, (between, {"title": "Between"}))
    assert (outcome.result, _codes(outcome)) == ("Unchanged", ["superseded"])
    assert Target.objects.get().title == "Visit"


def test_a_cancel_of_what_is_cancelled_moves_the_place(api: Api) -> None:
    send(api)
    send(api, operation="cancel")
    job = send(api, operation="cancel").json()["importJobId"]
    assert Target.objects.get().place == place_of(job_id=job, index=0)


def test_a_refused_item_does_not_move_the_place(api: Api) -> None:
    send(api)
    Target.objects.update(status="Completed")
    place = Target.objects.get().place
    send(api, title="Other")
    send(api, operation="create")
    assert Target.objects.get().place == place


def test_an_external_id_twice_in_a_set_is_worked_off_in_order(api: Api) -> None:
    outcomes = _work_off(
        api,
        (1, {"title": "First", "customFields": {"a": 1}}),
        (2, {"title": "Second"}),
        (3, {"operation": "create"}),
        (4, {"title": "Second"}),
        (5, {"operation": "cancel"}),
        (6, {"operation": "update", "title": "Sixth"}),
        (7, {"title": "Seventh"}),
    )
    assert _results(outcomes) == [
        "Created",
        "Updated",
        "external_id_exists",
        "Unchanged",
        "Cancelled",
        "target_closed",
        "Updated",
    ]
    target = Target.objects.get()
    assert (target.title, target.status, target.custom_fields) == ("Seventh", "Open", {"a": 1})
    assert (target.place, target.revision) == (7, 4)
    assert {outcome.target.pk for outcome in outcomes if outcome.target} == {target.pk}


def test_an_older_item_of_a_set_is_superseded_by_a_later_one_before_it(api: Api) -> None:
    outcomes = _work_off(api, (20, {"title": "Later"}), (10, {"title": "Older"}))
    assert _results(outcomes) == ["Created", "Unchanged"]
    assert _codes(outcomes[1]) == ["superseded"]
    assert (Target.objects.get().title, Target.objects.get().place) == ("Later", 20)


def test_a_refused_item_of_a_set_undoes_none_of_its_neighbours(api: Api) -> None:
    customer = {"externalId": "C", "name": "A"}
    outcomes = _work_off(
        api,
        (1, {"externalId": "A", "customer": customer}),
        (2, {"externalId": "B", "operation": "update", "customer": {"externalId": "D", "name": "D"}}),
        (3, {"externalId": "C", "customer": customer}),
    )
    assert _results(outcomes) == ["Created", "unknown_external_id", "Created"]
    assert sorted(Target.objects.values_list("external_id", "customer__name")) == [("A", "A"), ("C", "A")]


@pytest.mark.parametrize("fresh", [True, False])
def test_the_number_of_statements_does_not_depend_on_the_length_of_a_set(
    api: Api, erp: IntegrationClient, fresh: bool
) -> None:
    def statements(count: int, prefix: str, place: int) -> int:
        items = [
            (
                place + n,
                {
                    "externalId": f"{prefix}{n}",
                    "title": f"Visit {place}",
                    "customer": {"externalId": f"{prefix}{n}", "name": "A", "customerNumber": f"{prefix}{n}"},
                    "location": {"externalId": f"{prefix}{n}", "city": "Essen"},
                    "contact": {"externalId": f"{prefix}{n}", "displayName": "B"},
                },
            )
            for n in range(count)
        ]
        with CaptureQueriesContext(connection) as captured:
            _work_off(api, *items)
        return len(captured)

    if not fresh:
        statements(3, "few", 1)
        statements(60, "many", 100)
    assert statements(3, "few", 1_000) == statements(60, "many", 2_000)
