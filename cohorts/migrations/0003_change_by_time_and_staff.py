# What is asked by the time of a change, and who is staff.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('cohorts', '0002_import_run_columns_and_notes'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='participationchange',
            index=models.Index(fields=['recorded_at'], name='participation_change_at'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('is_staff', True)), fields=['id'], name='person_staff'),
        ),
    ]
