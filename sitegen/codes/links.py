"""X: links and pictures."""

from sitegen.codes.values import Code

X001 = Code(
    "X001",
    "warning",
    """\
A link leads to a page or file of the site that does not exist.""",
)
X002 = Code(
    "X002",
    "warning",
    """\
A link leads to an anchor that the page does not have.""",
)
X003 = Code(
    "X003",
    "warning",
    """\
A picture is taken from another host. Pages load nothing from other hosts; a link stands in its
place. Put a copy of the picture beside the document.""",
)
X004 = Code(
    "X004",
    "error",
    """\
A link has a scheme that pages do not use, such as `javascript:`. Its text is shown without a link.""",
)
X005 = Code(
    "X005",
    "warning",
    """\
A picture has no words beside it. Those who cannot see it, and search, know of nothing that stands
in a screenshot but what the author says of it: `![the panic on the console](screen.png)`.""",
)
X006 = Code(
    "X006",
    "warning",
    """\
What is shown as a picture is none that browsers show: PNG, JPEG, GIF, WebP, AVIF or SVG. A link
stands in its place.""",
)
