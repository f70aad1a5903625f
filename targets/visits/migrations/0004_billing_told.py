from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_device_login_hash")]

    operations = [
        # No bill has been made yet: nobody waits for either.
        migrations.RemoveIndex(model_name="billingevent", name="billing_event_ready"),
        migrations.AddIndex(
            model_name="billingevent",
            index=models.Index(
                condition=models.Q(("ready_event__isnull", False), ("status__in", ["Ready", "Failed"])),
                fields=["id"],
                name="billing_event_told",
            ),
        ),
    ]
