"""For whom a set of items is worked off."""

from dataclasses import dataclass

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION
from customers.matching.policy import MappingPolicy
from integrations.models import IntegrationClient, SourceSystem
from integrations.scopes import Scope
from ordinavo.tenants.models import Tenant

_SWITCHES = {CUSTOMER: "customers", LOCATION: "locations", CONTACT: "contacts"}


@dataclass(frozen=True, slots=True)
class Context:
    """The tenant, the client and the job that the items belong to."""

    client: IntegrationClient
    job_id: int

    @property
    def tenant(self) -> Tenant:
        """The tenant whose rows are read and written."""
        return self.client.tenant

    @property
    def source_system(self) -> SourceSystem:
        """The system whose external ids are meant."""
        return self.client.source_system

    @property
    def policy(self) -> MappingPolicy:
        """How far mapping may go, from the client's settings and scopes."""
        return MappingPolicy(
            strategy=self.client.mapping_strategy,
            fallbacks=tuple(self.client.mapping_fallbacks),
            create=self._switched_on("create"),
            update=self._switched_on("update"),
            may_write=Scope.CUSTOMERS_WRITE.value in self.client.scopes,
            link_score=self.client.link_score,
            review_score=self.client.review_score,
            link_margin=self.client.link_margin,
        )

    def _switched_on(self, verb: str) -> frozenset[str]:
        return frozenset(
            kind for kind, plural in _SWITCHES.items() if getattr(self.client, f"{verb}_{plural}")
        )
