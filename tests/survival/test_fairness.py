"""A tenant's mountain does not bury another's stone."""

import pytest

from targets.imports.models import ImportJob
from tests.survival.erp import Erp, is_finished, titles
from tests.survival.stage import Stage, wait

pytestmark = pytest.mark.slow


def test_a_small_batch_overtakes_ten_large_ones_that_were_sent_before(stage: Stage, erp: Erp) -> None:
    large = [erp.send(200, title=f"Round {number}").job_id for number in range(10)]
    other = Erp(stage.port)
    small = other.send(50).job_id
    stage.start("worker")
    wait(lambda: all(map(is_finished, [small, *large])), "all are finished")
    jobs = ImportJob.objects.filter(id__in=[small, *large])
    assert jobs.order_by("finished_at").values_list("id", flat=True)[0] == small
    other.assert_created_once(jobs=1, count=50)
    # What was sent later stands, in whatever order the batches were worked off.
    assert erp.titles() == titles("Round 9", range(200))
