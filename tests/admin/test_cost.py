"""What lists cost: the same number of statements for 5 and for 50 rows, and no counting of tables."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportJob
from targets.models import Target
from tests import factories
from tests.admin.conftest import OURS
from tests.admin.world import item_of, job_of, path_of, registered, world

# Session, person, permissions (2), tenants (2) and the rows; related filters add one each.
MOST_STATEMENTS = 12
# The start page has a dozen parts, each with one statement or two.
MOST_OF_START = 40


def statements(browser: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.fixture
def five(tenant: Tenant, operator: Client) -> Client:
    for _ in range(5):
        world(tenant, OURS)
    return operator


def test_no_list_asks_more_of_the_database_for_more_rows(five: Client, tenant: Tenant) -> None:
    few = {model: statements(five, path_of(model, "changelist")) for model in registered()}
    for _ in range(45):
        world(tenant, OURS)
    many = {model: statements(five, path_of(model, "changelist")) for model in registered()}

    assert {model.__name__: len(asked) for model, asked in many.items()} == {
        model.__name__: len(asked) for model, asked in few.items()
    }
    assert max(len(asked) for asked in many.values()) <= MOST_STATEMENTS


def test_no_list_and_no_search_counts_a_table(five: Client) -> None:
    for model in registered():
        for query in ("", f"?q={OURS}"):
            asked = statements(five, path_of(model, "changelist") + query)
            assert [sql for sql in asked if sql.startswith("SELECT COUNT(")] == []


def test_lists_of_all_tenants_cost_no_statement_per_row(operator: Client) -> None:
    operator.post("/admin/tenants/tenant/switch/", {"tenant": ""})
    for _ in range(3):
        world(factories.tenant(), OURS)
    few = {model: len(statements(operator, path_of(model, "changelist"))) for model in registered()}
    for _ in range(5):
        world(factories.tenant(), OURS)
    many = {model: len(statements(operator, path_of(model, "changelist"))) for model in registered()}

    assert many == few


def test_the_page_of_a_job_costs_the_same_with_many_items(operator: Client, tenant: Tenant) -> None:
    client = factories.client(tenant)
    rows = world(tenant, OURS)
    # The first look at any page also reads content types, which stay in memory.
    statements(operator, path_of(ImportJob, "change", rows[ImportJob].pk))
    pages = []
    for number in (5, 50):
        job = job_of(client, correlation_id="c", total_items=number, created_items=number)
        for index in range(number):
            item_of(job, index=index, external_id=f"I{index}", target=rows[Target])
        pages.append(len(statements(operator, path_of(ImportJob, "change", job.pk))))

    assert pages[0] == pages[1]


def test_the_start_page_costs_the_same_with_many_imports(operator: Client, tenant: Tenant) -> None:
    for _ in range(10):
        world(tenant, OURS)
    few = len(statements(operator, "/admin/"))
    for _ in range(20):
        world(tenant, OURS)

    assert len(statements(operator, "/admin/")) == few <= MOST_OF_START
