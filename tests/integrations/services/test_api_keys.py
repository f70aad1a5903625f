from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from integrations import keys
from integrations.models import ApiKey, IntegrationClient
from integrations.services.api_keys import issue_key, revoke_key, rotate_key
from ordinavo.kernel.errors import Conflict, ValidationFailed
from ordinavo.tenants.models import AuditEntry
from tests import factories
from tests.api import BASE

DAY = timedelta(days=1)


def _opens(secret: str) -> bool:
    headers = {"Authorization": f"Bearer {secret}"}
    return Client().get(f"{BASE}/integration/health", headers=headers).status_code == 200


def test_an_issued_key_opens_the_door_and_its_secret_is_kept_nowhere(erp: IntegrationClient) -> None:
    key, secret = issue_key(client=erp, label="First")
    assert secret.startswith("fio_live_")
    assert (key.label, key.visible_start) == ("First", secret[:13])
    assert bytes(key.digest) == keys.digest(secret)
    assert _opens(secret)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.tenant) == ("api_key.issued", key.id, erp.tenant)
    assert entry.details == {"client": erp.name, "key": key.visible_start}


def test_a_test_client_gets_test_keys(erp: IntegrationClient) -> None:
    _, secret = issue_key(client=factories.client(factories.twin(erp.tenant)))
    assert secret.startswith("fio_test_")


def test_a_key_is_not_issued_for_the_past(erp: IntegrationClient) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        issue_key(client=erp, expires_at=timezone.now())
    assert refusal.value.details[0].path == "expires_at"
    assert not ApiKey.objects.exists()


def test_a_revoked_key_opens_nothing_and_keeps_its_first_time(erp: IntegrationClient) -> None:
    key, secret = issue_key(client=erp)
    first = revoke_key(key=key).revoked_at
    assert not _opens(secret)
    assert revoke_key(key=key).revoked_at == first
    assert AuditEntry.objects.filter(action="api_key.revoked").count() == 1


def test_both_keys_work_during_the_overlap(erp: IntegrationClient) -> None:
    old, old_secret = issue_key(client=erp, label="ERP")
    before = timezone.now()
    new, new_secret = rotate_key(key=old, overlap=DAY)
    old.refresh_from_db()
    assert old.expires_at is not None
    assert before + DAY <= old.expires_at <= timezone.now() + DAY
    assert (new.client, new.label, new.expires_at) == (erp, "ERP", None)
    assert _opens(old_secret)
    assert _opens(new_secret)
    ApiKey.objects.filter(id=old.id).update(expires_at=timezone.now())
    assert not _opens(old_secret)
    assert _opens(new_secret)


def test_without_an_overlap_the_old_key_ends_at_once(erp: IntegrationClient) -> None:
    old, old_secret = issue_key(client=erp)
    _, new_secret = rotate_key(key=old, overlap=timedelta(0))
    assert not _opens(old_secret)
    assert _opens(new_secret)


def test_an_old_key_never_works_longer_than_it_would_have(erp: IntegrationClient) -> None:
    ends = timezone.now() + timedelta(hours=1)
    old, _ = issue_key(client=erp, expires_at=ends)
    rotate_key(key=old, overlap=DAY)
    old.refresh_from_db()
    assert old.expires_at == ends


def test_a_rotation_is_written_down_with_the_key_it_replaces(erp: IntegrationClient) -> None:
    old, _ = issue_key(client=erp)
    new, _ = rotate_key(key=old, overlap=DAY)
    entry = AuditEntry.objects.get(action="api_key.rotated")
    assert entry.subject_id == new.id
    assert entry.details == {"client": erp.name, "key": new.visible_start, "replaces": old.visible_start}


@pytest.mark.parametrize("state", ["revoked_at", "expires_at"])
def test_a_key_that_does_not_work_is_not_rotated(erp: IntegrationClient, state: str) -> None:
    key, _ = factories.key(erp, **{state: timezone.now()})
    with pytest.raises(Conflict):
        rotate_key(key=key, overlap=DAY)
    assert ApiKey.objects.count() == 1


def test_an_overlap_is_not_negative_and_a_new_key_not_for_the_past(erp: IntegrationClient) -> None:
    key, _ = factories.key(erp)
    with pytest.raises(ValidationFailed):
        rotate_key(key=key, overlap=-DAY)
    with pytest.raises(ValidationFailed):
        rotate_key(key=key, overlap=DAY, expires_at=timezone.now())
    key.refresh_from_db()
    assert key.expires_at is None
    assert ApiKey.objects.count() == 1
