"""Addresses of change requests, and of adding tables to one."""

from django.urls import path

from portal.web.changes import acts, giving_up, list_views, shipping, views
from portal.web.changes.adding import views as adding
from portal.web.changes.parts import views as parts
from portal.web.changes.promoting import views as promoting
from portal.web.changes.rebasing import views as rebasing
from portal.web.changes.table_acts import views as table_acts
from portal.web.changes.task_acts import new_task
from portal.web.changes.task_acts import views as task_acts

app_name = "changes"

urlpatterns = [
    path("", list_views.change_list, name="list"),
    path("add/<slug:environment>/<slug:team>/", adding.add_tables, name="add-tables"),
    path("add/<slug:environment>/<slug:team>/row/", adding.row, name="add-tables-row"),
    path("tables/", table_acts.table_act, name="table-act"),
    path("tasks/<slug:environment>/<slug:team>/new/", new_task.task_new, name="task-new"),
    path("tasks/<slug:environment>/<slug:team>/<slug:task>/settings/", task_acts.task_settings, name="task-settings"),
    path("tasks/<slug:environment>/<slug:team>/<slug:task>/clone/", new_task.task_clone, name="task-clone"),
    path("tasks/<slug:environment>/<slug:team>/<slug:task>/anew/", task_acts.task_anew, name="task-anew"),
    path("tasks/<slug:environment>/<slug:team>/<slug:task>/<slug:act>/", task_acts.task_act, name="task-act"),
    path("parts/<slug:environment>/<slug:team>/", parts.parts, name="parts"),
    path("parts/<slug:environment>/<slug:team>/<slug:kind>/", parts.part_new, name="part-new"),
    path("parts/<slug:environment>/<slug:team>/<slug:kind>/<slug:name>/", parts.part_edit, name="part-edit"),
    path("promote/<slug:environment>/<slug:team>/from/<slug:source>/", promoting.promote, name="promote"),
    path("<int:number>/", views.detail, name="detail"),
    path("<int:number>/live/", views.live, name="live"),
    path("<int:number>/rename/", views.rename, name="rename"),
    path("<int:number>/vouch/", acts.vouch, name="vouch"),
    path("<int:number>/submit/", acts.submit, name="submit"),
    path("<int:number>/approve/", acts.approve, name="approve"),
    path("<int:number>/request-changes/", acts.request_changes, name="request-changes"),
    path("<int:number>/refuse/", acts.refuse, name="refuse"),
    path("<int:number>/merge/", acts.merge, name="merge"),
    path("<int:number>/emergency/", shipping.emergency, name="emergency"),
    path("ship-together/", shipping.ship_together, name="ship-together"),
    path("<int:number>/close/", acts.close, name="close"),
    path("<int:number>/comment/", acts.comment, name="comment"),
    path("<int:number>/rerun-checks/", acts.rerun_checks, name="rerun-checks"),
    path("<int:number>/give-up/", giving_up.give_up, name="give-up"),
    path("<int:number>/rehearse/", acts.rehearse, name="rehearse"),
    path("<int:number>/rebase/", rebasing.rebase, name="rebase"),
    path("<int:number>/take-back-task/<slug:task>/", acts.take_back_task, name="take-back-task"),
    path("<int:number>/take-back-thing/<path:place>/", acts.take_back_thing, name="take-back-thing"),
    path("<int:number>/take-back/<slug:task>/<path:table>/", acts.take_back, name="take-back"),
]
