"""`course slides`: a lesson's marked cells as a reveal.js deck; `text.py` and `output.py` say what of a cell is shown."""
