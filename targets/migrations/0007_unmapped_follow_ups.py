"""Beat looks for follow-ups without a customer; the index is made without holding up those who write targets."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("targets", "0006_follow_ups")]

    operations = [
        AddIndexConcurrently(
            model_name="target",
            index=models.Index(
                condition=models.Q(("customer", None), ("follow_up_of__isnull", False)),
                fields=["id"],
                name="target_unmapped_follow_up",
            ),
        ),
    ]
