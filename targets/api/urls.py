"""Paths of targets."""

from ordinavo.kernel.api import endpoint
from targets.api.targets import TargetDetail, Targets

urlpatterns = [
    endpoint("targets", Targets, "targets"),
    endpoint("targets/<str:target_id>", TargetDetail, "target"),
]
