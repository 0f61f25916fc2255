# When somebody last looked is for their own home: no group holds a permission to read of it.

from django.db import migrations


def forget_permissions(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    permissions.filter(content_type__app_label="home", content_type__model="look").delete()


class Migration(migrations.Migration):

    dependencies = [
        ("home", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="look",
            options={"default_permissions": (), "ordering": ["-looked_at"]},
        ),
        migrations.RunPython(forget_permissions, migrations.RunPython.noop),
    ]
