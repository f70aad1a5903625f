"""Walks every registered admin page with two tenants: nothing of the other one appears or changes.

A new admin is covered as soon as `tests.admin.world` makes a row of its model, which the first test demands.
"""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportItem, ImportJob, MappingReview
from tests.admin.conftest import OURS, THEIRS, Rows
from tests.admin.world import answer_path, jobs_page, path_of, registered

# Operators see all tenants in the list of tenants, whichever they work in; nobody else sees that list.
WALKED = [model for model in registered() if model is not Tenant]


def body_of(answer: Any) -> str:
    # The sidebar of operators names all tenants, for the switch.
    page: str = answer.content.decode()
    before, _, after = page.partition('<select id="tenant-switch"')
    return before + after.partition("</select>")[2]


def test_every_registered_model_has_a_row_in_the_world(ours: Rows) -> None:
    assert set(registered()) == set(ours)


def test_no_page_uses_raw_ids_whose_labels_would_not_be_scoped() -> None:
    for model_admin in admin.site._registry.values():
        assert model_admin.raw_id_fields == ()
        for inline in model_admin.inlines:
            assert inline.raw_id_fields == ()


def test_lists_show_only_own_rows(ours: Rows, theirs: Rows, browser: Client) -> None:
    for model in WALKED:
        answer = browser.get(path_of(model, "changelist"))
        assert (answer.status_code, THEIRS in body_of(answer)) == (200, False), model
        assert path_of(model, "change", ours[model].pk) in body_of(answer)


def test_own_rows_and_their_history_name_nothing_of_others(ours: Rows, theirs: Rows, browser: Client) -> None:
    for model in WALKED:
        for page in ("change", "history"):
            answer = browser.get(path_of(model, page, ours[model].pk))
            assert (answer.status_code, THEIRS in body_of(answer)) == (200, False), (model, page)


def test_forms_for_new_rows_offer_nothing_of_others(ours: Rows, theirs: Rows, browser: Client) -> None:
    opened = []
    for model in WALKED:
        answer = browser.get(path_of(model, "add"))
        opened += [model.__name__] if answer.status_code == 200 else []
        assert THEIRS not in body_of(answer), model

    assert opened == [
        "User",
        "IntegrationClient",
        "SourceSystem",
        "Subscription",
        "CityAlias",
        "Customer",
        "Location",
        "Contact",
        "TargetTemplate",
        "Employee",
        "RouteSuggestion",
    ]


def test_rows_of_others_are_answered_like_rows_that_do_not_exist(theirs: Rows, browser: Client) -> None:
    missing = 2**60
    for model in WALKED:
        for page in ("change", "history", "delete"):
            answer = browser.get(path_of(model, page, theirs[model].pk))
            unknown = browser.get(path_of(model, page, missing))
            assert answer.status_code in {302, 403, 404}, (model, page)
            assert answer.status_code == unknown.status_code
            assert answer.headers.get("Location") == unknown.headers.get("Location")
    assert THEIRS not in body_of(browser.get("/admin/"))


def test_searching_for_what_others_have_finds_nothing(theirs: Rows, browser: Client) -> None:
    for model in WALKED:
        row = theirs[model]
        texts = {str(getattr(row, field.attname) or "")[:100] for field in model._meta.concrete_fields}
        for term in {text for text in texts if THEIRS in text or text == str(row.pk)}:
            page = body_of(browser.get(path_of(model, "changelist"), {"q": term}))
            assert path_of(model, "change", row.pk) not in page, (model, term)


def test_filters_find_nothing_of_others(ours: Rows, theirs: Rows, browser: Client) -> None:
    for model, name, related in foreign_keys():
        query = {f"{name}__id__exact": theirs[related].pk}
        answer = browser.get(path_of(model, "changelist"), query, follow=True)
        assert THEIRS not in body_of(answer), (model, name)


def test_autocomplete_offers_nothing_of_others(ours: Rows, theirs: Rows, browser: Client) -> None:
    for model, name, related in foreign_keys():
        asked: dict[str, Any] = {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": name,
        }
        for term in ("", THEIRS, str(theirs[related])):
            answer = browser.get(reverse("admin:autocomplete"), {**asked, "term": term})
            assert answer.status_code in {200, 403, 404}
            assert THEIRS not in answer.content.decode(), (model, name)


def test_autocomplete_offers_own_rows(ours: Rows, browser: Client) -> None:
    asked = {"app_label": "customers", "model_name": "location", "field_name": "customer", "term": OURS}

    answer = browser.get(reverse("admin:autocomplete"), asked)

    assert answer.json()["results"] == [{"id": str(ours[Customer].pk), "text": "ourword customer"}]


def test_posting_to_rows_of_others_changes_nothing(theirs: Rows, browser: Client) -> None:
    for model in WALKED:
        rows = model._default_manager.filter(pk=theirs[model].pk)
        before = rows.values().get()
        change = browser.post(path_of(model, "change", theirs[model].pk), {"name": "stolen"})
        delete = browser.post(path_of(model, "delete", theirs[model].pk), {"post": "yes"})
        action = {"action": "delete_selected", "_selected_action": theirs[model].pk, "post": "yes"}
        browser.post(path_of(model, "changelist"), action)
        assert change.status_code in {302, 403}
        assert delete.status_code in {302, 403, 404}
        assert rows.values().get() == before


def test_own_rows_cannot_be_pointed_at_rows_of_others(ours: Rows, theirs: Rows, browser: Client) -> None:
    tried = []
    for model in WALKED:
        path = path_of(model, "change", ours[model].pk)
        form = browser.get(path).context["adminform"].form
        for name, related in relations_of(form):
            answer = browser.post(path, {**posted(form), name: theirs[related].pk})
            assert name in answer.context["adminform"].form.errors
            assert THEIRS not in body_of(answer)
            ours[model].refresh_from_db()
            assert getattr(ours[model], f"{name}_id") != theirs[related].pk
            tried.append(f"{model.__name__}.{name}")

    assert tried == [
        "IntegrationClient.source_system",
        "Location.customer",
        "Contact.customer",
        "Employee.user",
    ]


def relations_of(form: Any) -> list[tuple[str, type[Model]]]:
    fields = form.fields.items()
    return [(name, field.queryset.model) for name, field in fields if hasattr(field, "queryset")]


def posted(form: Any) -> dict[str, Any]:
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def foreign_keys() -> list[tuple[type[Model], str, type[Model]]]:
    return [
        (model, field.name, field.remote_field.model)
        for model in WALKED
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.remote_field.model in WALKED
    ]


def test_pages_beside_a_job_are_its_tenants_own(ours: Rows, theirs: Rows, browser: Client) -> None:
    ImportJob.objects.update(rejected_items=1, created_items=0, finished_at=timezone.now())
    for name in ("live", "errors", "retry", "cancel"):
        own: Any = browser.get(jobs_page(ours[ImportJob], name))
        page = own.getvalue().decode() if own.streaming else body_of(own)
        assert (own.status_code, THEIRS in page) == (200, False), name
        assert browser.get(jobs_page(theirs[ImportJob], name)).status_code == 404
    for name in ("retry", "cancel"):
        assert browser.post(jobs_page(theirs[ImportJob], name)).status_code == 404
    assert ImportJob.objects.count() == 2


def test_items_of_others_cannot_be_sent_again(theirs: Rows, browser: Client) -> None:
    ImportJob.objects.update(rejected_items=1, created_items=0, finished_at=timezone.now())
    ImportItem.objects.update(status="Rejected", result="", error_code="validation_failed")
    action = {"action": "send_again", "_selected_action": theirs[ImportItem].pk}

    browser.post(path_of(ImportItem, "changelist"), action)

    assert ImportJob.objects.count() == 1


def test_reviews_of_others_cannot_be_decided(ours: Rows, theirs: Rows, browser: Client) -> None:
    before = MappingReview.objects.filter(pk=theirs[MappingReview].pk).values().get()
    for verb in ("link", "create", "dismiss"):
        answer = browser.post(answer_path(theirs[MappingReview], verb), {"record": theirs[Customer].pk})
        assert answer.status_code == 404, verb
    assert MappingReview.objects.filter(pk=theirs[MappingReview].pk).values().get() == before


def test_a_review_offers_and_links_nothing_of_others(ours: Rows, theirs: Rows, browser: Client) -> None:
    review = ours[MappingReview]
    MappingReview.objects.filter(pk=review.pk).update(
        candidates=[{"id": ours[Customer].pk}, {"id": theirs[Customer].pk}]
    )
    for term in (THEIRS, theirs[Customer].number, theirs[Customer].name, OURS):
        page = browser.get(path_of(MappingReview, "change", review.pk), {"q": term})
        assert page.status_code == 200
        assert path_of(Customer, "change", theirs[Customer].pk) not in body_of(page)

    answer = browser.post(answer_path(review, "link"), {"record": theirs[Customer].pk})

    assert answer.status_code == 404
    review.refresh_from_db()
    assert (review.status, review.chosen_id) == ("open", None)
