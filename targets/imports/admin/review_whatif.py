"""What other mapping settings would have made of a client's latest imports: a page for trying them out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldBooleanSwitchWidget,
)

from integrations.models import IntegrationClient, MappingFallback, MappingStrategy
from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import shown
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.errors import DomainError
from targets.imports.admin.review_pages import ReviewPage
from targets.imports.api.forms import judge_form
from targets.imports.marks import MAPPING_STATUS
from targets.imports.selectors.reviews import RECORD_MODELS
from targets.imports.services.foretelling import MOST_ITEMS, SETTINGS, Fate, Foretold, foretell_settings

_WAYS = {
    "externalId": "known external id",
    "customerNumber": "customer number",
    "email": "e-mail",
    "phone": "phone",
    "nameAndAddress": "name and address",
    "manual": "a manager's decision",
}
_OTHERS = {
    "created": "a new one",
    "review": "a review",
    "none": "nothing",
    "dismissed": "nothing, as a manager said",
}
_SCORES = ("link_score", "review_score", "link_margin")
_SWITCHES = tuple(name for name in SETTINGS if name.startswith(("create_", "update_")))


class SettingsForm(forms.ModelForm[IntegrationClient]):
    """The mapping settings of a client, to be tried and not to be saved."""

    mapping_fallbacks = forms.MultipleChoiceField(
        choices=MappingFallback.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(choices=MappingFallback.choices),
    )

    class Meta:
        model = IntegrationClient
        fields = SETTINGS
        widgets = {
            "mapping_strategy": UnfoldAdminSelectWidget(choices=MappingStrategy.choices),
            **{name: UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}) for name in _SCORES},
            **{name: UnfoldBooleanSwitchWidget() for name in _SWITCHES},
        }


def try_settings(page: ReviewPage, request: HttpRequest, client_id: int) -> HttpResponse:
    """Show what the stored settings and those of the form make of the client's latest imports."""
    client = _client(page, request, client_id)
    stored = IntegrationClient.objects.select_related("tenant", "source_system").get(pk=client.pk)
    tried = bool(request.GET)
    form = SettingsForm(_complete(request.GET) if tried else None, instance=client)
    context: dict[str, Any] = {"form": form, "client": stored, "most": MOST_ITEMS}
    if tried and form.is_valid():
        try:
            context |= _told(stored, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    return shown(
        page,
        request,
        None,
        "admin/imports/review_whatif.html",
        title=f"Try mapping settings of {stored}",
        back=reverse("admin:integrations_integrationclient_change", args=[stored.pk]),
        **context,
    )


def _client(page: ReviewPage, request: HttpRequest, client_id: int) -> IntegrationClient:
    if not page.may_decide(request):
        raise Http404
    rows = IntegrationClient.objects.filter(tenant=tenant_of(request), pk=client_id)
    found = rows.select_related("tenant", "source_system").first()
    if found is None:
        raise Http404
    return found


def _complete(query: QueryDict) -> QueryDict:
    """Return the query without what is no setting."""
    kept = QueryDict(mutable=True)
    for name in SETTINGS:
        if name in query:
            kept.setlist(name, query.getlist(name))
    return kept


def _told(client: IntegrationClient, settings: Mapping[str, Any]) -> dict[str, Any]:
    found = foretell_settings(
        client=client,
        settings=dict(settings),
        judge=lambda payload: judge_form(payload, client),
    )
    names = _names(client, found)
    changed = [one for one in found if one.changes]
    return {
        "count": len(found),
        "changed": [(one.item, (_words(one.now, names), _words(one.then, names))) for one in changed],
        "totals": _totals(found),
    }


def _totals(found: Iterable[Foretold]) -> list[tuple[str, int, int]]:
    """Return, by status of the mapping, how many there are now and how many there would be."""
    now, then = Counter(one.now.status for one in found), Counter(one.then.status for one in found)
    labels = {status: show.spaced(status) for status in sorted(now.keys() | then.keys())}
    return [(label, now[status], then[status]) for status, label in labels.items()]


def _names(client: IntegrationClient, found: Iterable[Foretold]) -> dict[tuple[str, int], str]:
    ids: dict[str, set[int]] = defaultdict(set)
    for one in found:
        for kind, _, pk in (*one.now.records, *one.then.records):
            if pk is not None and one.changes:
                ids[kind].add(pk)
    return {
        (kind, row.pk): str(row)
        for kind, wanted in ids.items()
        for row in RECORD_MODELS[kind].objects.filter(tenant=client.tenant_id, pk__in=sorted(wanted))
    }


def _words(fate: Fate, names: Mapping[tuple[str, int], str]) -> tuple[str, list[str]]:
    """Return the status as a badge, and a phrase for each record."""
    label = show.spaced(fate.status)
    phrases = []
    for kind, how, pk in fate.records:
        if pk is None:
            phrases.append(f"{kind}: {_OTHERS.get(how, how)}")
        else:
            phrases.append(f"{kind}: {names.get((kind, pk), 'a new one')}, by {_WAYS.get(how, how)}")
    return show.mark(label, MAPPING_STATUS.get(label, "")), phrases
