"""`GET /webhooks/event-types`: everything that can be subscribed to, with schema and example."""

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.api import Api
from tests.webhooks.api.calling import TYPES, subscribed
from webhooks.api.event_types import event_types_out
from webhooks.catalog.types import EVENT_TYPES

pytestmark = pytest.mark.django_db


def test_all_event_types_are_told_as_one_page(api: Api) -> None:
    body = api.get(TYPES).json()
    assert (body["next"], body["previous"]) == (None, None)
    assert [one["name"] for one in body["results"]] == list(EVENT_TYPES)
    assert len(body["results"]) == 27
    assert {one["name"] for one in body["results"] if one["requiredFeature"] == "billing_webhooks"} == {
        "billing.event_created",
        "billing.event_ready",
        "billing.event_sent",
        "billing.event_failed",
    }
    assert all(one["description"] for one in body["results"])


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_an_example_fits_its_schema(name: str) -> None:
    told = next(one for one in event_types_out() if one["name"] == name)
    Draft202012Validator.check_schema(told["schema"])
    assert list(Draft202012Validator(told["schema"]).iter_errors(told["example"])) == []
    assert told["example"]["eventType"] == name


def test_every_type_and_every_noun_can_be_subscribed_to(api: Api) -> None:
    free = [name for name in EVENT_TYPES if not name.startswith("billing.")]
    nouns = sorted({name.partition(".")[0] + ".*" for name in free})
    assert subscribed(api, eventTypes=[*free, *nouns])["eventTypes"] == [*free, *nouns]
