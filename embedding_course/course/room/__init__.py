"""A room: the board of a workshop, on the instructor's laptop, in the local network."""
