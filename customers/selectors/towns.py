"""The towns of a tenant that go by several names."""

from customers.cities import CityAlias
from customers.matching.towns import NO_TOWNS, Towns
from ordinavo.tenants.models import Tenant


def towns_of(tenant: Tenant) -> Towns:
    """Return which names mean one town with this tenant: one statement."""
    pairs = CityAlias.objects.filter(tenant=tenant).order_by("pk").values_list("alias", "city")
    found = list(pairs)
    return Towns(found) if found else NO_TOWNS
