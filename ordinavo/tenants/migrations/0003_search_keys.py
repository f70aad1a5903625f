"""Tenants whose clients map by name and address keep keys to find their customers by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_managernotice")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="keeps_search_keys",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Whether customers are kept ready to be found by name and address.",
            ),
        ),
    ]
