import time
from threading import Event, Thread

import pytest
from django.db import connections, transaction

from integrations.models import SourceSystem
from ordinavo.kernel.errors import Conflict, ValidationFailed
from ordinavo.kernel.saving import save_new
from ordinavo.tenants.models import Tenant
from tests import factories


def test_a_row_is_saved_if_it_is_valid(tenant: Tenant) -> None:
    assert save_new(SourceSystem(tenant=tenant, key="erp", name="ERP")).pk is not None


def test_a_row_that_is_not_valid_is_refused_with_every_field(tenant: Tenant) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        save_new(SourceSystem(tenant=tenant, key="Not good", name=""))
    assert [(detail.path, detail.message) for detail in refusal.value.details] == [
        ("key", "Use a-z, 0-9 and _."),
        ("name", "This field cannot be blank."),
    ]
    assert not SourceSystem.objects.exists()


def test_what_concerns_the_whole_row_has_no_path(tenant: Tenant) -> None:
    factories.source_system(tenant, "erp")
    with pytest.raises(ValidationFailed) as refusal:
        save_new(SourceSystem(tenant=tenant, key="erp", name="ERP"))
    assert [(detail.path, detail.message) for detail in refusal.value.details] == [
        ("", "The tenant has a source system with this key."),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_lost_race_is_a_conflict() -> None:
    tenant = factories.tenant()
    written = Event()

    def winner() -> None:
        with transaction.atomic():
            save_new(SourceSystem(tenant=tenant, key="erp", name="Winner"))
            written.set()
            # Time for the loser to pass its checks and to wait at the constraint.
            time.sleep(0.3)
        connections.close_all()

    thread = Thread(target=winner)
    thread.start()
    written.wait(5)
    with pytest.raises(Conflict, match="Somebody made the same source system at this moment"):
        save_new(SourceSystem(tenant=tenant, key="erp", name="Loser"))
    thread.join()
    assert SourceSystem.objects.get().name == "Winner"
