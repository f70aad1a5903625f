"""Paths of the inbound API."""

from ordinavo.kernel.api import endpoint
from targets.imports.api.inbound import InboundTargets
from targets.imports.api.jobs import ImportJobDetail, ImportJobItems
from targets.imports.api.templates import TargetTemplates

urlpatterns = [
    endpoint("inbound/targets", InboundTargets, "inbound-targets"),
    endpoint("import-jobs/<str:job_id>", ImportJobDetail, "import-job"),
    endpoint("import-jobs/<str:job_id>/items", ImportJobItems, "import-job-items"),
    endpoint("target-templates", TargetTemplates, "target-templates"),
]
