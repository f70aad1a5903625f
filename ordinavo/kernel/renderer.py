"""How answers become bytes. A module of its own: DRF imports it while it builds its own views."""

from rest_framework.renderers import JSONRenderer


class ApiRenderer(JSONRenderer):
    """JSON in UTF-8, letters as they are; `application/json` has no charset parameter."""

    charset = None


class CsvRenderer(ApiRenderer):
    """Lets a caller ask for `text/csv`. Views stream the file themselves: only errors pass here, as JSON."""

    media_type = "text/csv"
    format = "csv"
