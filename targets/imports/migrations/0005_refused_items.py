"""Refused items are few, and counted by their codes; the index is made without holding up imports."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("imports", "0004_review_desk")]

    operations = [
        AddIndexConcurrently(
            model_name="importitem",
            index=models.Index(
                condition=models.Q(("status", "Rejected")),
                fields=["tenant", "job", "error_code"],
                name="item_refused",
            ),
        ),
    ]
