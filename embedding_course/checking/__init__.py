"""How an answer is run, what comes of it, and how that is judged."""
