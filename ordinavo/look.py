"""How the admin looks (unfold)."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Ordinavo Connect",
    "SITE_HEADER": "Ordinavo Connect",
    "SITE_SYMBOL": "route",
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    # Its colours stand in admin.css, since a page may hold no styles of its own.
    "ENVIRONMENT": "ordinavo.desk.navigation.environment",
    "GLOBAL_CALLBACK": "ordinavo.desk.navigation.tenant_switch",
    "DASHBOARD_CALLBACK": "ordinavo.desk.start.dashboard",
    "SIDEBAR": {"navigation": "ordinavo.desk.navigation.sidebar"},
    "LOGIN": {"form": "ordinavo.tenants.pages.login.LoginForm"},
    "ACCOUNT": {
        "navigation": [
            {"title": "Change password", "link": reverse_lazy("admin:password_change")},
            {"title": "Second factor", "link": reverse_lazy("second_factor_manage")},
        ]
    },
    "STYLES": [lambda _: static("ordinavo/admin.css")],
    "SCRIPTS": [lambda _: static("ordinavo/keys.js")],
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _: static("ordinavo/icon.svg")}
    ],
}
