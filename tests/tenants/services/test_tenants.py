import pytest

from ordinavo.kernel.errors import ValidationFailed
from ordinavo.tenants.models import AuditEntry, Tenant
from ordinavo.tenants.services.tenants import Region, create_tenant

pytestmark = pytest.mark.django_db


def test_a_tenant_is_made_with_its_test_twin() -> None:
    tenant = create_tenant(slug="acme", name="Acme", region=Region("Europe/Vienna", "AT", "EUR"))
    twin = Tenant.objects.get(twin_of=tenant)
    assert (tenant.slug, tenant.name, tenant.is_test) == ("acme", "Acme", False)
    assert (twin.slug, twin.name, twin.is_test) == ("acme-test", "Acme (test)", True)
    assert {(row.time_zone, row.country, row.currency) for row in (tenant, twin)} == {
        ("Europe/Vienna", "AT", "EUR")
    }


def test_making_a_tenant_is_written_down() -> None:
    tenant = create_tenant(slug="acme", name="Acme")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.tenant, entry.actor) == ("tenant.created", tenant, None)
    assert (entry.subject_type, entry.subject_id) == ("tenants.tenant", tenant.id)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"slug": "Acme"}, "slug"),
        ({"slug": "a--b"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"slug": "x" * 51}, "slug"),
        ({"name": ""}, "name"),
        ({"region": Region(time_zone="Mars/Base")}, "time_zone"),
        ({"region": Region(country="XX")}, "country"),
        ({"region": Region(currency="eur")}, "currency"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_made(fields: dict[str, object], path: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        create_tenant(**{"slug": "acme", "name": "Acme", **fields})  # type: ignore[arg-type]
    assert [detail.path for detail in refusal.value.details] == [path]
    assert not Tenant.objects.exists()


def test_a_slug_that_is_taken_by_either_is_refused() -> None:
    create_tenant(slug="acme", name="Acme")
    for slug in ("acme", "acme-test"):
        with pytest.raises(ValidationFailed):
            create_tenant(slug=slug, name="Other")
    Tenant.objects.create(slug="other-test", name="In the way")
    with pytest.raises(ValidationFailed):
        create_tenant(slug="other", name="Other")
    assert set(Tenant.objects.values_list("slug", flat=True)) == {"acme", "acme-test", "other-test"}
