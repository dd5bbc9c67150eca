"""Errors of the assistant floor."""

from corpus.errors import MscError


class BadQuestion(MscError):
    """The question is empty or too long, or comes with an unknown country, audience or date."""


class ModelUnavailable(MscError):
    """The language model cannot be used: unknown name, missing package or key, or no server."""


class BadInput(MscError):
    """A file of questions or claims has a line that cannot be used."""


class UnknownName(MscError):
    """A condition, product or country that the tables do not hold; the message gives the nearest that they do."""


class BadDate(MscError):
    """A date that is none, lies in the future, or comes after the one it should precede."""
