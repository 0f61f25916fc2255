# The first release in one step: tables whole, then their triggers.

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import dlp.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cohorts', '0001_initial'),
        ('cohorts', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='LocalAuthority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=3, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('region', models.CharField(blank=True, choices=[('north_east', 'North East'), ('north_west', 'North West'), ('yorkshire', 'Yorkshire and the Humber'), ('east_midlands', 'East Midlands'), ('west_midlands', 'West Midlands'), ('east', 'East of England'), ('london', 'London'), ('south_east', 'South East'), ('south_west', 'South West')], max_length=20)),
            ],
            options={
                'verbose_name_plural': 'local authorities',
                'ordering': ['name', 'code'],
            },
        ),
        migrations.CreateModel(
            name='LocalAuthorityEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(max_length=3)),
                ('name', models.CharField(max_length=100)),
                ('region', models.CharField(blank=True, choices=[('north_east', 'North East'), ('north_west', 'North West'), ('yorkshire', 'Yorkshire and the Humber'), ('east_midlands', 'East Midlands'), ('west_midlands', 'West Midlands'), ('east', 'East of England'), ('london', 'London'), ('south_east', 'South East'), ('south_west', 'South West')], max_length=20)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='placements.localauthority')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Trust',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(max_length=10, unique=True, verbose_name='GIAS group id')),
                ('name', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['name', 'uid'],
            },
        ),
        migrations.CreateModel(
            name='School',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('urn', models.PositiveIntegerField(blank=True, error_messages={'unique': 'A school with this URN is here already.'}, null=True, unique=True, validators=[django.core.validators.MinValueValidator(100000, 'A URN is a number from 100000 to 999999.'), django.core.validators.MaxValueValidator(999999, 'A URN is a number from 100000 to 999999.')], verbose_name='URN')),
                ('name', models.CharField(max_length=200)),
                ('kind_label', models.CharField(blank=True, help_text='Such as “inclusion base”; empty shows the usual word.', max_length=100, verbose_name='kind, in their words')),
                ('setting', models.CharField(choices=[('alternative_provision', 'Alternative provision'), ('special', 'Special school'), ('internal_ap', 'Internal AP'), ('mainstream', 'Mainstream'), ('other', 'Other'), ('unclassified', 'Unclassified')], default='unclassified', max_length=30)),
                ('type_code', models.CharField(blank=True, max_length=2, verbose_name='GIAS type code')),
                ('type_name', models.CharField(blank=True, max_length=100, verbose_name='GIAS type')),
                ('status', models.CharField(choices=[('open', 'Open'), ('closing', 'Open, but proposed to close'), ('proposed', 'Proposed to open'), ('closed', 'Closed')], default='open', max_length=10)),
                ('opened_on', models.DateField(blank=True, null=True, verbose_name='opened')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed')),
                ('phase_name', models.CharField(blank=True, max_length=50, verbose_name='phase')),
                ('low_age', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='youngest')),
                ('high_age', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='oldest')),
                ('pupils_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='pupils')),
                ('region', models.CharField(blank=True, choices=[('north_east', 'North East'), ('north_west', 'North West'), ('yorkshire', 'Yorkshire and the Humber'), ('east_midlands', 'East Midlands'), ('west_midlands', 'West Midlands'), ('east', 'East of England'), ('london', 'London'), ('south_east', 'South East'), ('south_west', 'South West')], max_length=20)),
                ('street', models.CharField(blank=True, max_length=200)),
                ('town', models.CharField(blank=True, max_length=100)),
                ('postcode', models.CharField(blank=True, max_length=10)),
                ('easting', models.PositiveIntegerField(blank=True, null=True)),
                ('northing', models.PositiveIntegerField(blank=True, null=True)),
                ('latitude', models.FloatField(blank=True, editable=False, null=True)),
                ('longitude', models.FloatField(blank=True, editable=False, null=True)),
                ('website', models.URLField(blank=True, max_length=300)),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('head_name', models.CharField(blank=True, max_length=200, verbose_name='head')),
                ('gias_changed_on', models.DateField(blank=True, editable=False, null=True, verbose_name='last changed in GIAS')),
                ('gias_read_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last read from GIAS')),
                ('edited_fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, editable=False, help_text='Fields that staff changed here; an import leaves them alone (R-SCH-04).', size=None)),
                ('search_text', models.CharField(editable=False, max_length=1000)),
                ('local_authority', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='schools', to='placements.localauthority')),
                ('parent', models.ForeignKey(blank=True, help_text='The school that an internal AP belongs to.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='placements.school')),
                ('trust', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='schools', to='placements.trust')),
            ],
            options={
                'ordering': ['search_text', 'pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('search_text'), name='gin_trgm_ops'), name='school_search_text'), models.Index(fields=['search_text', 'id'], name='school_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('urn', None), ('urn__range', (100000, 999999)), _connector='OR'), name='school_urn_in_range', violation_error_message='A URN is a number from 100000 to 999999.'), models.CheckConstraint(condition=models.Q(models.Q(('setting', 'internal_ap'), _negated=True), models.Q(('parent__isnull', False), ('urn', None)), _connector='OR'), name='school_internal_ap_has_a_parent', violation_error_message='An internal AP has no URN and belongs to a school: choose it.'), models.CheckConstraint(condition=models.Q(('high_age', None), ('low_age', None), ('high_age__gte', models.F('low_age')), _connector='OR'), name='school_ages_in_order', violation_error_message='The oldest age cannot be under the youngest.')],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role_title', models.CharField(choices=[('associate_leader', 'Associate Leader'), ('assistant_headteacher', 'Assistant Headteacher'), ('deputy_headteacher', 'Deputy Headteacher'), ('headteacher', 'Headteacher'), ('senco', 'SENCO'), ('other', 'Other')], default='associate_leader', max_length=30, verbose_name='role')),
                ('is_slt', models.BooleanField(default=True, verbose_name='on the senior leadership team')),
                ('strand', models.CharField(blank=True, choices=[('teaching_and_learning', 'Teaching and Learning'), ('wellbeing_and_safeguarding', 'Wellbeing and Safeguarding')], max_length=40)),
                ('phase_served', models.CharField(blank=True, max_length=50, verbose_name='phase served')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('places', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('filled', 'Filled'), ('withdrawn', 'Withdrawn')], default='open', editable=False, max_length=10)),
                ('notes', models.TextField(blank=True, verbose_name='what they look for')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='cohorts.cohort')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='placements.school')),
            ],
            options={
                'ordering': ['-starts_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='opening_dates_in_order', violation_error_message='The last day cannot be before the first day.'), models.CheckConstraint(condition=models.Q(('places__gte', 1)), name='opening_has_a_place', violation_error_message='An opening has at least one place.')],
            },
        ),
        migrations.CreateModel(
            name='OpeningEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role_title', models.CharField(choices=[('associate_leader', 'Associate Leader'), ('assistant_headteacher', 'Assistant Headteacher'), ('deputy_headteacher', 'Deputy Headteacher'), ('headteacher', 'Headteacher'), ('senco', 'SENCO'), ('other', 'Other')], default='associate_leader', max_length=30, verbose_name='role')),
                ('is_slt', models.BooleanField(default=True, verbose_name='on the senior leadership team')),
                ('strand', models.CharField(blank=True, choices=[('teaching_and_learning', 'Teaching and Learning'), ('wellbeing_and_safeguarding', 'Wellbeing and Safeguarding')], max_length=40)),
                ('phase_served', models.CharField(blank=True, max_length=50, verbose_name='phase served')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('places', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('filled', 'Filled'), ('withdrawn', 'Withdrawn')], default='open', editable=False, max_length=10)),
                ('notes', models.TextField(blank=True, verbose_name='what they look for')),
                ('cohort', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cohorts.cohort')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='placements.opening')),
                ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Partnership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Sent'), ('signed', 'Signed'), ('active', 'Active'), ('ended', 'Ended')], default='draft', editable=False, max_length=10)),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partnerships', to='placements.school')),
            ],
            options={
                'ordering': ['-starts_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='partnership_dates_in_order', violation_error_message='The last day cannot be before the first day.'), models.UniqueConstraint(condition=models.Q(('state', 'ended'), _negated=True), fields=('school',), name='partnership_one_at_a_time', violation_error_message='This school has a partnership already. End that one first.')],
            },
        ),
        migrations.CreateModel(
            name='PartnershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Sent'), ('signed', 'Signed'), ('active', 'Active'), ('ended', 'Ended')], default='draft', editable=False, max_length=10)),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='placements.partnership')),
                ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role_title', models.CharField(choices=[('associate_leader', 'Associate Leader'), ('assistant_headteacher', 'Assistant Headteacher'), ('deputy_headteacher', 'Deputy Headteacher'), ('headteacher', 'Headteacher'), ('senco', 'SENCO'), ('other', 'Other')], default='associate_leader', max_length=30, verbose_name='role')),
                ('is_slt', models.BooleanField(default=True, verbose_name='on the senior leadership team')),
                ('strand', models.CharField(blank=True, choices=[('teaching_and_learning', 'Teaching and Learning'), ('wellbeing_and_safeguarding', 'Wellbeing and Safeguarding')], max_length=40)),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('offered', 'Offered'), ('accepted', 'Accepted'), ('confirmed', 'Confirmed'), ('active', 'Active'), ('paused', 'Paused'), ('completed', 'Completed'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('ended_early', 'Ended early')], default='proposed', editable=False, max_length=20)),
                ('host_name', models.CharField(editable=False, max_length=200)),
                ('host_setting', models.CharField(choices=[('alternative_provision', 'Alternative provision'), ('special', 'Special school'), ('internal_ap', 'Internal AP'), ('mainstream', 'Mainstream'), ('other', 'Other'), ('unclassified', 'Unclassified')], editable=False, max_length=30)),
                ('continues', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continued_by', to='placements.placement')),
                ('opening', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='placements.opening')),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='cohorts.participation')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='placements.school')),
            ],
            options={
                'ordering': ['-starts_on', 'pk'],
                'indexes': [models.Index(fields=['school', 'state'], name='placement_school_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='placement_dates_in_order', violation_error_message='The last day cannot be before the first day.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state__in', ['proposed', 'offered', 'declined', 'withdrawn']), _negated=True), expressions=[('participation', '='), (dlp.fields.DateRange('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)), '&&')], name='placement_no_overlap', violation_error_message='This leader is placed already on some of these days.')],
            },
        ),
        migrations.CreateModel(
            name='PlacementChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('offered', 'Offered'), ('accepted', 'Accepted'), ('confirmed', 'Confirmed'), ('active', 'Active'), ('paused', 'Paused'), ('completed', 'Completed'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('ended_early', 'Ended early')], max_length=20)),
                ('effective_on', models.DateField(verbose_name='from')),
                ('ends_on_before', models.DateField(blank=True, null=True, verbose_name='last day until then')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('reason', models.CharField(blank=True, choices=[('school', 'The school ended it'), ('leader', 'The leader ended it'), ('programme', 'The programme ended it'), ('other', 'Other')], max_length=20)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='placements.placement')),
            ],
            options={
                'ordering': ['recorded_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended_early'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='placement_change_gives_its_reason', violation_error_message='Choose the reason: an early end has one.')],
            },
        ),
        migrations.CreateModel(
            name='PlacementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role_title', models.CharField(choices=[('associate_leader', 'Associate Leader'), ('assistant_headteacher', 'Assistant Headteacher'), ('deputy_headteacher', 'Deputy Headteacher'), ('headteacher', 'Headteacher'), ('senco', 'SENCO'), ('other', 'Other')], default='associate_leader', max_length=30, verbose_name='role')),
                ('is_slt', models.BooleanField(default=True, verbose_name='on the senior leadership team')),
                ('strand', models.CharField(blank=True, choices=[('teaching_and_learning', 'Teaching and Learning'), ('wellbeing_and_safeguarding', 'Wellbeing and Safeguarding')], max_length=40)),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('offered', 'Offered'), ('accepted', 'Accepted'), ('confirmed', 'Confirmed'), ('active', 'Active'), ('paused', 'Paused'), ('completed', 'Completed'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('ended_early', 'Ended early')], default='proposed', editable=False, max_length=20)),
                ('host_name', models.CharField(editable=False, max_length=200)),
                ('host_setting', models.CharField(choices=[('alternative_provision', 'Alternative provision'), ('special', 'Special school'), ('internal_ap', 'Internal AP'), ('mainstream', 'Mainstream'), ('other', 'Other'), ('unclassified', 'Unclassified')], editable=False, max_length=30)),
                ('continues', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.placement')),
                ('opening', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.opening')),
                ('participation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cohorts.participation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='placements.placement')),
                ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('employer_name', models.CharField(blank=True, help_text='Where it is no school we list.', max_length=200, verbose_name='employer')),
                ('title', models.CharField(max_length=100)),
                ('is_slt', models.BooleanField(default=False, verbose_name='on the senior leadership team')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL)),
                ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='placements.school')),
            ],
            options={
                'ordering': ['-starts_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='post_dates_in_order', violation_error_message='The last day cannot be before the first day.'), models.CheckConstraint(condition=models.Q(('school__isnull', False), models.Q(('employer_name', ''), _negated=True), _connector='OR'), name='post_has_an_employer', violation_error_message="Choose the school, or write the employer's name.")],
            },
        ),
        migrations.CreateModel(
            name='PostEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('employer_name', models.CharField(blank=True, help_text='Where it is no school we list.', max_length=200, verbose_name='employer')),
                ('title', models.CharField(max_length=100)),
                ('is_slt', models.BooleanField(default=False, verbose_name='on the senior leadership team')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='placements.post')),
                ('school', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SchoolContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=200)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('role', models.CharField(choices=[('head', 'Headteacher'), ('host_lead', 'Host lead'), ('dsl', 'Designated safeguarding lead'), ('business_manager', 'Business manager'), ('other', 'Other')], default='host_lead', max_length=20)),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('person', models.ForeignKey(blank=True, help_text='Only where they sign in; otherwise their name and address below are enough.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='school_contacts', to=settings.AUTH_USER_MODEL)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='placements.school')),
            ],
            options={
                'ordering': ['role', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('person__isnull', False), models.Q(('name', ''), _negated=True), _connector='OR'), name='school_contact_is_somebody', violation_error_message="Give the contact's name, or choose the person they are."), models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='school_contact_dates_in_order', violation_error_message='The last day cannot be before the first day.'), models.UniqueConstraint(condition=models.Q(('ends_on', None), ('person__isnull', False)), fields=('school', 'person', 'role'), name='school_contact_role_once', violation_error_message='This person has this role at the school already.')],
            },
        ),
        migrations.CreateModel(
            name='SchoolContactEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(blank=True, max_length=200)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('role', models.CharField(choices=[('head', 'Headteacher'), ('host_lead', 'Host lead'), ('dsl', 'Designated safeguarding lead'), ('business_manager', 'Business manager'), ('other', 'Other')], default='host_lead', max_length=20)),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, help_text='Only where they sign in; otherwise their name and address below are enough.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='placements.schoolcontact')),
                ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SchoolEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('urn', models.PositiveIntegerField(blank=True, error_messages={'unique': 'A school with this URN is here already.'}, null=True, validators=[django.core.validators.MinValueValidator(100000, 'A URN is a number from 100000 to 999999.'), django.core.validators.MaxValueValidator(999999, 'A URN is a number from 100000 to 999999.')], verbose_name='URN')),
                ('name', models.CharField(max_length=200)),
                ('kind_label', models.CharField(blank=True, help_text='Such as “inclusion base”; empty shows the usual word.', max_length=100, verbose_name='kind, in their words')),
                ('setting', models.CharField(choices=[('alternative_provision', 'Alternative provision'), ('special', 'Special school'), ('internal_ap', 'Internal AP'), ('mainstream', 'Mainstream'), ('other', 'Other'), ('unclassified', 'Unclassified')], default='unclassified', max_length=30)),
                ('type_code', models.CharField(blank=True, max_length=2, verbose_name='GIAS type code')),
                ('type_name', models.CharField(blank=True, max_length=100, verbose_name='GIAS type')),
                ('status', models.CharField(choices=[('open', 'Open'), ('closing', 'Open, but proposed to close'), ('proposed', 'Proposed to open'), ('closed', 'Closed')], default='open', max_length=10)),
                ('opened_on', models.DateField(blank=True, null=True, verbose_name='opened')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed')),
                ('phase_name', models.CharField(blank=True, max_length=50, verbose_name='phase')),
                ('low_age', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='youngest')),
                ('high_age', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='oldest')),
                ('pupils_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='pupils')),
                ('region', models.CharField(blank=True, choices=[('north_east', 'North East'), ('north_west', 'North West'), ('yorkshire', 'Yorkshire and the Humber'), ('east_midlands', 'East Midlands'), ('west_midlands', 'West Midlands'), ('east', 'East of England'), ('london', 'London'), ('south_east', 'South East'), ('south_west', 'South West')], max_length=20)),
                ('street', models.CharField(blank=True, max_length=200)),
                ('town', models.CharField(blank=True, max_length=100)),
                ('postcode', models.CharField(blank=True, max_length=10)),
                ('easting', models.PositiveIntegerField(blank=True, null=True)),
                ('northing', models.PositiveIntegerField(blank=True, null=True)),
                ('latitude', models.FloatField(blank=True, editable=False, null=True)),
                ('longitude', models.FloatField(blank=True, editable=False, null=True)),
                ('website', models.URLField(blank=True, max_length=300)),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('head_name', models.CharField(blank=True, max_length=200, verbose_name='head')),
                ('gias_changed_on', models.DateField(blank=True, editable=False, null=True, verbose_name='last changed in GIAS')),
                ('gias_read_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last read from GIAS')),
                ('edited_fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, editable=False, help_text='Fields that staff changed here; an import leaves them alone (R-SCH-04).', size=None)),
                ('local_authority', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.localauthority')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, help_text='The school that an internal AP belongs to.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.school')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='placements.school')),
                ('trust', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.trust')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SchoolLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('successor', 'Successor'), ('predecessor', 'Predecessor')], max_length=15)),
                ('established_on', models.DateField(blank=True, null=True)),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='linked_from', to='placements.school')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='placements.school')),
            ],
            options={
                'ordering': ['established_on', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('school', 'other', 'kind'), name='school_link_once', violation_error_message='These two schools are linked like this already.'), models.CheckConstraint(condition=models.Q(('school', models.F('other')), _negated=True), name='school_link_to_another', violation_error_message='A school cannot follow itself. Choose another one.')],
            },
        ),
        migrations.CreateModel(
            name='SchoolLinkEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('successor', 'Successor'), ('predecessor', 'Predecessor')], max_length=15)),
                ('established_on', models.DateField(blank=True, null=True)),
                ('other', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.school')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='placements.schoollink')),
                ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SchoolName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('held_to', models.DateField(blank=True, help_text='Empty if not known.', null=True, verbose_name='until')),
                ('source', models.CharField(choices=[('staff', 'Programme staff'), ('gias', 'GIAS')], default='staff', editable=False, max_length=10)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_names', to='placements.school')),
            ],
            options={
                'ordering': ['-held_to', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('school', 'name'), name='school_name_once', violation_error_message='This former name is here already.')],
            },
        ),
        migrations.CreateModel(
            name='SchoolNameEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('held_to', models.DateField(blank=True, help_text='Empty if not known.', null=True, verbose_name='until')),
                ('source', models.CharField(choices=[('staff', 'Programme staff'), ('gias', 'GIAS')], default='staff', editable=False, max_length=10)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='placements.schoolname')),
                ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='placements.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TrustEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('uid', models.CharField(max_length=10, verbose_name='GIAS group id')),
                ('name', models.CharField(max_length=200)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='placements.trust')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='localauthority',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_localauthorityevent" ("code", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region") VALUES (NEW."code", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region"); RETURN NULL;', hash='d73ebcbd122c03a096728d5178d73064737495c9', operation='INSERT', pgid='pgtrigger_insert_insert_20366', table='placements_localauthority', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='localauthority',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "placements_localauthorityevent" ("code", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region") VALUES (NEW."code", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region"); RETURN NULL;', hash='3d1e6898c1115ed8f4a926082318ce6ad56eaeda', operation='UPDATE', pgid='pgtrigger_update_update_343e2', table='placements_localauthority', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trust',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_trustevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "uid") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."uid"); RETURN NULL;', hash='45d97755ada08026ab4d7b3c2fd018117724ac21', operation='INSERT', pgid='pgtrigger_insert_insert_94835', table='placements_trust', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trust',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "placements_trustevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "uid") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."uid"); RETURN NULL;', hash='eeccbcd6de4f5c5a534e1381f9480b6609059aa4', operation='UPDATE', pgid='pgtrigger_update_update_bb235', table='placements_trust', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='school',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_schoolevent" ("closed_on", "easting", "edited_fields", "gias_changed_on", "gias_read_at", "head_name", "high_age", "id", "kind_label", "latitude", "local_authority_id", "longitude", "low_age", "name", "northing", "opened_on", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase_name", "phone", "postcode", "pupils_count", "region", "setting", "status", "street", "town", "trust_id", "type_code", "type_name", "urn", "website") VALUES (NEW."closed_on", NEW."easting", NEW."edited_fields", NEW."gias_changed_on", NEW."gias_read_at", NEW."head_name", NEW."high_age", NEW."id", NEW."kind_label", NEW."latitude", NEW."local_authority_id", NEW."longitude", NEW."low_age", NEW."name", NEW."northing", NEW."opened_on", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phase_name", NEW."phone", NEW."postcode", NEW."pupils_count", NEW."region", NEW."setting", NEW."status", NEW."street", NEW."town", NEW."trust_id", NEW."type_code", NEW."type_name", NEW."urn", NEW."website"); RETURN NULL;', hash='5060be83a05b721008ae5ee2cb608b8aefbcc791', operation='INSERT', pgid='pgtrigger_insert_insert_54c2f', table='placements_school', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='school',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."easting" IS DISTINCT FROM (NEW."easting") OR OLD."edited_fields" IS DISTINCT FROM (NEW."edited_fields") OR OLD."gias_changed_on" IS DISTINCT FROM (NEW."gias_changed_on") OR OLD."gias_read_at" IS DISTINCT FROM (NEW."gias_read_at") OR OLD."head_name" IS DISTINCT FROM (NEW."head_name") OR OLD."high_age" IS DISTINCT FROM (NEW."high_age") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind_label" IS DISTINCT FROM (NEW."kind_label") OR OLD."latitude" IS DISTINCT FROM (NEW."latitude") OR OLD."local_authority_id" IS DISTINCT FROM (NEW."local_authority_id") OR OLD."longitude" IS DISTINCT FROM (NEW."longitude") OR OLD."low_age" IS DISTINCT FROM (NEW."low_age") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."northing" IS DISTINCT FROM (NEW."northing") OR OLD."opened_on" IS DISTINCT FROM (NEW."opened_on") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."phase_name" IS DISTINCT FROM (NEW."phase_name") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."postcode" IS DISTINCT FROM (NEW."postcode") OR OLD."pupils_count" IS DISTINCT FROM (NEW."pupils_count") OR OLD."region" IS DISTINCT FROM (NEW."region") OR OLD."setting" IS DISTINCT FROM (NEW."setting") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."street" IS DISTINCT FROM (NEW."street") OR OLD."town" IS DISTINCT FROM (NEW."town") OR OLD."trust_id" IS DISTINCT FROM (NEW."trust_id") OR OLD."type_code" IS DISTINCT FROM (NEW."type_code") OR OLD."type_name" IS DISTINCT FROM (NEW."type_name") OR OLD."urn" IS DISTINCT FROM (NEW."urn") OR OLD."website" IS DISTINCT FROM (NEW."website"))', func='INSERT INTO "placements_schoolevent" ("closed_on", "easting", "edited_fields", "gias_changed_on", "gias_read_at", "head_name", "high_age", "id", "kind_label", "latitude", "local_authority_id", "longitude", "low_age", "name", "northing", "opened_on", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase_name", "phone", "postcode", "pupils_count", "region", "setting", "status", "street", "town", "trust_id", "type_code", "type_name", "urn", "website") VALUES (NEW."closed_on", NEW."easting", NEW."edited_fields", NEW."gias_changed_on", NEW."gias_read_at", NEW."head_name", NEW."high_age", NEW."id", NEW."kind_label", NEW."latitude", NEW."local_authority_id", NEW."longitude", NEW."low_age", NEW."name", NEW."northing", NEW."opened_on", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phase_name", NEW."phone", NEW."postcode", NEW."pupils_count", NEW."region", NEW."setting", NEW."status", NEW."street", NEW."town", NEW."trust_id", NEW."type_code", NEW."type_name", NEW."urn", NEW."website"); RETURN NULL;', hash='2de918a5588e960f98989a8d0b00cb05a36cd527', operation='UPDATE', pgid='pgtrigger_update_update_059ad', table='placements_school', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opening',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_openingevent" ("cohort_id", "ends_on", "id", "is_slt", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase_served", "places", "role_title", "school_id", "starts_on", "state", "strand") VALUES (NEW."cohort_id", NEW."ends_on", NEW."id", NEW."is_slt", NEW."notes", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phase_served", NEW."places", NEW."role_title", NEW."school_id", NEW."starts_on", NEW."state", NEW."strand"); RETURN NULL;', hash='096e87ce369eefd1908c12bdfcb9aeeafc172688', operation='INSERT', pgid='pgtrigger_insert_insert_edd79', table='placements_opening', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opening',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "placements_openingevent" ("cohort_id", "ends_on", "id", "is_slt", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase_served", "places", "role_title", "school_id", "starts_on", "state", "strand") VALUES (NEW."cohort_id", NEW."ends_on", NEW."id", NEW."is_slt", NEW."notes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phase_served", NEW."places", NEW."role_title", NEW."school_id", NEW."starts_on", NEW."state", NEW."strand"); RETURN NULL;', hash='4993f290233daeeaa4fb942c6251329c8a0ff4cb', operation='UPDATE', pgid='pgtrigger_update_update_c6a99', table='placements_opening', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_partnershipevent" ("ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "starts_on", "state") VALUES (NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."school_id", NEW."starts_on", NEW."state"); RETURN NULL;', hash='6a0051f28e6fd41ec5fe7dbb6b63b1d7f20cfeb1', operation='INSERT', pgid='pgtrigger_insert_insert_04dd9', table='placements_partnership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "placements_partnershipevent" ("ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "starts_on", "state") VALUES (NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."school_id", NEW."starts_on", NEW."state"); RETURN NULL;', hash='ba88cecb7b686f6f62afda726938a1db6b02c5b9', operation='UPDATE', pgid='pgtrigger_update_update_c816b', table='placements_partnership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_placementevent" ("continues_id", "ends_on", "host_name", "host_setting", "id", "is_slt", "opening_id", "participation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_title", "school_id", "starts_on", "state", "strand") VALUES (NEW."continues_id", NEW."ends_on", NEW."host_name", NEW."host_setting", NEW."id", NEW."is_slt", NEW."opening_id", NEW."participation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role_title", NEW."school_id", NEW."starts_on", NEW."state", NEW."strand"); RETURN NULL;', hash='d88e319e6af86aa04dffdc0ab33533391ea1f082', operation='INSERT', pgid='pgtrigger_insert_insert_1caba', table='placements_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "placements_placementevent" ("continues_id", "ends_on", "host_name", "host_setting", "id", "is_slt", "opening_id", "participation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_title", "school_id", "starts_on", "state", "strand") VALUES (NEW."continues_id", NEW."ends_on", NEW."host_name", NEW."host_setting", NEW."id", NEW."is_slt", NEW."opening_id", NEW."participation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role_title", NEW."school_id", NEW."starts_on", NEW."state", NEW."strand"); RETURN NULL;', hash='df6d6efd25d3ea537ccbcaad790e7a48d6fc0fca', operation='UPDATE', pgid='pgtrigger_update_update_3ab36', table='placements_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placementchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b3a0e5ba0b3f7fcb3e65f69638a6fa2de4f9ae80', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fc678', table='placements_placementchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='post',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_postevent" ("employer_name", "ends_on", "id", "is_slt", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "starts_on", "title") VALUES (NEW."employer_name", NEW."ends_on", NEW."id", NEW."is_slt", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."school_id", NEW."starts_on", NEW."title"); RETURN NULL;', hash='a7ce6b362f03965948d1b9c2b8fa528d243a4436', operation='INSERT', pgid='pgtrigger_insert_insert_40bf9', table='placements_post', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='post',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "placements_postevent" ("employer_name", "ends_on", "id", "is_slt", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "starts_on", "title") VALUES (NEW."employer_name", NEW."ends_on", NEW."id", NEW."is_slt", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."school_id", NEW."starts_on", NEW."title"); RETURN NULL;', hash='1c485fab4b8a1dec9dad78c867cd7da42eba1328', operation='UPDATE', pgid='pgtrigger_update_update_72816', table='placements_post', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='schoolcontact',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_schoolcontactevent" ("email", "ends_on", "id", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "role", "school_id", "starts_on") VALUES (NEW."email", NEW."ends_on", NEW."id", NEW."name", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."role", NEW."school_id", NEW."starts_on"); RETURN NULL;', hash='9b1ab855af70fab3c1eaf6e513d97413fc521e8e', operation='INSERT', pgid='pgtrigger_insert_insert_fc64c', table='placements_schoolcontact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='schoolcontact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "placements_schoolcontactevent" ("email", "ends_on", "id", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "role", "school_id", "starts_on") VALUES (NEW."email", NEW."ends_on", NEW."id", NEW."name", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."role", NEW."school_id", NEW."starts_on"); RETURN NULL;', hash='53d6fe87cbc155cfd72745970b08d2dcdc8e033d', operation='UPDATE', pgid='pgtrigger_update_update_cbb2c', table='placements_schoolcontact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='schoollink',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_schoollinkevent" ("established_on", "id", "kind", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id") VALUES (NEW."established_on", NEW."id", NEW."kind", NEW."other_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."school_id"); RETURN NULL;', hash='9e11738b81e4a782b8b21eb26018652735bf7f60', operation='INSERT', pgid='pgtrigger_insert_insert_759c8', table='placements_schoollink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='schoollink',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "placements_schoollinkevent" ("established_on", "id", "kind", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id") VALUES (NEW."established_on", NEW."id", NEW."kind", NEW."other_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."school_id"); RETURN NULL;', hash='d04c00d288a2bc060f64b6eb77445a19890c00a4', operation='UPDATE', pgid='pgtrigger_update_update_5c2e4', table='placements_schoollink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='schoolname',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "placements_schoolnameevent" ("added_at", "held_to", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "source") VALUES (NEW."added_at", NEW."held_to", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."school_id", NEW."source"); RETURN NULL;', hash='4ec3e84779a6d28764b8cbafd8a616a08e4fe2da', operation='INSERT', pgid='pgtrigger_insert_insert_2f934', table='placements_schoolname', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='schoolname',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "placements_schoolnameevent" ("added_at", "held_to", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "source") VALUES (NEW."added_at", NEW."held_to", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."school_id", NEW."source"); RETURN NULL;', hash='c1d8d1c7dfabf0b41470db9d2dcc8c28f16010c8', operation='UPDATE', pgid='pgtrigger_update_update_b00e8', table='placements_schoolname', when='AFTER')),
        ),
    ]
