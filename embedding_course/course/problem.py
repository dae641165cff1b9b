"""An error that a person can mend: one line that says who, what, and what to do now."""


class Problem(Exception):
    """What went wrong and what to do, in one line; commands print it and end with `status`.

    status : 1 if something needs a person, 2 if the command was wrong
    """

    def __init__(self, message: str, status: int = 1):
        super().__init__(message)
        self.status = status
