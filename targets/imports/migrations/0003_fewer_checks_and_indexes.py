"""An item's tenant is checked through its job; a block range index finds a job's items."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0002_review_decisions"),
        ("targets", "0003_tenant_checked_through_source"),
        ("tenants", "0002_managernotice"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importitem",
            name="job",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="imports.importjob",
            ),
        ),
        migrations.AlterField(
            model_name="importitem",
            name="tenant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.tenant",
            ),
        ),
        migrations.AddIndex(
            model_name="importitem",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["job"], name="item_by_job"
            ),
        ),
    ]
