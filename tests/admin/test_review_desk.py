"""The desk: the queue, the next one, ruling out, putting off, correcting, taking back, many at once."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Alias, Customer, RefusedPair
from integrations.models import IntegrationClient
from ordinavo.tenants.models import AuditEntry, Role, Tenant
from ordinavo.tenants.services.members import add_member
from targets.imports.models import MappingReview, ReviewDecision, SkippedReview
from targets.imports.services.reviews import link_review
from targets.models import Target
from tests import factories
from tests.admin.conftest import LogIn
from tests.admin.world import answer_path, path_of
from tests.api import Api
from tests.customers.rows import customer, location
from tests.imports.deciding import decision
from tests.imports.mapped import client, mapped

LIST = "/admin/imports/mappingreview/"
SITE = {"name": "Werk", "street": "Hafen 1", "postalCode": "45127", "city": "Essen"}


@pytest.fixture
def pair(tenant: Tenant) -> list[Customer]:
    return [customer(tenant, number="K-1", name=name) for name in ("Nord AG", "Sued AG")]


@pytest.fixture
def crm(erp: IntegrationClient, pair: list[Customer]) -> Api:
    return client(erp, mapping_strategy="ExternalIdThenCustomerNumber")


@pytest.fixture
def manager(log_in: LogIn) -> Client:
    return log_in(Role.MANAGER)


def doubt(
    api: Api, name: str, *, score: float | None = None, targets: int = 1, **members: Any
) -> MappingReview:
    """A review of a customer of this name, with a score for its first candidate."""
    for number in range(targets):
        sent = {"externalId": name, "name": name, "customerNumber": "K-1"}
        mapped(api, externalId=f"{name}-{number}", customer=sent, **members)
    review = MappingReview.objects.get(external_id=name)
    if score is not None:
        scores = (score, 0.2)
        review.candidates = [
            {**one, "score": own, "evidence": [{"field": "name", "agreement": "similar", "share": own}]}
            for one, own in zip(review.candidates, scores, strict=True)
        ]
        review.score = score
        review.save()
    return review


def change(review: MappingReview) -> str:
    return path_of(MappingReview, "change", review.pk)


def listed(browser: Client, **query: str) -> list[str]:
    page = browser.get(LIST, query).content.decode()
    names = dict(MappingReview.objects.values_list("pk", "external_id"))
    ids = dict.fromkeys(re.findall(r"/admin/imports/mappingreview/(\d+)/change/", page))
    return [names[int(pk)] for pk in ids]


def said(answer: Any) -> list[str]:
    return [re.sub(r"<[^>]+>", "", str(message)) for message in answer.context["messages"]]


def test_after_an_answer_the_next_of_the_same_list_comes_with_a_way_back(
    crm: Api, pair: list[Customer], manager: Client
) -> None:
    first, second, third = (doubt(crm, name, score=s) for name, s in (("A", 0.4), ("B", 0.9), ("C", 0.6)))
    query = "?_changelist_filters=order%3Dscore"

    begun = manager.get(reverse("admin:imports_mappingreview_begin") + query)
    assert begun["Location"] == change(second) + query
    answer = manager.post(answer_path(second, "link") + query, {"record": pair[1].pk})
    assert answer["Location"] == change(third) + query

    page = manager.get(answer["Location"]).content.decode()
    undo = reverse("admin:imports_mappingreview_undo", args=[decision().pk])
    assert "B: Linked to Sued AG. Everything that waited for it follows." in page
    assert page.count(f'href="{undo}{query}"') == 2
    assert 'data-key="u"' in page
    assert change(first) not in page


def test_the_list_narrows_and_orders_and_shows_open_ones_first(
    crm: Api, pair: list[Customer], manager: Client
) -> None:
    doubt(crm, "A", score=0.4, targets=3)
    doubt(crm, "B", score=0.9)
    done = doubt(crm, "C", score=0.6, targets=2)
    doubt(crm, "D", targets=2)
    link_review(review=done, record=pair[0], actor=None)

    assert listed(manager) == ["A", "B", "D"]
    assert listed(manager, order="score") == ["B", "A", "D"]
    assert listed(manager, order="waiting") == ["A", "D", "B"]
    assert listed(manager, order="newest") == ["D", "B", "A"]
    assert listed(manager, score="high") == ["B"]
    assert listed(manager, score="low") == ["A"]
    assert listed(manager, score="none") == ["D"]
    assert listed(manager, kind="location") == []
    assert listed(manager, kind="customer", reason="ambiguous_customer") == ["A", "B", "D"]
    assert listed(manager, age="hour") == []
    assert listed(manager, status__exact="linked") == ["C"]
    assert listed(manager, status__exact="open") == ["A", "B", "D"]
    assert listed(manager, status__exact="all", order="nonsense") == ["A", "B", "C", "D"]


def test_the_list_costs_the_same_however_many_there_are(crm: Api, manager: Client) -> None:
    costs = []
    for count in range(1, 9):
        doubt(crm, f"A{count}", score=0.5, targets=2)
        if count in {1, 8}:
            manager.get(LIST, {"order": "waiting"})
            with CaptureQueriesContext(connection) as captured:
                manager.get(LIST, {"order": "waiting"})
            costs.append(len(captured.captured_queries))
    assert costs[0] == costs[1]


def test_skipped_ones_come_at_the_end_of_ones_own_queue_only(
    crm: Api, manager: Client, log_in: LogIn
) -> None:
    first, second = doubt(crm, "A"), doubt(crm, "B")

    answer = manager.post(answer_path(first, "skip"))

    assert answer["Location"] == change(second)
    begin = reverse("admin:imports_mappingreview_begin")
    assert manager.get(begin)["Location"] == change(second)
    assert manager.post(answer_path(second, "skip"))["Location"] == change(first)
    assert log_in(Role.ADMIN).get(begin)["Location"] == change(first)
    assert SkippedReview.objects.count() == 2
    assert not ReviewDecision.objects.exists()


def test_not_this_one_stays_with_the_review_and_can_be_taken_back(
    crm: Api, pair: list[Customer], manager: Client
) -> None:
    review = doubt(crm, "A", score=0.9)

    answer = manager.post(answer_path(review, "refuse"), {"record": pair[0].pk}, follow=True)

    assert answer.redirect_chain[0][0] == change(review)
    assert said(answer) == ["A: Nord AG is not proposed for it again. Undo (U)"]
    page = answer.content.decode()
    assert f'form="link-form" name="record" value="{pair[0].pk}"' not in page
    assert f'form="link-form" name="record" value="{pair[1].pk}"' in page
    undo = reverse("admin:imports_mappingreview_undo", args=[decision().pk])
    assert "A is not Nord AG, which is not proposed for it again." in manager.get(undo).content.decode()
    assert RefusedPair.objects.exists()
    back = manager.post(undo, follow=True)
    assert said(back) == ["A: the decision is taken back. Nord AG may be proposed for it again."]
    assert not RefusedPair.objects.exists()


def test_taking_back_is_shown_before_it_is_done(crm: Api, pair: list[Customer], manager: Client) -> None:
    review = doubt(crm, "Rhein", targets=2)
    manager.post(answer_path(review, "link"), {"record": pair[0].pk})
    undo = reverse("admin:imports_mappingreview_undo", args=[decision().pk])

    page = manager.get(undo).content.decode()

    assert "Rhein was linked to Nord AG." in page
    for sentence in (
        "2 targets lose what the decision linked.",
        "The external id Rhein is not known any more.",
    ):
        assert f"<li>{sentence}</li>" in page
    assert Target.objects.filter(customer=pair[0]).count() == 2

    answer = manager.post(undo, follow=True)
    assert answer.redirect_chain[0][0] == change(review)
    assert Target.objects.filter(customer=None).count() == 2
    assert "It was taken back" in manager.get(undo).content.decode()
    assert said(manager.post(undo, follow=True)) == [
        "This decision has been taken back already, or another one followed it."
    ]


def test_what_stands_against_taking_back_is_said_in_place_of_a_button(
    crm: Api, pair: list[Customer], manager: Client
) -> None:
    review = doubt(crm, "A")
    manager.post(answer_path(review, "link"), {"record": pair[0].pk})
    Target.objects.update(status="Completed")

    page = manager.get(reverse("admin:imports_mappingreview_undo", args=[decision().pk])).content.decode()

    assert "Target A-0 is completed: its customer stays." in page
    assert "Take it back" not in page


def test_correcting_shows_what_differs_and_links(crm: Api, pair: list[Customer], manager: Client) -> None:
    review = doubt(crm, "Nord Neu AG")
    path = reverse("admin:imports_mappingreview_correct", args=[review.pk, pair[0].pk])

    page = manager.get(path).content.decode()
    assert 'name="name" value="Nord Neu AG"' in page
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    posted = {
        "seen": seen[1].replace("&quot;", '"'),
        "name": "Nord Neu AG",
        "number": "K-1",
        "industry": "Stahl",
    }

    answer = manager.post(path, posted, follow=True)

    assert said(answer)[0] == (
        "Nord Neu AG: linked to Nord AG, 2 fields corrected. What waited for it follows. Undo (U)"
    )
    pair[0].refresh_from_db()
    assert (pair[0].name, pair[0].industry, pair[0].number) == ("Nord Neu AG", "Stahl", "K-1")
    assert Target.objects.get().customer == pair[0]
    entry = AuditEntry.objects.get(action="mapping_review.linked")
    assert entry.details["corrected"] == {"name": ["Nord AG", "Nord Neu AG"], "industry": ["", "Stahl"]}
    assert entry.details["aliases"] == ["Nord AG"]


def test_a_correction_overwrites_nothing_that_changed_meanwhile(
    crm: Api, pair: list[Customer], manager: Client
) -> None:
    review = doubt(crm, "Neu")
    path = reverse("admin:imports_mappingreview_correct", args=[review.pk, pair[0].pk])
    Customer.objects.filter(pk=pair[0].pk).update(name="Nord SE")

    page = manager.post(path, {"seen": '{"name": "Nord AG"}', "name": "Neu"}).content.decode()

    assert "Nord SE was changed meanwhile: look at its name again." in page
    pair[0].refresh_from_db()
    review.refresh_from_db()
    assert (pair[0].name, review.status) == ("Nord SE", "open")


@pytest.mark.parametrize(
    ("seen", "name"), [("", "X"), ("[1]", "X"), ('{"name": "Nord AG"}', ""), ("{}", "x" * 300)]
)
def test_odd_corrections_change_nothing_wrong(
    seen: str, name: str, crm: Api, pair: list[Customer], manager: Client
) -> None:
    review = doubt(crm, "Neu")
    path = reverse("admin:imports_mappingreview_correct", args=[review.pk, pair[0].pk])
    assert manager.post(path, {"seen": seen, "name": name}).status_code in {200, 302}
    pair[0].refresh_from_db()
    assert pair[0].name == "Nord AG"


def test_a_candidate_that_was_deleted_meanwhile_is_told(
    crm: Api, pair: list[Customer], manager: Client
) -> None:
    review = doubt(crm, "A", score=0.9)
    gone = pair[0].pk
    pair[0].delete()

    page = manager.get(change(review)).content.decode()
    answer = manager.post(answer_path(review, "link"), {"record": gone}, follow=True)

    assert f'value="{gone}"' not in page
    assert said(answer) == ["The customer has been deleted meanwhile. Nothing was linked."]
    review.refresh_from_db()
    assert review.status == "open"
    assert manager.post(answer_path(review, "link"), {"record": pair[1].pk}).status_code == 302
    assert Target.objects.get().customer == pair[1]


def test_the_second_manager_is_told_who_decided_what(
    crm: Api, pair: list[Customer], manager: Client, log_in: LogIn
) -> None:
    review = doubt(crm, "A")
    manager.post(answer_path(review, "link"), {"record": pair[0].pk})

    second = log_in(Role.ADMIN)
    for verb in ("link", "create", "dismiss", "skip", "refuse"):
        answer = second.post(answer_path(review, verb), {"record": pair[1].pk}, follow=True)
        [sentence] = said(answer)
        assert re.fullmatch(
            r"manager@\S+ has already linked it to Nord AG \(.+\). Nothing was changed.", sentence
        )
    assert Target.objects.get().customer == pair[0]
    assert ReviewDecision.objects.count() == 1


def test_the_page_shows_places_distance_events_and_bars(
    crm: Api, pair: list[Customer], manager: Client
) -> None:
    location(pair[0], street="Hafen 1", city="Essen", latitude=51.45, longitude=7.0)
    review = doubt(crm, "A", score=0.9, location={**SITE, "latitude": 51.4509, "longitude": 7.0})

    page = re.sub(r"<[^>]+>|\s+", " ", manager.get(change(review)).content.decode())

    assert re.search(r"Places +Hafen 1, 45127 Essen +Hafen 1, Essen +none", re.sub(r" +", " ", page))
    assert "100 m away" in page
    assert "90 %" in page
    assert "Name: similar" in page
    assert re.search(r"Target +External id +A-0", re.sub(r" +", " ", page))


def test_many_are_accepted_after_a_look_and_refusals_are_told(
    crm: Api, pair: list[Customer], tenant: Tenant, manager: Client
) -> None:
    sure, sure_too, unsure = (doubt(crm, n, score=s) for n, s in (("A", 0.9), ("B", 0.8), ("C", 0.6)))
    even = doubt(crm, "D", score=0.7)
    even.candidates[1]["score"] = 0.7
    even.save()
    path = reverse("admin:imports_mappingreview_accept")

    page = manager.get(path, {"least": "65"}).content.decode()

    pairs = re.findall(r'name="pair" value="(\d+:\d+)" checked', page)
    assert pairs == [f"{sure.pk}:{pair[0].pk}", f"{sure_too.pk}:{pair[0].pk}"]
    assert "Another candidate has such a score, too." in page
    assert not ReviewDecision.objects.exists()
    link_review(review=sure_too, record=pair[1], actor=None)

    answer = manager.post(path, {"pair": [*pairs, "x:1", "1:2:3", f"{unsure.pk}:{pair[1].pk}"]}, follow=True)

    first, *others = said(answer)
    assert first == "1 review linked. Each can be taken back on its page."
    assert others[0].startswith("B: Somebody has already linked it to Sued AG")
    assert others[1:] == ["C: Its best candidate is another one by now."]
    states = dict(MappingReview.objects.values_list("external_id", "status"))
    assert states == {"A": "linked", "B": "linked", "C": "open", "D": "open"}
    assert Target.objects.get(external_id="A-0").customer == pair[0]


def test_acceptance_goes_by_the_filters_of_the_list_and_names_who_stays(
    crm: Api, erp: IntegrationClient, pair: list[Customer], manager: Client
) -> None:
    doubt(crm, "A", score=0.9)
    Customer.objects.filter(pk=pair[0].pk).update(active=False)
    path = reverse("admin:imports_mappingreview_accept")

    page = manager.get(path, {"least": "65"}).content.decode()
    assert "0 would be linked" in page
    assert "The customer is inactive." in page
    assert "Open reviews have such a score, but each needs a look" in page
    narrowed = manager.get(path, {"least": "65", "_changelist_filters": f"client__id__exact={erp.pk}"})
    assert "1 stay open" not in narrowed.content.decode()
    assert "No open review has such a score." in narrowed.content.decode()
    for odd in ("", "0", "abc", "1000", "NaN"):
        assert manager.get(path, {"least": odd}).status_code == 200


def test_support_and_other_tenants_reach_none_of_it(
    crm: Api, pair: list[Customer], log_in: LogIn, tenant: Tenant
) -> None:
    review = doubt(crm, "A", score=0.9)
    link_review(review=review, record=pair[0], actor=None)
    own = [
        reverse("admin:imports_mappingreview_begin"),
        reverse("admin:imports_mappingreview_accept"),
    ]
    foreign = [
        reverse("admin:imports_mappingreview_undo", args=[decision().pk]),
        reverse("admin:imports_mappingreview_correct", args=[review.pk, pair[0].pk]),
        reverse("admin:try_mapping", args=[crm.client.pk]),
    ]
    support = log_in(Role.SUPPORT)
    assert {support.get(path).status_code for path in (*own, *foreign)} == {404}
    stranger = Client()
    member = add_member(tenant=factories.tenant(), email="stranger@x.example", role=Role.MANAGER)
    stranger.force_login(member.user)
    assert {stranger.get(path).status_code for path in foreign} == {404}
    assert {stranger.post(path).status_code for path in foreign[:2]} == {404}
    posted = stranger.post(own[1], {"pair": f"{review.pk}:{pair[1].pk}"}, follow=True)
    assert said(posted) == ["Nothing was chosen."]
    review.refresh_from_db()
    assert (review.status, review.chosen_id) == ("linked", pair[0].pk)


def test_a_learned_name_is_shown_and_a_wrong_one_deleted(
    crm: Api, pair: list[Customer], manager: Client
) -> None:
    review = doubt(crm, "Nordmann")
    link_review(review=review, record=pair[0], actor=None)
    path = path_of(Customer, "change", pair[0].pk)

    page = manager.get(path).content.decode()

    assert "Nordmann" in page
    alias = Alias.objects.get()
    assert f'name="aliases-0-id" value="{alias.pk}"' in page
    assert 'name="aliases-0-DELETE"' in page
    assert 'name="aliases-0-name"' not in page
