"""All paths. The API's error shape also covers the paths that do not exist."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from ordinavo.desk.metrics import metrics
from ordinavo.kernel.health import alive, ready
from ordinavo.tenants.pages.password import own_password

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz", alive),
    path("readyz", ready),
    path("metrics", metrics),
    path("admin/second-factor/", include("ordinavo.tenants.pages.urls")),
    path("admin/password_change/", admin.site.admin_view(own_password)),
    path("admin/", include("ordinavo.desk.urls")),
    path("admin/", admin.site.urls),
    path("myday", RedirectView.as_view(pattern_name="myday:today")),
    path("myday/", include("targets.visits.pages.urls")),
    path("api/connect/v1/", include("ordinavo.kernel.openapi.urls")),
    path("api/connect/v1/", include("integrations.api.urls")),
    path("api/connect/v1/", include("targets.imports.api.urls")),
    path("api/connect/v1/", include("targets.api.urls")),
    path("api/connect/v1/", include("targets.routes.api.urls")),
    path("api/connect/v1/", include("webhooks.api.urls")),
]

handler400 = "ordinavo.kernel.api_errors.bad_request"
handler404 = "ordinavo.kernel.api_errors.not_found"
handler500 = "ordinavo.kernel.api_errors.server_error"
