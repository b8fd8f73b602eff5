from django.db import migrations, models

from deploy_engine.diffing import changed_places


def say_what_changed(apps, schema_editor):
    """Revisions that were accepted before this was kept: each beside the one before it in its scope.

    The guard against changing a revision is erected again after every `migrate`.
    """
    Revision = apps.get_model("replication", "Revision")
    place = f' ON "{Revision._meta.db_table}"' if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f'DROP TRIGGER IF EXISTS "keep_{Revision._meta.db_table}_update"{place}')
    before = None
    for revision in Revision.objects.order_by("environment", "team", "number").iterator(chunk_size=100):
        if before is not None and (before.environment_id, before.team_id) == (revision.environment_id, revision.team_id):
            places = changed_places(before.document, revision.document)
            Revision.objects.filter(pk=revision.pk).update(changed=places)
        before = revision


class Migration(migrations.Migration):

    dependencies = [
        ('replication', '0022_rare_subjects'),
    ]

    operations = [
        migrations.AddField(
            model_name='revision',
            name='changed',
            field=models.JSONField(blank=True, help_text='places of the config that differ from the revision before; empty: all do', null=True),
        ),
        migrations.AddIndex(
            model_name='revision',
            index=models.Index(fields=['created_at', 'environment', 'team'], name='revision_by_time'),
        ),
        migrations.RunPython(say_what_changed, migrations.RunPython.noop),
    ]
