"""My account, and the page behind an invitation."""

from django.urls import path

from dlp.signin import views

app_name = "signin"

urlpatterns = [
    path("me/", views.account, name="account"),
    path("me/address/", views.address, name="address"),
    path("me/again/", views.again, name="again"),
    path("me/sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("welcome/<str:token>/", views.welcome, name="welcome"),
]
