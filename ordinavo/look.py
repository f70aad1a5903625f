"""How the admin looks (unfold)."""

from typing import Any

from django.templatetags.static import static

# A calm teal: far from the red, orange and green that tell states.
_TEAL = {
    "50": "#eefaf8",
    "100": "#d3f2ed",
    "200": "#a9e4dc",
    "300": "#74cfc5",
    "400": "#3fb2a8",
    "500": "#24968d",
    "600": "#0f766e",
    "700": "#115e59",
    "800": "#134e4a",
    "900": "#134240",
    "950": "#042f2e",
}
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Ordinavo Connect",
    "SITE_HEADER": "Ordinavo Connect",
    "SITE_SYMBOL": "route",
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "COLORS": {"primary": _TEAL},
    "ENVIRONMENT": "ordinavo.desk.navigation.environment",
    "GLOBAL_CALLBACK": "ordinavo.desk.navigation.tenant_switch",
    "DASHBOARD_CALLBACK": "ordinavo.desk.start.dashboard",
    "SIDEBAR": {"navigation": "ordinavo.desk.navigation.sidebar"},
    "STYLES": [lambda _: static("ordinavo/admin.css")],
    "SCRIPTS": [lambda _: static("ordinavo/keys.js")],
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _: static("ordinavo/icon.svg")}
    ],
}
