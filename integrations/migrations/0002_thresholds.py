"""Clients may map by name and address, with thresholds of their own."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('integrations', '0001_initial'),
        ('tenants', '0003_search_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='integrationclient',
            name='link_margin',
            field=models.FloatField(db_default=0.25, default=0.25, help_text='How clear of the next best it must be: 0 is not at all, 0.5 as clear as can be.', validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(0.5)]),
        ),
        migrations.AddField(
            model_name='integrationclient',
            name='link_score',
            field=models.FloatField(db_default=0.65, default=0.65, help_text='By name and address, what scores as much is linked, if it is clear of the next best.', validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(1.0)], verbose_name='link from score'),
        ),
        migrations.AddField(
            model_name='integrationclient',
            name='review_score',
            field=models.FloatField(db_default=0.37, default=0.37, help_text='What scores as much, but is not linked, waits for a manager; below, nothing is found.', validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(1.0)], verbose_name='review from score'),
        ),
        migrations.AlterField(
            model_name='integrationclient',
            name='mapping_strategy',
            field=models.CharField(choices=[('ExternalIdOnly', 'External ids only'), ('ExternalIdFirst', 'External ids, then the chosen fallbacks'), ('ExternalIdThenCustomerNumber', 'External ids, then customer number'), ('ExternalIdThenNameAndAddress', 'External ids, customer number, then name and address'), ('ManualOnly', 'Only what a manager decided')], default='ExternalIdFirst', max_length=40),
        ),
        migrations.AddConstraint(
            model_name='integrationclient',
            constraint=models.CheckConstraint(condition=models.Q(('link_score__gte', models.F('review_score'))), name='client_links_from_no_less_than_it_reviews', violation_error_message='What is linked must score at least what is reviewed.'),
        ),
    ]
