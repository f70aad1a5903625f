"""A target may follow up another one; on a live system without holding up those who write targets."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("targets", "0005_appointment_written_down")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name="target",
                    name="follow_up_of",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="targets.target",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE targets_target ADD COLUMN follow_up_of_id bigint NULL",
                    "ALTER TABLE targets_target DROP COLUMN follow_up_of_id",
                ),
                migrations.RunSQL(
                    "ALTER TABLE targets_target ADD CONSTRAINT target_follows_up_a_target"
                    " FOREIGN KEY (follow_up_of_id) REFERENCES targets_target (id)"
                    " DEFERRABLE INITIALLY DEFERRED NOT VALID",
                    "ALTER TABLE targets_target DROP CONSTRAINT target_follows_up_a_target",
                ),
                migrations.RunSQL(
                    "ALTER TABLE targets_target VALIDATE CONSTRAINT target_follows_up_a_target",
                    migrations.RunSQL.noop,
                ),
            ],
        ),
        AddIndexConcurrently(
            model_name="target",
            index=models.Index(
                condition=models.Q(("follow_up_of__isnull", False)),
                fields=["follow_up_of"],
                name="target_by_followed_up",
            ),
        ),
    ]
