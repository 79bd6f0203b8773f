"""Counts in words."""


def count_cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def count(number: int, noun: str) -> str:
    """A number of things; the noun takes an s where there is not one.

    >>> count(2, "report")
    '2 reports'
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"
