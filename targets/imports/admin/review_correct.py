"""Correcting a known record while linking to it: what came stands beside what is stored."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.forms.models import modelform_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from ordinavo.kernel.admin.asking import shown
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.staff import actor_of
from targets.imports.admin.comparing import differs
from targets.imports.admin.review_filters import preserved
from targets.imports.admin.review_pages import CHANGE, ReviewPage, lead_on, own_review, with_undo
from targets.imports.models import MappingReview
from targets.imports.selectors.reviews import CORRECTABLE, RECORD_MODELS, records_of
from targets.imports.services.learning import Corrections
from targets.imports.services.reviews import link_review


def correct(page: ReviewPage, request: HttpRequest, object_id: str, record_id: int) -> HttpResponse:
    """Offer the record's fields with what came filled in; link with what the manager makes of them."""
    review = own_review(page, request, object_id)
    record = records_of(review).filter(pk=record_id).first()
    if record is None:
        raise Http404
    form = _form(review, record, request)
    if request.method == "POST" and form.is_valid() and _link(request, review, record_id, form):
        return lead_on(request, None)
    return shown(
        page,
        request,
        review,
        "admin/imports/review_correct.html",
        title=f"Correct {record} and link",
        form=form,
        rows=[_Row(form, column, review, record) for column in CORRECTABLE[review.kind]],
        seen=json.dumps({column: getattr(record, column) for column in CORRECTABLE[review.kind]}),
        record=record,
        back=reverse(CHANGE, args=[review.pk]) + preserved(request),
    )


class _Row:
    """One field: what came, what is stored, and the box for what it shall be."""

    def __init__(self, form: forms.ModelForm[Any], column: str, review: MappingReview, record: Any) -> None:
        self.box = form[column]
        self.sent = review.record.get(column) or ""
        self.stored = getattr(record, column)
        self.differs = differs(column, self.sent, record)


def _form(review: MappingReview, record: Any, request: HttpRequest) -> forms.ModelForm[Any]:
    model: Any = RECORD_MODELS[review.kind]
    columns = CORRECTABLE[review.kind]
    factory = modelform_factory(model, fields=columns)
    sent = {c: value for c in columns if differs(c, value := review.record.get(c), record)}
    # The form writes into its instance, and the page still shows what is stored.
    instance = model.objects.get(pk=record.pk)
    return factory(request.POST if request.method == "POST" else None, instance=instance, initial=sent)


def _link(request: HttpRequest, review: MappingReview, record_id: int, form: forms.ModelForm[Any]) -> bool:
    record = records_of(review).get(pk=record_id)
    try:
        corrections = _corrections(request, form)
        link_review(review=review, record=record, actor=actor_of(request), corrections=corrections)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    changed = len([1 for seen, value in corrections.values() if seen != value])
    fields = f"{changed} field{'' if changed == 1 else 's'}"
    sentence = f"{review.name_sent}: linked to {record}, {fields} corrected. What waited for it follows."
    messages.success(request, with_undo(request, sentence))
    return True


def _corrections(request: HttpRequest, form: forms.ModelForm[Any]) -> Corrections:
    """Return what the manager saw and wants; a field that was not shown is not wanted."""
    try:
        seen = json.loads(request.POST.get("seen", ""))
    except ValueError:
        seen = None
    shown_fields = seen if isinstance(seen, dict) else {}
    return {
        column: (shown_fields[column], value)
        for column, value in form.cleaned_data.items()
        if column in shown_fields
    }
