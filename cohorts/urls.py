"""Addresses about people, cohorts and participations."""

from django.urls import path

from cohorts.views import (
    board,
    cohorts,
    completions,
    duplicates,
    imports,
    merges,
    participations,
    people,
    photos,
    plans,
    templates,
)

app_name = "cohorts"

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/export/", people.people_export, name="people_export"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<int:pk>/two/", duplicates.not_duplicate, name="not_duplicate"),
    path(
        "duplicates/said/<int:pk>/take-back/",
        duplicates.duplicate_after_all,
        name="duplicate_after_all",
    ),
    path("people/<int:pk>/merge/<int:other>/", merges.merge, name="merge"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/invite/", people.person_invite, name="person_invite"),
    path("people/<int:pk>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/reactivate/", people.person_reactivate, name="person_reactivate"),
    path("people/<int:pk>/died/", people.person_died, name="person_died"),
    path("people/<int:pk>/photo/", photos.person_photo, name="person_photo"),
    path("people/<int:pk>/photo/remove/", photos.person_photo_remove, name="person_photo_remove"),
    path("people/<int:pk>/letters-arrive/", people.letters_arrive, name="letters_arrive"),
    path("people/<int:pk>/join/", people.join, name="join"),
    path("me/photo/", photos.my_photo, name="my_photo"),
    path("me/photo/remove/", photos.my_photo_remove, name="my_photo_remove"),
    path("me/details/", people.my_details, name="my_details"),
    path("cohorts/", cohorts.cohort_list, name="list"),
    path("cohorts/export/", cohorts.cohort_export, name="list_export"),
    path("cohorts/add/", cohorts.cohort_add, name="add"),
    path("cohorts/<int:pk>/edit/", cohorts.cohort_edit, name="edit"),
    *(
        path(
            f"cohorts/<int:pk>/{verb}/",
            participations.cohort_step,
            {"verb": verb},
            name=f"cohort_{verb}",
        )
        for verb in participations.MANY
    ),
    path("cohorts/<int:pk>/invite/", cohorts.cohort_invite, name="invite"),
    path("cohorts/<int:pk>/board/", board.progress_board, name="board"),
    path("cohorts/<int:pk>/board/export/", board.board_export, name="board_export"),
    path("cohorts/<int:pk>/board/e/<int:attempt>/", board.board_evidence, name="board_evidence"),
    path("cohorts/<int:pk>/plan/", templates.plan_of_cohort, name="plan_of_cohort"),
    path("cohorts/<int:pk>/import/", imports.import_people, name="import_people"),
    path("imports/example/", imports.import_example, name="import_example"),
    path("imports/<int:pk>/", imports.import_run, name="import_run"),
    path("imports/<int:pk>/left-out/", imports.import_left_out, name="import_left_out"),
    path("imports/<int:pk>/choose/", imports.import_choose, name="import_choose"),
    path("imports/<int:pk>/take-back/", imports.import_revert, name="import_revert"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    *(
        path(
            f"participations/<int:pk>/{verb}/",
            participations.participation_step,
            {"verb": verb},
            name=f"participation_{verb}",
        )
        for verb in participations.STEPS
    ),
    path(
        "participations/<int:pk>/complete/",
        completions.participation_complete,
        name="participation_complete",
    ),
    path(
        "participations/<int:pk>/certificate/",
        completions.certificate,
        name="certificate",
    ),
    path("participations/<int:pk>/plan/", plans.plan, name="plan"),
    path("plan-items/<int:pk>/", plans.plan_item, name="plan_item"),
    *(
        path(
            f"plan-items/<int:pk>/{verb}/",
            plans.plan_item_step,
            {"verb": verb},
            name=f"plan_item_{verb.replace('-', '_')}",
        )
        for verb in plans.STEPS
    ),
    *(
        path(
            f"plan-items/<int:pk>/{verb}/",
            plans.plan_item_button,
            {"verb": verb},
            name=f"plan_item_{verb.replace('-', '_')}",
        )
        for verb in plans.BUTTONS
    ),
    path("plans/", templates.plan_list, name="plans"),
    path("plans/add/", templates.plan_add, name="plan_add"),
    path("plans/<int:pk>/", templates.plan_template, name="plan_template"),
    path("plans/<int:pk>/next/", templates.plan_next, name="plan_next"),
    path("plans/<int:pk>/publish/", templates.plan_publish, name="plan_publish"),
    path("plans/<int:pk>/items/add/", templates.template_item_add, name="template_item_add"),
    path("template-items/<int:pk>/edit/", templates.template_item_edit, name="template_item_edit"),
    path(
        "template-items/<int:pk>/remove/",
        templates.template_item_remove,
        name="template_item_remove",
    ),
    path("changes/<int:pk>/undo/", participations.change_undo, name="change_undo"),
]
