"""Having a tenant's searches by name and address ready when an import needs them."""

from customers.matching.profiles import Matching, matching_of
from customers.models import Customer
from customers.services.search_keys import build_search_keys
from ordinavo.kernel.errors import Unavailable
from ordinavo.tenants.models import Tenant

# So many customers are made ready while the import waits; more take the minute that beat needs for them.
_AT_ONCE = 500


def ready_matching(tenant: Tenant) -> Matching:
    """Return how the tenant's records are compared.

    `Unavailable` while keys are still being written: a search that overlooks half of the customers would
    create them a second time.
    """
    matching = matching_of(tenant)
    if matching is not None:
        return matching
    some = Customer.objects.filter(tenant=tenant).order_by().values_list("pk", flat=True)[: _AT_ONCE + 1]
    if len(some) <= _AT_ONCE and build_search_keys(tenant=tenant):
        matching = matching_of(tenant, remember=False)
    if matching is None:
        raise Unavailable(
            "The customers are being made ready for searches by name and address.", retry_after=15
        )
    return matching
