"""Pages of the second factor; for staff, like all of the admin."""

from django.contrib import admin
from django.urls import path

from ordinavo.tenants.pages import second_factor

_guarded = admin.site.admin_view

urlpatterns = [
    path("", _guarded(second_factor.step_up), name="second_factor"),
    path("set-up/", _guarded(second_factor.set_up), name="second_factor_setup"),
    path("qr.svg", _guarded(second_factor.qr_code), name="second_factor_qr"),
    path("manage/", _guarded(second_factor.manage), name="second_factor_manage"),
]
