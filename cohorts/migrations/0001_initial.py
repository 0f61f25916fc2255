# The first release in one step: tables whole, then their triggers.

import cohorts.models.participations
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import dlp.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        django.contrib.postgres.operations.TrigramExtension(
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('full_name', models.CharField(max_length=200, verbose_name='full name')),
                ('known_as', models.CharField(blank=True, help_text='The name to greet and list them by.', max_length=100, verbose_name='known as')),
                ('pronouns', models.CharField(blank=True, max_length=40)),
                ('email', models.EmailField(blank=True, error_messages={'unique': 'Somebody with this address is here already. Search for it.'}, max_length=254, null=True, unique=True, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('trn', models.CharField(blank=True, error_messages={'unique': 'Somebody with this teacher reference number is here already.'}, max_length=7, null=True, unique=True, validators=[django.core.validators.RegexValidator('^(?!0000000)\\d{7}$', 'A teacher reference number has seven figures. Check it, or leave it out.')], verbose_name='teacher reference number')),
                ('search_text', models.CharField(editable=False, max_length=800)),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('is_staff', models.BooleanField(default=False, verbose_name='programme staff')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('invited_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name_plural': 'people',
                'ordering': ['search_text', 'pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('search_text'), name='gin_trgm_ops'), name='person_search_text'), models.Index(fields=['search_text', 'id'], name='person_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('email', None), models.Q(('email', django.db.models.functions.text.Lower('email')), models.Q(('email', ''), _negated=True)), _connector='OR'), name='person_email_is_lower_case', violation_error_message='Write the address in lower case, or leave it out.'), models.CheckConstraint(condition=models.Q(('full_name', ''), _negated=True), name='person_has_a_name', violation_error_message='A person needs a name.')],
            },
        ),
        migrations.CreateModel(
            name='Cohort',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('is_pioneer', models.BooleanField(default=False, verbose_name='the Pioneer Cohort')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, help_text='Two years less a day, if left out.', verbose_name='last day')),
                ('regions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('north_east', 'North East'), ('north_west', 'North West'), ('yorkshire', 'Yorkshire and the Humber'), ('east_midlands', 'East Midlands'), ('west_midlands', 'West Midlands'), ('east', 'East of England'), ('london', 'London'), ('south_east', 'South East'), ('south_west', 'South West')], max_length=20), blank=True, default=list, size=None)),
                ('target_size', models.PositiveSmallIntegerField(default=10, verbose_name='places')),
                ('colour', models.CharField(choices=[('pine', 'Pine'), ('sky', 'Sky'), ('clay', 'Clay'), ('moss', 'Moss'), ('plum', 'Plum')], default='pine', max_length=10)),
                ('coordinator', models.ForeignKey(blank=True, help_text='Answers what participants and schools write back.', limit_choices_to={'is_staff': True}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='coordinated_cohorts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-starts_on', 'name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='cohort_name_is_its_own', violation_error_message='Another cohort has this name. Choose one of its own.'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='cohort_dates_in_order', violation_error_message='The last day must come after the first day.'), models.UniqueConstraint(condition=models.Q(('is_pioneer', True)), fields=('is_pioneer',), name='cohort_one_pioneer', violation_error_message='There is one Pioneer Cohort, and it is here already.')],
            },
        ),
        migrations.CreateModel(
            name='CohortEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=100)),
                ('is_pioneer', models.BooleanField(default=False, verbose_name='the Pioneer Cohort')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, help_text='Two years less a day, if left out.', verbose_name='last day')),
                ('regions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('north_east', 'North East'), ('north_west', 'North West'), ('yorkshire', 'Yorkshire and the Humber'), ('east_midlands', 'East Midlands'), ('west_midlands', 'West Midlands'), ('east', 'East of England'), ('london', 'London'), ('south_east', 'South East'), ('south_west', 'South West')], max_length=20), blank=True, default=list, size=None)),
                ('target_size', models.PositiveSmallIntegerField(default=10, verbose_name='places')),
                ('colour', models.CharField(choices=[('pine', 'Pine'), ('sky', 'Sky'), ('clay', 'Clay'), ('moss', 'Moss'), ('plum', 'Plum')], default='pine', max_length=10)),
                ('coordinator', models.ForeignKey(blank=True, db_constraint=False, help_text='Answers what participants and schools write back.', limit_choices_to={'is_staff': True}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cohorts.cohort')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('people', 'People'), ('schools', 'Schools')], max_length=10)),
                ('state', models.CharField(choices=[('previewed', 'Waiting for a yes'), ('applied', 'Done')], default='previewed', max_length=10)),
                ('file_name', models.CharField(max_length=200)),
                ('file_sha256', models.CharField(max_length=64)),
                ('rows', models.JSONField(default=list)),
                ('ignored_columns', models.JSONField(blank=True, default=list)),
                ('counts', models.JSONField(default=dict)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('applied_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('applied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cohort', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_runs', to='cohorts.cohort')),
                ('uploaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-uploaded_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('state', 'applied')), models.Q(('applied_at', None), ('applied_by', None), ('state', 'previewed')), _connector='OR'), name='import_run_application_is_whole', violation_error_message='An import that was done records when.')],
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('offered', 'Offered'), ('accepted', 'Accepted'), ('active', 'Active'), ('deferred', 'Deferred'), ('completed', 'Completed'), ('withdrawn', 'Withdrawn'), ('transferred', 'Transferred'), ('declined', 'Declined')], default='accepted', editable=False, max_length=20)),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('expected_end_on', models.DateField(verbose_name='expected last day')),
                ('held_to', models.DateField(blank=True, editable=False, help_text='Empty while it goes on.', null=True, verbose_name='last day')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='cohorts.cohort')),
                ('continues', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continued_by', to='cohorts.participation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-starts_on', 'pk'],
                'indexes': [models.Index(fields=['cohort', 'state'], name='participation_cohort_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('held_to', None), ('starts_on__lte', cohorts.models.participations.DayAfter('held_to')), _connector='OR'), name='participation_dates_in_order', violation_error_message='The last day cannot be before the first day.'), models.CheckConstraint(condition=models.Q(('expected_end_on__gte', models.F('starts_on'))), name='participation_expected_end_in_order', violation_error_message='The expected last day cannot be before the first day.'), models.CheckConstraint(condition=models.Q(models.Q(('held_to__isnull', False), ('state__in', ['completed', 'withdrawn', 'transferred'])), models.Q(models.Q(('state__in', ['completed', 'withdrawn', 'transferred']), _negated=True), ('held_to', None)), _connector='OR'), name='participation_end_is_whole', violation_error_message='Time in a cohort has a last day exactly when it has ended.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state__in', ['offered', 'declined']), _negated=True), expressions=[('person', '='), (dlp.fields.DateRange('starts_on', cohorts.models.participations.DayAfter('held_to')), '&&')], name='participation_one_at_a_time', violation_error_message='This person is in a cohort already on some of these days.')],
            },
        ),
        migrations.CreateModel(
            name='ParticipationChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('offered', 'Offered a place'), ('accepted', 'Accepted'), ('declined', 'Declined the place'), ('started', 'Started'), ('deferred', 'Deferred'), ('resumed', 'Resumed'), ('transferred', 'Transferred to another cohort'), ('completed', 'Completed'), ('withdrawn', 'Withdrew'), ('reinstated', 'Reinstated')], max_length=20)),
                ('effective_on', models.DateField(help_text='The first day on which it counts.', verbose_name='from')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('reason', models.CharField(blank=True, choices=[('bereavement', 'Bereavement'), ('long_term_sickness', 'Long-term sickness'), ('parental_leave', 'Parental leave'), ('career_break', 'Career break'), ('placement_ended', 'The school ended the placement'), ('left_profession', 'Left the profession'), ('other', 'Other')], max_length=30)),
                ('note_private', models.TextField(blank=True, verbose_name='private note')),
                ('expected_return_on', models.DateField(blank=True, null=True, verbose_name='expected back')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='look again on')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='cohorts.participation')),
                ('to_cohort', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.cohort', verbose_name='to which cohort')),
                ('undoes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='cohorts.participationchange')),
            ],
            options={
                'ordering': ['effective_on', 'recorded_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['deferred', 'withdrawn']), _negated=True), models.Q(('reason', ''), _negated=True), ('undoes__isnull', False), _connector='OR'), name='participation_change_gives_its_reason', violation_error_message='Choose the reason: a deferral or a withdrawal has one.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'transferred'), ('to_cohort__isnull', False)), models.Q(models.Q(('kind', 'transferred'), _negated=True), ('to_cohort', None)), _connector='OR'), name='participation_change_says_where_to', violation_error_message='A transfer, and nothing else, names another cohort.'), models.CheckConstraint(condition=models.Q(('expected_return_on', None), ('expected_return_on__gt', models.F('effective_on')), _connector='OR'), name='participation_change_return_in_order', violation_error_message='The expected return must come after the deferral begins.')],
            },
        ),
        migrations.CreateModel(
            name='ParticipationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('offered', 'Offered'), ('accepted', 'Accepted'), ('active', 'Active'), ('deferred', 'Deferred'), ('completed', 'Completed'), ('withdrawn', 'Withdrawn'), ('transferred', 'Transferred'), ('declined', 'Declined')], default='accepted', editable=False, max_length=20)),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('expected_end_on', models.DateField(verbose_name='expected last day')),
                ('held_to', models.DateField(blank=True, editable=False, help_text='Empty while it goes on.', null=True, verbose_name='last day')),
                ('cohort', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cohorts.cohort')),
                ('continues', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cohorts.participation')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cohorts.participation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PersonEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('full_name', models.CharField(max_length=200, verbose_name='full name')),
                ('known_as', models.CharField(blank=True, help_text='The name to greet and list them by.', max_length=100, verbose_name='known as')),
                ('pronouns', models.CharField(blank=True, max_length=40)),
                ('email', models.EmailField(blank=True, error_messages={'unique': 'Somebody with this address is here already. Search for it.'}, max_length=254, null=True, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('trn', models.CharField(blank=True, error_messages={'unique': 'Somebody with this teacher reference number is here already.'}, max_length=7, null=True, validators=[django.core.validators.RegexValidator('^(?!0000000)\\d{7}$', 'A teacher reference number has seven figures. Check it, or leave it out.')], verbose_name='teacher reference number')),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('is_staff', models.BooleanField(default=False, verbose_name='programme staff')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('invited_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cohorts_personevent" ("added_at", "email", "full_name", "id", "invited_at", "is_active", "is_staff", "is_superuser", "known_as", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "pronouns", "trn") VALUES (NEW."added_at", NEW."email", NEW."full_name", NEW."id", NEW."invited_at", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."known_as", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."pronouns", NEW."trn"); RETURN NULL;', hash='f4d9ee29ce1518af319e1f866e6e6739d8bd45ba', operation='INSERT', pgid='pgtrigger_insert_insert_eb11e', table='cohorts_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."full_name" IS DISTINCT FROM (NEW."full_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."invited_at" IS DISTINCT FROM (NEW."invited_at") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."known_as" IS DISTINCT FROM (NEW."known_as") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."pronouns" IS DISTINCT FROM (NEW."pronouns") OR OLD."trn" IS DISTINCT FROM (NEW."trn"))', func='INSERT INTO "cohorts_personevent" ("added_at", "email", "full_name", "id", "invited_at", "is_active", "is_staff", "is_superuser", "known_as", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "pronouns", "trn") VALUES (NEW."added_at", NEW."email", NEW."full_name", NEW."id", NEW."invited_at", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."known_as", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."pronouns", NEW."trn"); RETURN NULL;', hash='6d8e7ad6c69ab7489b4c6ef856877fbb245fa994', operation='UPDATE', pgid='pgtrigger_update_update_5d2b5', table='cohorts_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cohort',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cohorts_cohortevent" ("colour", "coordinator_id", "ends_on", "id", "is_pioneer", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "regions", "starts_on", "target_size") VALUES (NEW."colour", NEW."coordinator_id", NEW."ends_on", NEW."id", NEW."is_pioneer", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."regions", NEW."starts_on", NEW."target_size"); RETURN NULL;', hash='bce9d8e39d6a3f0104b507e013d98ede3bee3904', operation='INSERT', pgid='pgtrigger_insert_insert_d3a96', table='cohorts_cohort', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cohort',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cohorts_cohortevent" ("colour", "coordinator_id", "ends_on", "id", "is_pioneer", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "regions", "starts_on", "target_size") VALUES (NEW."colour", NEW."coordinator_id", NEW."ends_on", NEW."id", NEW."is_pioneer", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."regions", NEW."starts_on", NEW."target_size"); RETURN NULL;', hash='614b17481023c77da1f18d1f3e51da620f931443', operation='UPDATE', pgid='pgtrigger_update_update_09318', table='cohorts_cohort', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cohorts_participationevent" ("cohort_id", "continues_id", "expected_end_on", "held_to", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "state") VALUES (NEW."cohort_id", NEW."continues_id", NEW."expected_end_on", NEW."held_to", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on", NEW."state"); RETURN NULL;', hash='f8e22fac5d9cbbdee03bd1db818b77c97bd5608d', operation='INSERT', pgid='pgtrigger_insert_insert_ff0f3', table='cohorts_participation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cohorts_participationevent" ("cohort_id", "continues_id", "expected_end_on", "held_to", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "state") VALUES (NEW."cohort_id", NEW."continues_id", NEW."expected_end_on", NEW."held_to", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on", NEW."state"); RETURN NULL;', hash='1d5976d810b1d5b3d01d22c960dd651895df370f', operation='UPDATE', pgid='pgtrigger_update_update_0fba2', table='cohorts_participation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participationchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='64ad8fe20b5c4880186929e7116c9cd9b702e113', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_66788', table='cohorts_participationchange', when='BEFORE')),
        ),
    ]
