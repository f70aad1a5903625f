"""Reading the files of reports."""

from collections.abc import Collection

from django.db.models import Count

from targets.visits.models import Attachment


def attachment_counts(report_ids: Collection[int]) -> dict[int, int]:
    """Return how many files each report has; those without are left out: one statement."""
    rows = Attachment.objects.filter(report__in=report_ids).order_by().values_list("report")
    return dict(rows.annotate(number=Count("id")))
