"""What managers answered can be taken back; they may put reviews off, and see the likeliest first."""

import django.db.models.deletion
import ordinavo.kernel.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0003_fewer_checks_and_indexes"),
        ("integrations", "0001_initial"),
        ("tenants", "0002_managernotice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("linked", "Linked"),
                            ("created", "Created"),
                            ("dismissed", "Dismissed"),
                            ("refused", "Refused"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "record_id",
                    models.BigIntegerField(
                        blank=True, help_text="The record that was meant, if any.", null=True
                    ),
                ),
                ("written", ordinavo.kernel.fields.OrderedJSONField(default=dict)),
                ("decided_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="SettledItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", ordinavo.kernel.fields.OrderedJSONField()),
            ],
        ),
        migrations.CreateModel(
            name="SkippedReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("skipped_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="mappingreview",
            name="score",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="mappingreview",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["tenant", "-score", "id"],
                name="review_likeliest_first",
            ),
        ),
        migrations.AddField(
            model_name="reviewdecision",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reviewdecision",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="decisions",
                to="imports.mappingreview",
            ),
        ),
        migrations.AddField(
            model_name="reviewdecision",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.tenant",
            ),
        ),
        migrations.AddField(
            model_name="reviewdecision",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="settleditem",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="settled",
                to="imports.reviewdecision",
            ),
        ),
        migrations.AddField(
            model_name="settleditem",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="imports.importitem"
            ),
        ),
        migrations.AddField(
            model_name="skippedreview",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="skips", to="imports.mappingreview"
            ),
        ),
        migrations.AddField(
            model_name="skippedreview",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="reviewdecision",
            index=models.Index(fields=["tenant", "decided_by", "-id"], name="decisions_of_manager"),
        ),
        migrations.AddConstraint(
            model_name="settleditem",
            constraint=models.UniqueConstraint(
                fields=("decision", "item"), name="item_is_settled_once_per_decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="skippedreview",
            constraint=models.UniqueConstraint(
                fields=("user", "review"), name="review_is_skipped_once_per_manager"
            ),
        ),
    ]
