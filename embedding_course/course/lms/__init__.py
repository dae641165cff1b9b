"""A learning management system's files: rosters in, archives of submissions in, tables of scores back."""
