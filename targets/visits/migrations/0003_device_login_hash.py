from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_reports_devices_billing")]

    operations = [
        # No device has logged in yet; one that had would have to do so again.
        migrations.AddField(
            model_name="device",
            name="login_hash",
            field=models.CharField(default="", editable=False, max_length=128),
            preserve_default=False,
        ),
    ]
