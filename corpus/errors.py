"""The root of the project's one error family."""


class MscError(Exception):
    """Any failure that a person can act on; the message says what to do next."""


class UnreadableDocument(MscError):
    """A file that cannot be read as a document: missing, empty, of an unknown kind, or damaged."""


class TableFault(MscError):
    """A table of the corpus (YAML) with a typo, a missing field or a wrong value; names file and line."""
