"""X: links and pictures."""

from sitegen.codes.values import Code

X001 = Code(
    "X001",
    "warning",
    """\
A link leads to a page or file of the site that does not exist.""",
    advice="""\
Correct the path: it is that of the Markdown file, from the one that links.""",
    example="""\
content/cases/uaf.md:11:22: warning[X001]: there is no 'missing.md'
   11 | See [the other case](missing.md), and more.
      |                      ^^^^^^^^^^
  hint: did you mean 'mission.md'?""",
)
X002 = Code(
    "X002",
    "warning",
    """\
A link leads to an anchor that the page does not have.""",
    advice="""\
Take the anchor from the page's address when its heading is clicked, or from the hint.""",
    example="""\
content/cases/uaf.md:6:20: warning[X002]: 'cases/one/index.html' has no anchor '#what-happend'
  hint: did you mean 'what-happened'?""",
)
X003 = Code(
    "X003",
    "warning",
    """\
A picture is taken from another host. Pages load nothing from other hosts; a link stands in its
place. Put a copy of the picture beside the document.""",
    advice="""\
Put a copy beside the document, if its licence lets you.""",
    example="""\
content/cases/uaf.md:14:86: warning[X003]: a picture from another host, 'https://example.org/a.png'
  hint: put a copy beside the document""",
)
X004 = Code(
    "X004",
    "error",
    """\
A link has a scheme that pages do not use, such as `javascript:`. Its text is shown without a link.""",
    advice="""\
Use http, https or mailto, or a path of the wiki.""",
    example="""\
content/cases/uaf.md:20:88: error[X004]: the link 'javascript:alert(1)' has the scheme 'javascript'
  hint: use http, https or mailto""",
)
X005 = Code(
    "X005",
    "warning",
    """\
A picture has no words beside it. Those who cannot see it, and search, know of nothing that stands
in a screenshot but what the author says of it: `![the panic on the console](screen.png)`.""",
    advice="""\
Say between the brackets what the picture shows; of a screenshot, the line that matters.""",
    example="""\
content/cases/uaf.md:13:56: warning[X005]: the picture 'screen.png' has no words beside it
  hint: say between the brackets what it shows""",
)
X006 = Code(
    "X006",
    "warning",
    """\
What is shown as a picture is none that browsers show: PNG, JPEG, GIF, WebP, AVIF or SVG. A link
stands in its place.""",
    advice="""\
Write a link, without the `!` before it, or convert the picture.""",
    example="""\
content/cases/uaf.md:13:93: warning[X006]: 'notes.txt' is no picture that browsers show
  hint: write a link, without the '!' before it""",
)
X007 = Code(
    "X007",
    "warning",
    """\
An address outside of the wiki does not answer, or says that there is nothing. Asked for by
`sitegen check --external` alone; a host may also be down for an hour, or not answer programs.""",
    advice="""\
Correct the address, or take it out. An archive may have what was there.""",
    example="""\
content/cases/uaf.md:20:21: warning[X007]: 'https://example.org/gone' answers 404 Not Found
  hint: correct it, or take it out""",
)
X008 = Code(
    "X008",
    "note",
    """\
An address outside of the wiki has moved for good and still leads on. Told by `sitegen check
--external`.""",
    advice="""\
Write the new address, while the old one still leads there.""",
    example="""\
content/cases/uaf.md:20:21: note[X008]: 'http://example.org/' has moved
  hint: write 'https://example.org/'""",
)
