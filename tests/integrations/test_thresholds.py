"""A client's thresholds make sense, whoever writes them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from customers.matching.policy import MappingPolicy
from integrations.models import IntegrationClient
from targets.imports.pipeline.context import Context
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> IntegrationClient:
    return factories.client(factories.tenant())


@pytest.mark.parametrize(
    ("field", "value"),
    [("link_score", 1.01), ("link_score", -0.1), ("review_score", 2.0), ("link_margin", 0.51)],
)
def test_scores_lie_between_nothing_and_one_and_margins_below_a_half(
    client: IntegrationClient, field: str, value: float
) -> None:
    setattr(client, field, value)
    with pytest.raises(ValidationError) as refusal:
        client.full_clean()
    assert field in refusal.value.message_dict


def test_what_is_linked_scores_at_least_what_is_reviewed(client: IntegrationClient) -> None:
    client.link_score, client.review_score = 0.5, 0.6
    with pytest.raises(ValidationError, match="at least what is reviewed"):
        client.full_clean()
    with pytest.raises(IntegrityError, match="client_links_from_no_less_than_it_reviews"):
        client.save()


def test_the_defaults_of_clients_are_those_of_the_policy(client: IntegrationClient) -> None:
    policy, own = MappingPolicy(), Context(client, 1).policy
    for name in ("link_score", "review_score", "link_margin"):
        assert getattr(own, name) == getattr(policy, name)
