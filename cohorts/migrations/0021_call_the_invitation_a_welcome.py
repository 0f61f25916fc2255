from django.db import migrations


def rename(old, new):
    def run(apps, schema_editor):
        for name in ("Message", "KindText"):
            apps.get_model("outbox", name).objects.filter(kind=old).update(kind=new)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0020_find_bounced_letters"),
        ("outbox", "0014_quiet_hours"),
    ]

    operations = [
        migrations.RunPython(
            rename("cohorts.invitation", "cohorts.welcome"),
            rename("cohorts.welcome", "cohorts.invitation"),
            elidable=True,
        )
    ]
