"""`course mark`: all answers to one written question under each other, marked by keyboard in a local page."""
