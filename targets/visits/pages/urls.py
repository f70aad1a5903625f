"""Paths of MyDay, below /myday/."""

from django.urls import path
from django.views.generic import RedirectView

from targets.visits.pages import account

app_name = "myday"

urlpatterns = [
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("invitation/", account.invitation, name="invitation"),
    path("account/", account.account, name="account"),
    path("", RedirectView.as_view(pattern_name="myday:account"), name="today"),
]
