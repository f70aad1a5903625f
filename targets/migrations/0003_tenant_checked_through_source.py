"""A target's tenant is checked through its source system; only targets with a template are in its index."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_tenant_checked_through_customer"),
        ("integrations", "0001_initial"),
        ("targets", "0002_room_for_updates"),
        ("tenants", "0002_managernotice"),
    ]

    operations = [
        migrations.AlterField(
            model_name="target",
            name="template",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="targets",
                to="targets.targettemplate",
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="tenant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="targets",
                to="tenants.tenant",
            ),
        ),
        migrations.AddIndex(
            model_name="target",
            index=models.Index(
                condition=models.Q(("template__isnull", False)),
                fields=["template"],
                name="target_by_template",
            ),
        ),
    ]
