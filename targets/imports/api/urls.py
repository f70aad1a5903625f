"""Paths of the inbound API."""

from ordinavo.kernel.api import endpoint
from targets.imports.api.batch import InboundBatch
from targets.imports.api.inbound import InboundTargets
from targets.imports.api.jobs import (
    ImportJobCancel,
    ImportJobDetail,
    ImportJobErrors,
    ImportJobItems,
    ImportJobRetry,
    ImportJobs,
)
from targets.imports.api.templates import TargetTemplates

urlpatterns = [
    endpoint("inbound/targets", InboundTargets, "inbound-targets"),
    endpoint("inbound/targets/batch", InboundBatch, "inbound-batch"),
    endpoint("import-jobs", ImportJobs, "import-jobs"),
    endpoint("import-jobs/<str:job_id>", ImportJobDetail, "import-job"),
    endpoint("import-jobs/<str:job_id>/items", ImportJobItems, "import-job-items"),
    endpoint("import-jobs/<str:job_id>/errors.csv", ImportJobErrors, "import-job-errors"),
    endpoint("import-jobs/<str:job_id>/cancel", ImportJobCancel, "import-job-cancel"),
    endpoint("import-jobs/<str:job_id>/retry", ImportJobRetry, "import-job-retry"),
    endpoint("target-templates", TargetTemplates, "target-templates"),
]
