# The first release in one step: tables whole, then their triggers.

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import dlp.fields
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cohorts', '0001_initial'),
        ('cohorts', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('placements', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('training_day', 'Training day'), ('dsl_training', 'DSL training'), ('twilight', 'Twilight'), ('supervision', 'Supervision'), ('residential', 'Residential')], max_length=20)),
            ],
            options={
                'verbose_name_plural': 'series',
                'ordering': ['title', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SeriesEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('training_day', 'Training day'), ('dsl_training', 'DSL training'), ('twilight', 'Twilight'), ('supervision', 'Supervision'), ('residential', 'Residential')], max_length=20)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.series')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SupervisionGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('cohort', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supervision_groups', to='cohorts.cohort')),
                ('supervisor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervised_groups', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='supervision_group_dates_in_order', violation_error_message='The last day cannot be before the first day.')],
            },
        ),
        migrations.CreateModel(
            name='GroupMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='group_memberships', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='training.supervisiongroup')),
            ],
            options={
                'ordering': ['group', 'person'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='group_member_dates_in_order', violation_error_message='The last day cannot be before the first day.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('group', '='), ('person', '='), (dlp.fields.DateRange('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)), '&&')], name='group_member_once_at_a_time', violation_error_message='This person is in the group already on some of these days.')],
            },
        ),
        migrations.CreateModel(
            name='GroupMemberEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.groupmember')),
                ('group', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.supervisiongroup')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SupervisionGroupEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=100)),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('cohort', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cohorts.cohort')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.supervisiongroup')),
                ('supervisor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Venue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('address', models.TextField(blank=True)),
                ('postcode', models.CharField(blank=True, max_length=10)),
                ('access_notes', models.TextField(blank=True, verbose_name='getting in, and step-free access')),
                ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='venues', to='placements.school')),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='venue_name_is_its_own', violation_error_message='Another venue has this name.')],
            },
        ),
        migrations.CreateModel(
            name='VenueEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('address', models.TextField(blank=True)),
                ('postcode', models.CharField(blank=True, max_length=10)),
                ('access_notes', models.TextField(blank=True, verbose_name='getting in, and step-free access')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.venue')),
                ('school', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VenueOperator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('venue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='operators', to='training.venue')),
            ],
            options={
                'ordering': ['-starts_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='venue_operator_dates_in_order', violation_error_message='The last day cannot be before the first day.')],
            },
        ),
        migrations.CreateModel(
            name='VenueOperatorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.venueoperator')),
                ('venue', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.venue')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Course',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('training_day', 'Training day'), ('dsl_training', 'DSL training'), ('twilight', 'Twilight'), ('supervision', 'Supervision'), ('residential', 'Residential')], default='training_day', max_length=20)),
                ('strand', models.CharField(blank=True, choices=[('teaching_and_learning', 'Teaching and Learning'), ('wellbeing_and_safeguarding', 'Wellbeing and Safeguarding')], max_length=40)),
                ('minutes', models.PositiveSmallIntegerField(default=360, verbose_name='length in minutes')),
                ('summary', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['title', 'pk'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('title'), name='course_title_is_its_own', violation_error_message='Another course has this title.')],
            },
        ),
        migrations.CreateModel(
            name='CourseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('training_day', 'Training day'), ('dsl_training', 'DSL training'), ('twilight', 'Twilight'), ('supervision', 'Supervision'), ('residential', 'Residential')], default='training_day', max_length=20)),
                ('strand', models.CharField(blank=True, choices=[('teaching_and_learning', 'Teaching and Learning'), ('wellbeing_and_safeguarding', 'Wellbeing and Safeguarding')], max_length=40)),
                ('minutes', models.PositiveSmallIntegerField(default=360, verbose_name='length in minutes')),
                ('summary', models.TextField(blank=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.course')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('training_day', 'Training day'), ('dsl_training', 'DSL training'), ('twilight', 'Twilight'), ('supervision', 'Supervision'), ('residential', 'Residential')], max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('summary', models.TextField(blank=True, verbose_name='what it is, and what to bring')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('postponed', 'Postponed'), ('cancelled', 'Cancelled')], default='draft', editable=False, max_length=10)),
                ('starts_on', models.DateField(verbose_name='date')),
                ('starts_time', models.TimeField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='last date')),
                ('ends_time', models.TimeField(verbose_name='until')),
                ('in_second_hour', models.BooleanField(blank=True, help_text='Asked only where the time happens twice that night.', null=True, verbose_name='after the clocks go back')),
                ('tz', models.CharField(default='Europe/London', editable=False, max_length=40)),
                ('starts_at', models.DateTimeField(editable=False)),
                ('ends_at', models.DateTimeField(editable=False)),
                ('mode', models.CharField(choices=[('in_person', 'In person'), ('online', 'Online'), ('hybrid', 'In person or online')], default='in_person', max_length=10)),
                ('venue_name', models.CharField(blank=True, editable=False, max_length=200)),
                ('join_link', models.URLField(blank=True, help_text='Shown to people who are coming, from 24 hours before.', verbose_name='link to join')),
                ('capacity', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='places')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('ics_uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('ics_sequence', models.PositiveIntegerField(default=0, editable=False)),
                ('cancelled_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='why')),
                ('register_closed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('cohorts', models.ManyToManyField(blank=True, related_name='sessions', to='cohorts.cohort')),
                ('course', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='training.course')),
                ('facilitators', models.ManyToManyField(blank=True, related_name='facilitated_sessions', to=settings.AUTH_USER_MODEL)),
                ('register_closed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('series', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='training.series')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='training.supervisiongroup')),
                ('venue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='training.venue')),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
                'indexes': [models.Index(fields=['state', 'starts_at'], name='session_state_start')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='session_ends_after_it_starts', violation_error_message='The session must end after it starts.'), models.CheckConstraint(condition=models.Q(models.Q(('group__isnull', False), ('kind', 'supervision')), models.Q(models.Q(('kind', 'supervision'), _negated=True), ('group', None)), _connector='OR'), name='session_supervision_has_a_group', violation_error_message='Choose the group: supervision has one, nothing else does.'), models.CheckConstraint(condition=models.Q(('mode', 'online'), ('venue__isnull', False), ('state', 'draft'), _connector='OR'), name='session_in_person_has_a_venue', violation_error_message='Choose where people meet, or make it online.'), models.CheckConstraint(condition=models.Q(('capacity', None), ('capacity__gte', 1), _connector='OR'), name='session_has_a_place', violation_error_message='Leave the places empty for no limit, or write at least 1.'), models.CheckConstraint(condition=models.Q(models.Q(('register_closed_at', None), ('register_closed_by', None)), models.Q(('register_closed_at__isnull', False), ('register_closed_by__isnull', False)), _connector='OR'), name='session_register_closing_is_whole', violation_error_message='A closed register records who closed it and when.')],
            },
        ),
        migrations.CreateModel(
            name='SessionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('training_day', 'Training day'), ('dsl_training', 'DSL training'), ('twilight', 'Twilight'), ('supervision', 'Supervision'), ('residential', 'Residential')], max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('summary', models.TextField(blank=True, verbose_name='what it is, and what to bring')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('postponed', 'Postponed'), ('cancelled', 'Cancelled')], default='draft', editable=False, max_length=10)),
                ('starts_on', models.DateField(verbose_name='date')),
                ('starts_time', models.TimeField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='last date')),
                ('ends_time', models.TimeField(verbose_name='until')),
                ('in_second_hour', models.BooleanField(blank=True, help_text='Asked only where the time happens twice that night.', null=True, verbose_name='after the clocks go back')),
                ('tz', models.CharField(default='Europe/London', editable=False, max_length=40)),
                ('starts_at', models.DateTimeField(editable=False)),
                ('ends_at', models.DateTimeField(editable=False)),
                ('mode', models.CharField(choices=[('in_person', 'In person'), ('online', 'Online'), ('hybrid', 'In person or online')], default='in_person', max_length=10)),
                ('venue_name', models.CharField(blank=True, editable=False, max_length=200)),
                ('join_link', models.URLField(blank=True, help_text='Shown to people who are coming, from 24 hours before.', verbose_name='link to join')),
                ('capacity', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='places')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('ics_uid', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('ics_sequence', models.PositiveIntegerField(default=0, editable=False)),
                ('cancelled_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='why')),
                ('register_closed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('course', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.course')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.session')),
                ('register_closed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('series', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.series')),
                ('group', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.supervisiongroup')),
                ('venue', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.venue')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('invited', 'Invited'), ('coming', 'Coming'), ('not_coming', 'Not coming'), ('waiting', 'On the waiting list'), ('offered', 'Offered a place'), ('withdrawn', 'Taken off')], default='invited', editable=False, max_length=15)),
                ('booked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('replied_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('replied_via', models.CharField(blank=True, choices=[('portal', 'Signed in'), ('letter', 'The link in a letter'), ('staff', 'Programme staff')], editable=False, max_length=10)),
                ('reply_reason', models.CharField(blank=True, max_length=200, verbose_name='why not')),
                ('attendance', models.CharField(blank=True, choices=[('present', 'Present'), ('late', 'Late'), ('left_early', 'Left early'), ('online', 'Online'), ('excused', 'Excused'), ('absent', 'Absent')], max_length=12)),
                ('marked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('marked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='training.session')),
            ],
            options={
                'ordering': ['session', 'person__search_text', 'pk'],
                'indexes': [models.Index(fields=['person', 'state'], name='booking_person_state')],
                'constraints': [models.UniqueConstraint(fields=('session', 'person'), name='booking_once_a_session', violation_error_message='This person is on the session already.'), models.CheckConstraint(condition=models.Q(models.Q(('attendance', ''), ('marked_at', None), ('marked_by', None)), models.Q(models.Q(('attendance', ''), _negated=True), ('marked_at__isnull', False), ('marked_by__isnull', False)), _connector='OR'), name='booking_mark_is_whole', violation_error_message='A mark in the register records who made it and when.'), models.CheckConstraint(condition=models.Q(models.Q(('replied_at', None), ('replied_via', '')), models.Q(('replied_at__isnull', False), models.Q(('replied_via', ''), _negated=True)), _connector='OR'), name='booking_reply_is_whole', violation_error_message='An answer records when and how it came.')],
            },
        ),
        migrations.CreateModel(
            name='BookingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('invited', 'Invited'), ('coming', 'Coming'), ('not_coming', 'Not coming'), ('waiting', 'On the waiting list'), ('offered', 'Offered a place'), ('withdrawn', 'Taken off')], default='invited', editable=False, max_length=15)),
                ('booked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('replied_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('replied_via', models.CharField(blank=True, choices=[('portal', 'Signed in'), ('letter', 'The link in a letter'), ('staff', 'Programme staff')], editable=False, max_length=10)),
                ('reply_reason', models.CharField(blank=True, max_length=200, verbose_name='why not')),
                ('attendance', models.CharField(blank=True, choices=[('present', 'Present'), ('late', 'Late'), ('left_early', 'Left early'), ('online', 'Online'), ('excused', 'Excused'), ('absent', 'Absent')], max_length=12)),
                ('marked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('marked_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.booking')),
                ('session', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.session')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Residential',
            fields=[
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='residential', serialize=False, to='training.session')),
                ('arrival', models.TextField(blank=True, verbose_name='getting there')),
                ('to_bring', models.TextField(blank=True, verbose_name='what to bring')),
            ],
        ),
        migrations.CreateModel(
            name='ResidentialEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('arrival', models.TextField(blank=True, verbose_name='getting there')),
                ('to_bring', models.TextField(blank=True, verbose_name='what to bring')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('session', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', serialize=False, to='training.session')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.residential')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "training_seriesevent" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."title"); RETURN NULL;', hash='c3512295734c663e9fda2a163f54213b8d13762b', operation='INSERT', pgid='pgtrigger_insert_insert_b067e', table='training_series', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "training_seriesevent" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."title"); RETURN NULL;', hash='f8d22521b966ce69a6e3a8f4d019cb6c5c074d54', operation='UPDATE', pgid='pgtrigger_update_update_91ec7', table='training_series', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supervisiongroup',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "training_supervisiongroupevent" ("cohort_id", "ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "supervisor_id") VALUES (NEW."cohort_id", NEW."ends_on", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on", NEW."supervisor_id"); RETURN NULL;', hash='fc5a42dc7ca111b775e74061b9b6e5e880d010a9', operation='INSERT', pgid='pgtrigger_insert_insert_079c2', table='training_supervisiongroup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supervisiongroup',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "training_supervisiongroupevent" ("cohort_id", "ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "supervisor_id") VALUES (NEW."cohort_id", NEW."ends_on", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on", NEW."supervisor_id"); RETURN NULL;', hash='ac1927b0a93b1317591246bea83d99847503b4ec', operation='UPDATE', pgid='pgtrigger_update_update_df8ef', table='training_supervisiongroup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmember',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "training_groupmemberevent" ("ends_on", "group_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."ends_on", NEW."group_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on"); RETURN NULL;', hash='030547b17e0889243975b65144409d5e663021cb', operation='INSERT', pgid='pgtrigger_insert_insert_3ce8d', table='training_groupmember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmember',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "training_groupmemberevent" ("ends_on", "group_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."ends_on", NEW."group_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on"); RETURN NULL;', hash='5d2295be6968b2781e9e3ef9204afa9044b722b6', operation='UPDATE', pgid='pgtrigger_update_update_3119d', table='training_groupmember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venue',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "training_venueevent" ("access_notes", "address", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "school_id") VALUES (NEW."access_notes", NEW."address", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."postcode", NEW."school_id"); RETURN NULL;', hash='36b6f27967a286e10cdfe3c77a1b0b2bf440bc06', operation='INSERT', pgid='pgtrigger_insert_insert_cd2c1', table='training_venue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venue',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "training_venueevent" ("access_notes", "address", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "school_id") VALUES (NEW."access_notes", NEW."address", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."postcode", NEW."school_id"); RETURN NULL;', hash='92946dca1874b2cb83872007a8059e90f07918e1', operation='UPDATE', pgid='pgtrigger_update_update_0caec', table='training_venue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venueoperator',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "training_venueoperatorevent" ("ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "venue_id") VALUES (NEW."ends_on", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on", NEW."venue_id"); RETURN NULL;', hash='a5f173d53b3d79b7e5f6e96005ebf5a6d269c61c', operation='INSERT', pgid='pgtrigger_insert_insert_34e1e', table='training_venueoperator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venueoperator',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "training_venueoperatorevent" ("ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "venue_id") VALUES (NEW."ends_on", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on", NEW."venue_id"); RETURN NULL;', hash='66e95c1be38df2f0327bcc6c43892569d32c851a', operation='UPDATE', pgid='pgtrigger_update_update_bf1f5', table='training_venueoperator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='course',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "training_courseevent" ("id", "kind", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "strand", "summary", "title") VALUES (NEW."id", NEW."kind", NEW."minutes", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."strand", NEW."summary", NEW."title"); RETURN NULL;', hash='539a4e09bf4ebb06c0c3bfa53f0ba481551ab9ef', operation='INSERT', pgid='pgtrigger_insert_insert_bfc1a', table='training_course', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='course',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "training_courseevent" ("id", "kind", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "strand", "summary", "title") VALUES (NEW."id", NEW."kind", NEW."minutes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."strand", NEW."summary", NEW."title"); RETURN NULL;', hash='10cb9342e6cdddb29df299cf9caababcfbfe5bfd', operation='UPDATE', pgid='pgtrigger_update_update_27da0', table='training_course', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='session',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "training_sessionevent" ("cancelled_reason", "capacity", "course_id", "ends_at", "ends_on", "ends_time", "group_id", "ics_sequence", "ics_uid", "id", "in_second_hour", "join_link", "kind", "mode", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "register_closed_at", "register_closed_by_id", "revision", "series_id", "starts_at", "starts_on", "starts_time", "state", "summary", "title", "tz", "venue_id", "venue_name") VALUES (NEW."cancelled_reason", NEW."capacity", NEW."course_id", NEW."ends_at", NEW."ends_on", NEW."ends_time", NEW."group_id", NEW."ics_sequence", NEW."ics_uid", NEW."id", NEW."in_second_hour", NEW."join_link", NEW."kind", NEW."mode", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."register_closed_at", NEW."register_closed_by_id", NEW."revision", NEW."series_id", NEW."starts_at", NEW."starts_on", NEW."starts_time", NEW."state", NEW."summary", NEW."title", NEW."tz", NEW."venue_id", NEW."venue_name"); RETURN NULL;', hash='62a376b552681547b0863bef75d5b35e5420bbaa', operation='INSERT', pgid='pgtrigger_insert_insert_e932a', table='training_session', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='session',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "training_sessionevent" ("cancelled_reason", "capacity", "course_id", "ends_at", "ends_on", "ends_time", "group_id", "ics_sequence", "ics_uid", "id", "in_second_hour", "join_link", "kind", "mode", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "register_closed_at", "register_closed_by_id", "revision", "series_id", "starts_at", "starts_on", "starts_time", "state", "summary", "title", "tz", "venue_id", "venue_name") VALUES (NEW."cancelled_reason", NEW."capacity", NEW."course_id", NEW."ends_at", NEW."ends_on", NEW."ends_time", NEW."group_id", NEW."ics_sequence", NEW."ics_uid", NEW."id", NEW."in_second_hour", NEW."join_link", NEW."kind", NEW."mode", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."register_closed_at", NEW."register_closed_by_id", NEW."revision", NEW."series_id", NEW."starts_at", NEW."starts_on", NEW."starts_time", NEW."state", NEW."summary", NEW."title", NEW."tz", NEW."venue_id", NEW."venue_name"); RETURN NULL;', hash='9f1ee8598bafd9e9076fa4c936b8daed412460f1', operation='UPDATE', pgid='pgtrigger_update_update_4f7da', table='training_session', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "training_bookingevent" ("attendance", "booked_at", "id", "marked_at", "marked_by_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replied_at", "replied_via", "reply_reason", "session_id", "state") VALUES (NEW."attendance", NEW."booked_at", NEW."id", NEW."marked_at", NEW."marked_by_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."replied_at", NEW."replied_via", NEW."reply_reason", NEW."session_id", NEW."state"); RETURN NULL;', hash='619b54f0754eb4563c9b435980eee5077e2ca5f6', operation='INSERT', pgid='pgtrigger_insert_insert_06d9f', table='training_booking', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "training_bookingevent" ("attendance", "booked_at", "id", "marked_at", "marked_by_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replied_at", "replied_via", "reply_reason", "session_id", "state") VALUES (NEW."attendance", NEW."booked_at", NEW."id", NEW."marked_at", NEW."marked_by_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."replied_at", NEW."replied_via", NEW."reply_reason", NEW."session_id", NEW."state"); RETURN NULL;', hash='f18d5b0eff6ffe0540dd43d47a1fa4884bf28e8e', operation='UPDATE', pgid='pgtrigger_update_update_fbe21', table='training_booking', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='residential',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "training_residentialevent" ("arrival", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id", "to_bring") VALUES (NEW."arrival", _pgh_attach_context(), NOW(), \'insert\', NEW."session_id", NEW."session_id", NEW."to_bring"); RETURN NULL;', hash='329d886c7f08dce23f49eb7cae92d7da2f704833', operation='INSERT', pgid='pgtrigger_insert_insert_49285', table='training_residential', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='residential',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "training_residentialevent" ("arrival", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id", "to_bring") VALUES (NEW."arrival", _pgh_attach_context(), NOW(), \'update\', NEW."session_id", NEW."session_id", NEW."to_bring"); RETURN NULL;', hash='ee62d6c203c00d82bf9ba9970bd722855bfa5c53', operation='UPDATE', pgid='pgtrigger_update_update_255ad', table='training_residential', when='AFTER')),
        ),
    ]
