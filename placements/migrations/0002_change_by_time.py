# What is asked by the time of a change.

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('placements', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='placementchange',
            index=models.Index(fields=['recorded_at'], name='placement_change_at'),
        ),
    ]
