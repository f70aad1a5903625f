"""Every door of the admin through which staff may change something, and a walk through one of them."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.forms import BooleanField, ChoiceField, DateField, EmailField, IntegerField, URLField
from django.forms.models import ModelChoiceField
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from ordinavo.tenants.models import Tenant, User
from tests.admin.conftest import Rows
from tests.admin.world import path_of

# The texts that are changed in a form, so that it changes something.
CHANGED = {
    "estimated_work_minutes",
    "name",
    "title",
    "display_name",
    "first_name",
    "description",
    "label",
    "reason",
}
STANDARD = {"add", "change", "changelist", "delete", "history"}


# They change nothing: they show, lead on, send a file, or belong to one's own session.
READING = {
    "imports.importjob:errors",
    "imports.importjob:errors_file",
    "imports.importjob:live",
    "imports.importjob:suggest_routes",
    "imports.mappingreview:begin",
    "imports.mappingreview:try_mapping",
    "integrations.integrationclient:try_mapping",
    "routes.routesuggestion:live",
    "targets.target:selected suggest_routes",
    "targets.target:story",
    "tenants.tenant:switch_tenant",
    "visits.billingevent:export",
    "visits.visitreport:next",
    "webhooks.delivery:live",
    "webhooks.subscription:live",
}
# They change something only where the ground is laid for it: the test that lays it, watched like all others.
ELSEWHERE = {
    "customers.cityalias:add": "test_city_aliases.test_an_alias_is_added_with_its_keys_and_who_did_it",
    "imports.importitem:selected send_again": "test_jobs.test_a_manager_sends_selected_items_again",
    "imports.importjob:retry": "test_jobs.test_a_manager_sends_refused_items_again",
    "imports.mappingreview:accept": (
        "test_review_desk.test_many_are_accepted_after_a_look_and_refusals_are_told"
    ),
    "imports.mappingreview:link": "test_reviews.test_a_manager_links_a_candidate",
    "imports.mappingreview:refuse": (
        "test_review_desk.test_not_this_one_stays_with_the_review_and_can_be_taken_back"
    ),
    "imports.mappingreview:skip": "test_review_desk.test_skipped_ones_come_at_the_end_of_ones_own_queue_only",
    "imports.mappingreview:undo": "test_review_desk.test_taking_back_is_shown_before_it_is_done",
    "routes.routesuggestion:cancel": "test_route_edits.test_planning_is_stopped_and_drafts_are_discarded",
    "routes.routesuggestion:discard": "test_route_edits.test_planning_is_stopped_and_drafts_are_discarded",
    "routes.routesuggestion:publish": "test_route_edits.test_all_routes_are_published_after_one_more_look",
    "routes.routesuggestion:replan": "test_route_edits.test_a_draft_is_planned_again_around_locks",
    "tenants.user:reset_second_factor": (
        "test_login.test_another_administrator_resets_it_and_the_lost_phone_opens_nothing"
    ),
    "tenants.user:set_password": "test_people.test_setting_a_password_works_is_audited_and_shown_nowhere",
    "tenants.user:unlock": "test_login.test_an_administrator_unlocks_a_colleague",
    "visits.appointment:reassign": (
        "test_giving_visits.test_a_dispatcher_gives_a_visit_to_somebody_who_works_that_day"
    ),
    "visits.appointment:selected reassign_all": (
        "test_giving_visits.test_a_sick_persons_day_goes_to_somebody_else_in_one_go_and_what_has_begun_stays"
    ),
    "visits.billingevent:selected mark_selected": (
        "test_billing.test_several_are_done_at_once_and_those_that_cannot_be_are_named"
    ),
    "visits.billingevent:selected tell_selected": (
        "test_billing.test_several_are_done_at_once_and_those_that_cannot_be_are_named"
    ),
    "visits.billingevent:several": (
        "test_billing.test_several_are_done_at_once_and_those_that_cannot_be_are_named"
    ),
    "visits.billingevent:tell": "test_billing.test_a_failed_one_is_told_again",
    "visits.employee:sign_out_all": "test_employees.test_an_employee_is_signed_out_everywhere_in_one_go",
    "visits.employee:sign_out_everywhere": (
        "test_employees.test_an_employee_is_signed_out_everywhere_in_one_go"
    ),
    "visits.employee:withdraw": "test_employees.test_an_invitation_is_withdrawn_after_a_question",
    "visits.employee:withdraw_invitation": "test_employees.test_an_invitation_is_withdrawn_after_a_question",
    "visits.visitreport:approve": (
        "test_reports.test_approving_tells_what_will_follow_and_leads_to_the_next_report"
    ),
    "visits.visitreport:clean": "test_reports.test_clean_reports_are_approved_together_after_a_preview",
    "visits.visitreport:selected approve_clean": (
        "test_reports.test_clean_reports_are_approved_together_after_a_preview"
    ),
    "webhooks.subscription:activate": "test_subscriptions.test_pausing_and_activating_ask_once_more",
    "webhooks.subscription:add": (
        "test_subscriptions.test_a_subscription_is_made_for_a_client_and_its_secret_is_shown_once"
    ),
    "webhooks.subscription:end_overlap": (
        "test_subscriptions.test_a_rotated_secret_is_shown_once_and_the_overlap_can_be_ended"
    ),
    "webhooks.subscription:replay": (
        "test_subscriptions.test_a_replay_counts_first_and_sends_only_what_was_agreed_to"
    ),
}


def walker(tenant: Tenant) -> Any:
    request: Any = RequestFactory().get("/")
    request.user, request.tenant = User.objects.get(email="operator@x.example"), tenant
    return request


def name_of(model: type[Model], verb: str) -> str:
    return f"{model._meta.label_lower}:{verb}"


def doors(rows: Rows, request: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every path that staff can post to: what it is called, where it is, what to send beside the form."""
    for model, page in admin.site._registry.items():
        row = rows.get(model)
        if row is None:
            continue
        any_page: Any = page
        if any_page.has_add_permission(request):
            yield name_of(model, "add"), path_of(model, "add"), {}
        if any_page.has_change_permission(request, row):
            yield name_of(model, "change"), path_of(model, "change", row.pk), {}
        if any_page.has_delete_permission(request, row):
            yield name_of(model, "delete"), path_of(model, "delete", row.pk), {"post": "yes"}
        for action in any_page.get_actions(request):
            chosen = {"action": action, "_selected_action": [str(row.pk)], "post": "yes"}
            yield name_of(model, f"selected {action}"), path_of(model, "changelist"), chosen
        yield from further(model, any_page, row)


def further(model: type[Model], page: Any, row: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The pages beside the standard ones, levers among them, that are about one row or about none."""
    prefix = f"{model._meta.app_label}_{model._meta.model_name}_"
    for pattern in page.get_urls():
        short = (pattern.name or "").removeprefix(prefix)
        if not short or short in STANDARD:
            continue
        for args in ([row.pk], []):
            try:
                yield name_of(model, short), reverse(f"admin:{pattern.name}", args=args), {}
            except NoReverseMatch:
                continue
            break


def filled(form: Any) -> dict[str, Any]:
    """What a form says, one text changed, and whatever fits where it needs something and says nothing."""
    data: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = field.prepare_value(form.get_initial_for_field(field, name))
        data[form.add_prefix(name)] = _value(name, field, value)
    return data


def _value(name: str, field: Any, value: Any) -> Any:
    if isinstance(field, BooleanField):
        return "on" if value and name != "DELETE" else None
    if name in CHANGED:
        return f"{value}2" if isinstance(value, str) else 7
    if value not in (None, "", []):
        return value
    return _something(field) if field.required else None


def _something(field: Any) -> Any:
    for kind, text in (
        (EmailField, "walk@x.example"),
        (DateField, "2027-01-04"),
        (URLField, "https://x.example/"),
    ):
        if isinstance(field, kind):
            return text
    if isinstance(field, ModelChoiceField | ChoiceField):
        offered: Any = field.choices
        choices = [str(key) for key, shown in offered if not isinstance(shown, list | tuple)]
        return next((key for key in choices if key), None)
    return 7 if isinstance(field, IntegerField) else "walk"


def walk(browser: Client, path: str, extra: dict[str, Any]) -> str:
    """Post once to a door, and once more to the page that asks; return the tables that were changed."""
    data = dict(extra)
    if "action" not in extra:
        seen = browser.get(path)
        data |= form_of(seen)
    answer = browser.post(path, data)
    if answer.headers.get("X-Test-Changed") or answer.status_code != 200:
        return answer.headers.get("X-Test-Changed", "")
    answer = browser.post(path, {**data, **form_of(answer)})
    return answer.headers.get("X-Test-Changed", "")


def form_of(answer: Any) -> dict[str, Any]:
    context = getattr(answer, "context", None)
    if context is None:
        return {}
    found: dict[str, Any] = {}
    form = getattr(context.get("adminform"), "form", None) or context.get("form")
    if form is not None and hasattr(form, "fields"):
        found |= filled(form)
    for inline in context.get("inline_admin_formsets") or ():
        formset = inline.formset
        management = formset.management_form
        found |= {management.add_prefix(name): management[name].value() for name in management.fields}
        for one in formset.initial_forms:
            found |= filled(one)
    return {name: value for name, value in found.items() if value is not None}
