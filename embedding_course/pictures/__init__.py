"""The pictures of the lessons: a module a lesson, a function a picture, each returns a matplotlib figure."""
