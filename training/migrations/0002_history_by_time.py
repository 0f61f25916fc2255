# What is asked by the time of a change.

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('training', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['replied_at'], name='booking_replied_at'),
        ),
        migrations.AddIndex(
            model_name='bookingevent',
            index=models.Index(fields=['pgh_created_at'], name='booking_event_at'),
        ),
        migrations.AddIndex(
            model_name='sessionevent',
            index=models.Index(fields=['pgh_created_at'], name='session_event_at'),
        ),
    ]
