# The first release in one step: tables whole, then their triggers.

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cohorts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(help_text='The model, such as training.Need.', max_length=60)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('subject_key', models.UUIDField(null=True)),
                ('purpose', models.CharField(max_length=60)),
                ('read_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('about', models.ForeignKey(help_text='Whom it is about.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='readings_about', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(help_text='Who read it.', on_delete=django.db.models.deletion.PROTECT, related_name='readings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-read_at', '-pk'],
                'indexes': [models.Index(fields=['subject_kind', 'subject_key'], name='access_record_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('subject_id__isnull', False), ('subject_key', None)), models.Q(('subject_id', None), ('subject_key__isnull', False)), _connector='OR'), name='access_record_names_one_row', violation_error_message='A reading names the record by its number or by its key.'), models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='access_record_has_a_purpose', violation_error_message='A reading says what it was for.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accessrecord',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8b4db2d625bb60625cc2afde78f82c0436860f5f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9817f', table='audit_accessrecord', when='BEFORE')),
        ),
    ]
