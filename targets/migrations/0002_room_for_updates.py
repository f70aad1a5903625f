"""Leaves room in the pages of targets, so that noting an import's place writes no index (a HOT update)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("targets", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE targets_target SET (fillfactor = 80)",
            reverse_sql="ALTER TABLE targets_target RESET (fillfactor)",
        )
    ]
