"""Customers, locations, contacts and targets, changed by staff."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from customers.models import Contact, Customer, ExternalReference, Location, TimelineEntry
from ordinavo.tenants.models import AuditEntry, Role, Tenant
from targets.models import Target
from tests.admin.conftest import OURS, LogIn, Rows
from tests.admin.world import path_of

NO_LINES = {
    f"{prefix}-{name}": "0"
    for prefix in ("locations", "contacts", "references", "aliases")
    for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


@pytest.fixture
def manager(log_in: LogIn) -> Client:
    return log_in(Role.MANAGER)


def saved(browser: Client, path: str, data: dict[str, Any]) -> None:
    answer = browser.post(path, data)
    assert answer.status_code == 302, answer.context["errors"]


def test_a_new_customer_gets_tenant_keys_timeline_log_and_audit(tenant: Tenant, manager: Client) -> None:
    fields = {"name": "Müller  GmbH", "number": "K-1", "email": "Info@M.example", "phone": "0201 5550117"}

    saved(manager, "/admin/customers/customer/add/", {**fields, "active": "on"})

    customer = Customer.objects.get()
    assert (customer.tenant, customer.name_key) == (tenant, "müller gmbh")
    assert (customer.email_key, customer.phone_key) == ("info@m.example", "+492015550117")
    line = TimelineEntry.objects.get()
    assert (line.subject_type, line.action) == ("customers.customer", "customer.created")
    assert LogEntry.objects.count() == 1
    entry = AuditEntry.objects.get(action="customer.added")
    assert (entry.tenant, entry.actor, entry.subject_id) == (tenant, line.actor, customer.pk)


def test_a_changed_customer_keeps_its_keys_in_step_and_says_what_changed(ours: Rows, manager: Client) -> None:
    row = ours[Customer]

    saved(manager, path_of(Customer, "change", row.pk), {**NO_LINES, "name": "Neuer Name", "active": "on"})

    row.refresh_from_db()
    assert row.name_key == "neuer name"
    line = TimelineEntry.objects.get(subject_type="customers.customer", action="customer.updated")
    assert line.details == {"changes": ["Changed Name and Customer number."]}
    assert AuditEntry.objects.filter(action="customer.changed", subject_id=row.pk).count() == 1
    assert (
        "Changed Name and Customer number."
        in manager.get(path_of(Customer, "change", row.pk)).content.decode()
    )


def test_a_location_added_on_the_page_of_a_customer_gets_its_tenant_and_key(
    tenant: Tenant, ours: Rows, manager: Client
) -> None:
    row = ours[Customer]
    lines = {
        **NO_LINES,
        "locations-TOTAL_FORMS": "1",
        "locations-0-name": "Lager Nord",
        "locations-0-country": "DE",
        "locations-0-active": "on",
        "locations-0-customer": row.pk,
    }

    saved(manager, path_of(Customer, "change", row.pk), {**lines, "name": row.name, "active": "on"})

    location = Location.objects.get(name="Lager Nord")
    assert (location.tenant, location.customer, location.name_key) == (tenant, row, "lager nord")


def test_half_a_coordinate_and_a_wrong_country_are_refused_with_words(ours: Rows, manager: Client) -> None:
    data = {"name": "L", "customer": ours[Customer].pk, "latitude": "51.4", "country": "XX"}

    form = manager.post("/admin/customers/location/add/", data).context["adminform"].form

    assert "XX is not an ISO 3166-1 alpha-2 country code." in str(form.errors["country"])
    data["country"] = "DE"
    form = manager.post("/admin/customers/location/add/", data).context["adminform"].form
    assert "Give latitude and longitude, or neither." in str(form.errors)
    assert Location.objects.count() == 1


@pytest.mark.parametrize(
    "term", [f"{OURS} cust", OURS.upper(), "K-77", "+49 201 777", "a@b.example", "EXT-1"]
)
def test_customers_are_found_by_name_number_phone_mail_and_external_id(
    term: str, tenant: Tenant, ours: Rows, manager: Client
) -> None:
    row = ours[Customer]
    Customer.objects.filter(pk=row.pk).update(number="K-77", phone_key="+49201777", email_key="a@b.example")
    ExternalReference.objects.filter(customer=row).update(external_id="EXT-1")
    other = Customer.objects.create(tenant=tenant, name="Else", name_key="else")

    page = manager.get("/admin/customers/customer/", {"q": term}).content.decode()

    assert path_of(Customer, "change", row.pk) in page
    assert path_of(Customer, "change", other.pk) not in page


def test_locations_contacts_and_targets_are_found_through_their_customer(ours: Rows, manager: Client) -> None:
    for model in (Location, Contact, Target):
        page = manager.get(path_of(model, "changelist"), {"q": ours[Customer].number}).content.decode()
        assert path_of(model, "change", ours[model].pk) in page


def test_targets_are_found_by_external_id_and_else_by_words_of_their_title(
    ours: Rows, manager: Client
) -> None:
    row = ours[Target]
    Target.objects.filter(pk=row.pk).update(external_id="DEL-9", title="Deliver the red box")

    for term, found in (("DEL-9", True), ("red BOX", True), ("DEL", True), ("blue", False)):
        page = manager.get("/admin/targets/target/", {"q": term}).content.decode()
        assert (path_of(Target, "change", row.pk) in page) == found, term


def test_customers_are_switched_off_not_deleted(ours: Rows, manager: Client) -> None:
    assert manager.post(path_of(Customer, "delete", ours[Customer].pk), {"post": "yes"}).status_code == 403


def test_a_wrong_external_reference_is_deleted_and_audited(ours: Rows, manager: Client) -> None:
    row = ours[ExternalReference]

    manager.post(path_of(ExternalReference, "delete", row.pk), {"post": "yes"})

    assert not ExternalReference.objects.filter(pk=row.pk).exists()
    assert AuditEntry.objects.get(action="externalreference.deleted").subject_id == row.pk


def test_planning_of_an_open_target_can_be_changed_and_counts_as_a_revision(
    ours: Rows, log_in: LogIn
) -> None:
    row = ours[Target]

    saved(
        log_in(Role.DISPATCHER),
        path_of(Target, "change", row.pk),
        {"priority": "High", "title": "not this one"},
    )

    row.refresh_from_db()
    assert (row.priority, row.revision, row.title) == ("High", 2, f"{OURS} target")
    line = TimelineEntry.objects.get(subject_type="targets.target")
    assert (line.action, line.details) == ("target.updated", {"fields": ["priority"]})


def test_saving_a_target_without_a_change_is_no_revision(ours: Rows, log_in: LogIn) -> None:
    row = ours[Target]

    saved(log_in(Role.DISPATCHER), path_of(Target, "change", row.pk), {})

    row.refresh_from_db()
    assert row.revision == 1


def test_a_closed_target_stays_as_it_is(ours: Rows, log_in: LogIn) -> None:
    row = ours[Target]
    Target.objects.filter(pk=row.pk).update(status="Completed")

    log_in(Role.DISPATCHER).post(path_of(Target, "change", row.pk), {"priority": "High"})

    row.refresh_from_db()
    assert (row.priority, row.revision) == (None, 1)


def test_a_window_that_ends_before_it_starts_is_refused_with_words(ours: Rows, log_in: LogIn) -> None:
    window = {
        "time_window_start_0": "2026-01-02",
        "time_window_start_1": "10:00",
        "time_window_end_0": "2026-01-02",
        "time_window_end_1": "09:00",
    }

    answer = log_in(Role.DISPATCHER).post(path_of(Target, "change", ours[Target].pk), window)

    assert "The time window must start before it ends." in str(answer.context["adminform"].form.errors)
