"""Submissions as real classes hand them in: saved by other programs, renamed, cut up, run elsewhere; all in good faith."""
