"""Paths and words for the tests of reports and bills in the admin."""

from typing import Any

from django.test import Client
from django.urls import reverse

from targets.visits.models import BillingEvent, VisitReport

REPORTS, BILLS = "/admin/visits/visitreport/", "/admin/visits/billingevent/"


def page(report: VisitReport, name: str = "change", *args: int) -> str:
    """The path of a page of the report."""
    return reverse(f"admin:visits_visitreport_{name}", args=[report.pk, *args])


def bill_page(bill: BillingEvent, name: str = "change") -> str:
    """The path of a page of the billing event."""
    return reverse(f"admin:visits_billingevent_{name}", args=[bill.pk])


def bill_verb(bill: BillingEvent, verb: str) -> str:
    """The path of a button on the page of the billing event."""
    return reverse(f"admin:visits_billingevent_{verb}", args=[bill.pk])


def text_of(browser: Client, path: str, **query: Any) -> str:
    """The text of a page that opens."""
    answer = browser.get(path, query)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def listed(browser: Client, path: str, **query: Any) -> list[int]:
    """The ids of the rows of a list, in its order."""
    answer = browser.get(path, query)
    assert answer.status_code == 200
    return [row.pk for row in answer.context["cl"].result_list]


def said(answer: Any) -> list[str]:
    """The messages on the page that an answer led to."""
    return [str(message) for message in answer.context["messages"]]
