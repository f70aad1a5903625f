"""Keys to find records by name and address, and what is frequent with a tenant."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_aliases_and_refused_pairs'),
        ('tenants', '0003_search_keys'),
    ]

    operations = [
        migrations.AlterField(
            model_name='externalreference',
            name='matched_by',
            field=models.CharField(choices=[('externalId', 'External id'), ('customerNumber', 'Customer number'), ('email', 'E-mail'), ('phone', 'Phone'), ('nameAndAddress', 'Name and address'), ('manual', "Manager's decision"), ('created', 'Created by an import')], max_length=16),
        ),
        migrations.CreateModel(
            name='MatchingProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('keyed_to', models.BigIntegerField(default=0, help_text='Id of the last customer whose keys are written.')),
                ('ready_at', models.DateTimeField(blank=True, null=True)),
                ('refreshed_at', models.DateTimeField(blank=True, null=True)),
                ('customers', models.PositiveIntegerField(default=0)),
                ('sites', models.PositiveIntegerField(default=0)),
                ('neighbours', models.FloatField(default=0.2)),
                ('counts', models.JSONField(default=dict)),
                ('weights', models.JSONField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('tenant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='SearchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.IntegerField()),
                ('customer', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='customers.customer')),
                ('location', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='customers.location')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenants.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'key'], include=('customer', 'location'), name='search_key'), models.Index(fields=['customer'], name='search_key_of_customer')],
            },
        ),
    ]
