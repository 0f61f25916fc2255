"""People and cohorts, to look up and put right."""

from django.contrib import admin

from cohorts.models import Cohort, Person
from dlp.admin import DeskAdmin

admin.site.register(Cohort, DeskAdmin)
admin.site.register(Person, DeskAdmin)
