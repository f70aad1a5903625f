"""Other names of cities, for searches by name and address."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0004_search_keys'),
        ('tenants', '0004_doors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CityAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alias', models.CharField(max_length=100, verbose_name='name in addresses')),
                ('alias_key', models.CharField(blank=True, editable=False, max_length=100)),
                ('city', models.CharField(max_length=100, verbose_name='city it stands for')),
                ('city_key', models.CharField(blank=True, editable=False, max_length=100)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'verbose_name_plural': 'city aliases',
                'ordering': ('alias_key',),
                'constraints': [models.UniqueConstraint(fields=('tenant', 'alias_key'), name='city_alias_stands_for_one_city', violation_error_message='This name stands for a city already.'), models.CheckConstraint(condition=models.Q(models.Q(('alias_key', ''), _negated=True), models.Q(('city_key', ''), _negated=True), models.Q(('alias_key', models.F('city_key')), _negated=True)), name='city_alias_is_another_name', violation_error_message='Both names are read alike without an alias.')],
            },
        ),
    ]
