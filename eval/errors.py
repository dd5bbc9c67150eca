"""Errors of the evaluation."""

from corpus.errors import MscError


class BenchFault(MscError):
    """A benchmark cannot be run: something that it compares with is not installed."""


class CaseFault(MscError):
    """A file of gold cases cannot be used, or no case is left to run."""


class DatasetFault(MscError):
    """A data set in BEIR layout lacks a file or has a line that cannot be used; names file and line."""


class ResultsFault(MscError):
    """Results cannot be read or written, or are of another format version."""


class ThresholdFault(MscError):
    """The thresholds of the gate cannot be used; names file and line."""
