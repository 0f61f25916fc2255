# The first release in one step: tables whole, then their triggers.

import datetime
import django.db.models.deletion
import django.db.models.functions.datetime
import dlp.outbox.plans.session_kinds
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cohorts', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dedupe_key', models.CharField(max_length=300, unique=True)),
                ('kind', models.CharField(max_length=80)),
                ('priority', models.PositiveSmallIntegerField()),
                ('recipient', models.CharField(help_text='person:7, contact:12, presenter:3 or address: and a hash.', max_length=100)),
                ('subject_kind', models.CharField(blank=True, max_length=40)),
                ('subject_id', models.BigIntegerField(default=0)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('lead', models.CharField(blank=True, max_length=20)),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('not_after', models.DateTimeField(help_text='It is not sent after this.')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('claimed', 'Being sent'), ('retry', 'To be tried again'), ('uncertain', 'Uncertain'), ('sent', 'Sent'), ('dead', 'Given up'), ('cancelled', 'Cancelled'), ('superseded', 'Overtaken'), ('expired', 'Too late'), ('suppressed', 'Not needed')], default='planned', max_length=12)),
                ('state_reason', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('lease_token', models.UUIDField(editable=False, null=True)),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
                ('data_started_at', models.DateTimeField(editable=False, null=True)),
                ('is_secret', models.BooleanField(default=False)),
                ('holds_link', models.BooleanField(default=False)),
                ('context', models.BinaryField(null=True)),
                ('frozen', models.BinaryField(null=True)),
                ('frozen_at', models.DateTimeField(editable=False, null=True)),
                ('message_id', models.CharField(blank=True, editable=False, max_length=200)),
                ('accepted_at', models.DateTimeField(editable=False, null=True)),
                ('possible_duplicate', models.BooleanField(default=False)),
                ('last_stage', models.CharField(blank=True, max_length=12)),
                ('last_code', models.PositiveSmallIntegerField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('cancelled_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-due_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['planned', 'retry'])), fields=['priority', 'due_at'], name='message_waiting'), models.Index(condition=models.Q(('state', 'claimed')), fields=['lease_until'], name='message_claimed'), models.Index(fields=['subject_kind', 'subject_id'], name='message_subject'), models.Index(fields=['-due_at', 'id'], name='message_order')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('message_id', ''), _negated=True), fields=('message_id',), name='message_id_once', violation_error_message='Another letter has this Message-ID.'), models.CheckConstraint(condition=models.Q(('not_after__gte', models.F('due_at'))), name='message_due_before_too_late', violation_error_message='A letter cannot be due after it would be too late.'), models.CheckConstraint(condition=models.Q(('recipient', ''), _negated=True), name='message_has_a_recipient', violation_error_message='A letter needs somebody to go to.'), models.CheckConstraint(condition=models.Q(models.Q(('lease_token__isnull', False), ('lease_until__isnull', False), ('state', 'claimed')), models.Q(models.Q(('state', 'claimed'), _negated=True), ('lease_token', None), ('lease_until', None)), _connector='OR'), name='message_lease_is_whole', violation_error_message='A letter that is being sent has a lease, and no other has.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), models.Q(('accepted_at__isnull', False), ('data_started_at__isnull', False), ('frozen_at__isnull', False), models.Q(('message_id', ''), _negated=True)), _connector='OR'), name='message_sent_is_whole', violation_error_message='A sent letter records what was sent and when it was taken.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'uncertain'), _negated=True), ('data_started_at__isnull', False), _connector='OR'), name='message_uncertain_had_begun', violation_error_message='Only a letter that began to leave can be uncertain.'), models.CheckConstraint(condition=models.Q(('cancelled_by', None), ('state', 'cancelled'), _connector='OR'), name='message_cancelled_by_hand', violation_error_message='Only a cancelled letter records who cancelled it.')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(help_text='0 for a decision by hand.')),
                ('stage', models.CharField(blank=True, max_length=12)),
                ('outcome', models.CharField(choices=[('sent', 'Taken by the relay'), ('declined', 'Declined by the relay'), ('failed', 'Failed before the text was handed over'), ('uncertain', 'No answer after the text was handed over'), ('abandoned', 'The sender stopped'), ('unwritten', 'The letter could not be written'), ('decided', 'Decided by hand')], max_length=12)),
                ('code', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('worker', models.CharField(blank=True, max_length=80)),
                ('ended_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tries', to='outbox.message')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('number__gt', 0)), fields=('message', 'number'), name='attempt_number_once_a_message')],
            },
        ),
        migrations.CreateModel(
            name='LeadPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_kind', models.CharField(choices=dlp.outbox.plans.session_kinds.choices, max_length=20)),
                ('days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days before')),
                ('at', models.TimeField(blank=True, null=True, verbose_name='at')),
                ('hours', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='hours before')),
                ('useful_until', models.DurationField(default=datetime.timedelta(seconds=7200), verbose_name='not sent any later than this before the start')),
                ('is_on', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name_plural': 'lead policies',
                'ordering': ['session_kind', '-days', '-hours', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', False), ('days__isnull', False), ('hours', None)), models.Q(('at', None), ('days', None), ('hours__isnull', False)), _connector='OR'), name='lead_is_days_or_hours', violation_error_message='Give days and a time, or hours alone.'), models.UniqueConstraint(fields=('session_kind', 'days', 'hours'), name='lead_once_a_kind', nulls_distinct=False, violation_error_message='This kind of session has that reminder already.'), models.CheckConstraint(condition=models.Q(('useful_until__gte', datetime.timedelta(0))), name='lead_ends_by_the_start', violation_error_message='A reminder is of no use once the session has begun.')],
            },
        ),
        migrations.CreateModel(
            name='LeadPolicyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('session_kind', models.CharField(choices=dlp.outbox.plans.session_kinds.choices, max_length=20)),
                ('days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days before')),
                ('at', models.TimeField(blank=True, null=True, verbose_name='at')),
                ('hours', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='hours before')),
                ('useful_until', models.DurationField(default=datetime.timedelta(seconds=7200), verbose_name='not sent any later than this before the start')),
                ('is_on', models.BooleanField(default=True, verbose_name='in use')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='outbox.leadpolicy')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='state_moves', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.state IS DISTINCT FROM NEW.state)', declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{planned:claimed,planned:cancelled,planned:superseded,planned:expired,planned:suppressed,retry:claimed,retry:dead,retry:cancelled,retry:superseded,retry:expired,retry:suppressed,claimed:planned,claimed:retry,claimed:sent,claimed:uncertain,claimed:dead,claimed:cancelled,claimed:superseded,claimed:expired,claimed:suppressed,uncertain:sent,uncertain:retry,uncertain:dead,dead:retry,cancelled:planned}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='03573da84325cd1e70baccb0fabae1eaf22b0738', operation='UPDATE', pgid='pgtrigger_state_moves_44967', table='outbox_message', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attempt',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3bf34545b6b5afa2449f8f70f171aa079d53d3ed', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_32f89', table='outbox_attempt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leadpolicy',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outbox_leadpolicyevent" ("at", "days", "hours", "id", "is_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_kind", "useful_until") VALUES (NEW."at", NEW."days", NEW."hours", NEW."id", NEW."is_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."session_kind", NEW."useful_until"); RETURN NULL;', hash='fa358afb9056d8f50e446ca7beed5633f172b630', operation='INSERT', pgid='pgtrigger_insert_insert_ab6a5', table='outbox_leadpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leadpolicy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "outbox_leadpolicyevent" ("at", "days", "hours", "id", "is_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_kind", "useful_until") VALUES (NEW."at", NEW."days", NEW."hours", NEW."id", NEW."is_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."session_kind", NEW."useful_until"); RETURN NULL;', hash='ae69e9dec7e86c1d294d63a3fc384a7a6d72feeb', operation='UPDATE', pgid='pgtrigger_update_update_62cde', table='outbox_leadpolicy', when='AFTER')),
        ),
    ]
