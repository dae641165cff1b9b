"""Submissions that forge, steal, harm or break, each with what it tries and the score that it deserves.

They are made from the released lesson 02-matmul, 8 points by checks, with answers that are right or wrong throughout.
Never run them outside the sandbox.
"""
