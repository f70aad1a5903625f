"""`GET /target-templates`: which template keys the tenant knows."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import grant_of
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView
from ordinavo.kernel.filters import filtered
from ordinavo.kernel.pagination import page_of
from targets.imports.api.filters import TemplateFilters
from targets.imports.api.schema import operations
from targets.models import TargetTemplate
from targets.selectors import active_templates


class TargetTemplates(ApiView):
    """The tenant's templates."""

    required_scopes = {"GET": (Scope.TARGETS_WRITE, Scope.TARGETS_BATCH_WRITE)}

    @operations.list_target_templates
    def get(self, request: Request) -> Response:
        """Return a page of templates."""
        rows = filtered(TemplateFilters, request, active_templates(grant_of(request).tenant))
        return Response(page_of(request, rows, keys=("id",), descending=False, render=_template_out))


def _template_out(template: TargetTemplate) -> dict[str, Any]:
    return {
        "key": template.key,
        "name": template.name,
        "description": template.description,
        "defaultEstimatedWorkMinutes": template.default_estimated_work_minutes,
        "defaultPriority": template.default_priority or None,
    }
