"""An employee with a phone, in German time, speaking English."""

import pytest
from django.test import Client

from ordinavo.tenants.models import Tenant
from targets.visits.models import Employee
from tests.visits.phones import phone
from tests.visits.rows import employee


@pytest.fixture
def ada(tenant: Tenant) -> Employee:
    return employee(tenant, name="Ada Berg", language="en")


@pytest.fixture
def mobile(ada: Employee) -> Client:
    return phone(ada)
