"""Why a comparison can't come to an end. Imports nothing that loads torch."""


class QuestionFails(Exception):
    """The engine fails at one question time and again, and answers others."""


class AdapterNotTaken(Exception):
    """The engine refuses the adapter that is to be compared."""
