"""What an event tells of: a link to it, and how it is found by what people have in hand."""

from collections.abc import Callable, Collection

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.ulids import ulid_of
from ordinavo.tenants.models import Tenant
from webhooks.models import Delivery, Event, Subscription

MOST_FOUND, LONGEST = 200, 28
# What has a target behind it; the page that tells its story stands in a higher room.
_WITH_A_STORY = ("targets.", "visits.")

# Ids of a tenant's rows that outside systems know by this name.
Finder = Callable[[str, Tenant], Collection[int]]

_finders: dict[str, Finder] = {}


def find_subjects(model: type[Model], finder: Finder) -> None:
    """Let events about rows of `model` be found by what `finder` understands: an external id."""
    _finders[model._meta.label_lower] = finder


def subject_link(event: Event) -> SafeString | str:
    """Return a link to what an event tells of, by its label alone; "" where there is no such page."""
    try:
        model = apps.get_model(event.subject_type) if event.subject_type else None
    except LookupError:
        return ""
    if model is None:
        return ""
    opts = model._meta
    try:
        path = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[event.subject_id])
    except NoReverseMatch:
        return ""
    name = str(opts.verbose_name).capitalize()
    return format_html('<a class="ord-link" href="{}">{} {}</a>', path, name, event.subject_id)


def told_of(event: Event) -> SafeString | str:
    """Return a link to what an event tells of, and one to the story of the target behind it."""
    link = subject_link(event)
    if event.subject_id is None or not event.subject_type.startswith(_WITH_A_STORY):
        return link
    return format_html("{} {}", link, show.link("desk:find", "Story", q=event.public_id))


def subscription_link(subscription: Subscription) -> SafeString | str:
    """Return a link to a subscription, named shortly: a URL may be two thousand characters long."""
    return show.link_to(subscription, shortened(str(subscription)))


def shortened(text: str) -> str:
    """Return the start of a text that is too long for a column."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def events_like(term: str, *, tenant: Tenant | None) -> list[Event]:
    """Return the newest events, ids only, of this correlation id or about what has this external id."""
    rows: QuerySet[Event] = Event.objects.filter(tenant=tenant) if tenant else Event.objects.all()
    found = Q(correlation_id=term)
    if tenant:
        found |= _about(term, tenant)
    return list(rows.filter(found).only("id").order_by("-id")[:MOST_FOUND])


def _about(term: str, tenant: Tenant) -> Q:
    found = Q()
    for label, finder in _finders.items():
        found |= Q(subject_type=label, subject_id__in=finder(term, tenant))
    return found


def known_ids(term: str) -> Q | None:
    """Return the condition for deliveries if `term` is an event's or a delivery's own id."""
    event_id, delivery_id = ulid_of(Event.PREFIX, term), ulid_of(Delivery.PREFIX, term)
    if event_id is not None:
        return Q(event_id=event_id)
    return None if delivery_id is None else Q(pk=delivery_id)
