"""Paths of MyDay, below /myday/."""

from datetime import date

from django.urls import path, register_converter

from targets.visits.pages import account, days, deeds, files, reports, shell, stops

app_name = "myday"


class _Day:
    """A day in a path, as 2026-07-01."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(_Day, "day")

urlpatterns = [
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("invitation/", account.invitation, name="invitation"),
    path("account/", account.account, name="account"),
    path("", days.today, name="today"),
    path("days/<day:day>/", days.day, name="day"),
    path("stops/<int:pk>/", stops.stop, name="stop"),
    path("stops/<int:pk>/start/", deeds.start, name="start"),
    path("stops/<int:pk>/complete/", deeds.complete, name="complete"),
    path("stops/<int:pk>/absent/", deeds.absent, name="absent"),
    path("stops/<int:pk>/problem/", deeds.problem, name="problem"),
    path("stops/<int:pk>/report/", reports.report, name="report"),
    path("stops/<int:pk>/files/", files.add, name="files"),
    path("stops/<int:pk>/files/<int:file_id>/", files.show, name="file"),
    path("stops/<int:pk>/files/<int:file_id>/remove/", files.remove, name="remove"),
    path("unsent/", shell.unsent, name="unsent"),
    path("token/", shell.token, name="token"),
    path("sw.js", shell.worker, name="worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
]
