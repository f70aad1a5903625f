"""Pages of the desk that belong to no model, guarded as the admin's own are."""

from django.contrib import admin
from django.urls import path

from ordinavo.desk import board
from ordinavo.desk.story import pages

app_name = "desk"

_guarded = admin.site.admin_view

urlpatterns = [
    path("board/", _guarded(board.page), name="board"),
    path("board/live/", _guarded(board.live), name="board_live"),
    path("story/", _guarded(pages.find), name="find"),
    path("story/<int:target_id>/", _guarded(pages.story), name="story"),
]
