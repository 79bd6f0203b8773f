"""G: the project and its configuration."""

from sitegen.codes.values import Code

G001 = Code(
    "G001",
    "error",
    """\
There is no sitegen.toml and no [tool.sitegen] in a pyproject.toml, neither here nor in a folder
above. `sitegen build` needs one to know the site's title, its content and its kernels.""",
    advice="""\
Run sitegen in the wiki's folder or below it, or name that folder: `sitegen build wiki`. For a new
wiki, `sitegen init` writes one.""",
    example="""\
sitegen.toml: error[G001]: no sitegen.toml here
  hint: run sitegen in a wiki, or make one with sitegen init""",
)
G002 = Code(
    "G002",
    "error",
    """\
The configuration file is not TOML. The place is where the parser gave up.""",
    advice="""\
Look at the line and the one before it: most often a quote or a bracket is not closed.""",
)
G003 = Code(
    "G003",
    "error",
    """\
The configuration has a key that sitegen does not know, most often a typing error. Nothing is
ignored silently: a misspelt key would otherwise change the site without a word.""",
    advice="""\
Correct the name; the hint has the nearest one. The configuration reference lists them all.""",
    example="""\
sitegen.toml:1:1: error[G003]: unknown key 'titel'
    1 | titel = "Crash notes"
      | ^^^^^
  hint: did you mean 'title'?""",
)
G004 = Code(
    "G004",
    "error",
    """\
A value of the configuration has the wrong type or form.""",
    advice="""\
Write the value as the hint says. The key keeps its default until then.""",
    example="""\
sitegen.toml:2:1: error[G004]: 'base-url' does not have the form it should
    2 | base-url = "crashes.example.org"
      | ^^^^^^^^
  hint: give the http:// or https:// address the site is published at""",
)
G005 = Code(
    "G005",
    "error",
    """\
The configured content folder does not exist.""",
    advice="""\
Make the folder, or name another with `content`.""",
    example="""\
sitegen.toml: error[G005]: there is no folder 'content'
  hint: make it, or name another with `content` in the configuration""",
)
G006 = Code(
    "G006",
    "error",
    """\
A file could not be read or written. The message carries the reason of the operating system.""",
    advice="""\
Mend what the reason names: rights, a full disk, a folder where a file should be.""",
    example="""\
content/cases/uaf.md: error[G006]: cannot read: permission denied""",
)
G007 = Code(
    "G007",
    "error",
    """\
The output folder holds files that sitegen did not write, or is the project itself or a folder
above it. sitegen only ever removes what it wrote; give it a folder of its own.""",
    advice="""\
Give `output` a folder of its own, or move the files of others out of it.""",
    example="""\
site: error[G007]: the output folder holds files that sitegen did not write
  hint: empty it, or name another with --output""",
)

G008 = Code(
    "G008",
    "warning",
    """\
The configuration asks for an index of the full text, and it could not be made. It is made by
Pagefind, which comes with sitegen's extra `search`: pip install 'pagefind[bin]'. The rest of the
site is built, and the search field finds names as ever.""",
    advice="""\
Install the extra, or set `full-text = false`.""",
)
G010 = Code(
    "G010",
    "error",
    """\
A rule of [redact] cannot be used. It needs a `literal` or a `pattern`, and not both; a class must be
one of those built in; a pattern must be a regular expression, one that does not match blanks. A
pattern that repeats what can itself match in several ways, such as `(a+)+`, is refused: it can take
hours on one line of a log. Nothing is published, since what the rule should have hidden would stand
on the pages.""",
    advice="""\
Mend the rule, or take it out. A pattern that is refused can mostly be written with one repeat of one
set of characters, such as `[\\w.-]+`.""",
    example="""\
sitegen.toml:10:1: error[G010]: '(a+)+' repeats what can match in several ways, '(a+)+', which may take hours
   10 | pattern = "(a+)+"
      | ^^^^^^^
  hint: repeat one set of characters, such as [\\w.-]+""",
)
G011 = Code(
    "G011",
    "error",
    """\
A rule of [redact] takes its own pseudonyms for values. With `pattern = "host-\\d+"` and
`as = "host"` nobody could tell the pseudonym `host-1` from a machine of that name. Nothing is
published.""",
    advice="""\
Give `as` another word, or make the pattern narrower.""",
)
G012 = Code(
    "G012",
    "error",
    """\
The map of redactions cannot be used: it is damaged, or lies where it would be published. It says
which pseudonym stands for which value, and values keep their pseudonyms for good, so sitegen does
not number them anew by itself.""",
    advice="""\
Mend the file, or take it from your repository again. Delete it to have all values numbered anew. Keep
it beside the configuration, outside of the content and the output.""",
)
G013 = Code(
    "G013",
    "error",
    """\
A file of the site holds a value that the rules of [redact] keep out of it, and nothing is
published. What stands in logs and documents is replaced; this value came another way: from the
configuration, the theme, or a picture or archive that is published as it is. Or it stands there in
other characters than are read: split by emphasis, as `&#46;`, with a soft hyphen. The message names the
pseudonym or the rule and not the value, since logs of builds are often public. It is told once a
value, at the first file that holds it.""",
    advice="""\
Look the pseudonym up in the map, and search the content, the theme and the configuration for its
value. Take it out there; or, where it is text that a class found only in another place, add a rule
with it as `literal`. What a reader sees in other characters, write as it is read. A rule that names
a plain word, such as `div`, finds it in every page: make the rule narrower.""",
    example="""\
site/cases/lamp/rack.png: error[G013]: the file holds what is redacted as 'host-1' (rule 1)
  hint: see 'redactions.json' for the value; take it out, or add a rule with it as 'literal'""",
)
G014 = Code(
    "G014",
    "error",
    """\
The name of a document, a log or another file holds a value that the rules of [redact] keep out of
the site, as it is or as addresses write it (`cm-do-div` for `cm_do_div`), and nothing is published.
Names are addresses of the site: they are not changed behind your back.""",
    advice="""\
Rename the file, and where a document names it, that line, too. Where a file of the site is named,
it is made of a document, log or picture of that name, or of an alias.""",
    example="""\
content/cases/lamp.md:12:18: error[G014]: the name of the file holds what is redacted as 'host-1'
   12 | ![The rack](rack-host-1.png)
      |                  ^^^^^^
  hint: rename the file, and mend this line""",
)

G020 = Code(
    "G020",
    "error",
    """\
The build failed inside `sitegen serve`, which goes on and shows the last good site. That is a fault
of sitegen and not of the wiki.""",
    advice="""\
Report it, with what `sitegen build` prints and the file that was saved last. Until then, take back
what was written last: the next save builds again.""",
    example="""\
links.py:88: error[G020]: the build failed in links.py:88: KeyError: 'cases/uaf/'
   88 | return known[url]
  hint: this is a fault of sitegen: report it with the file that was saved last""",
)

G023 = Code(
    "G023",
    "error",
    """\
The table `[severity]` of the configuration names a code that no diagnostic has. `sitegen explain`
lists them all.""",
    advice="""\
Correct the code; `sitegen explain` lists them all.""",
    example="""\
sitegen.toml:6:1: error[G023]: no diagnostic has the code 'X02'
    6 | X02 = "error"
      | ^^^
  hint: did you mean 'X002'?""",
)
G024 = Code(
    "G024",
    "error",
    """\
The table `[severity]` of the configuration makes less of an error that is to stay one. Errors of
the configuration, of the output folder and of themes (codes with G and T) end a build, or keep it
from publishing what it must not; a build that went on without a word would be taken for a good one.""",
    advice="""\
Leave it at `error`, and mend what it complains about.""",
    example="""\
sitegen.toml:7:1: error[G024]: 'T002' stays an error
  hint: take the line out, and mend what it complains about""",
)
G025 = Code(
    "G025",
    "warning",
    """\
Two cases spell a tag or an author with other capitals, so that the wiki has two pages for one. Told
by `sitegen check`.""",
    advice="""\
Write it as the other cases do. An old address can be kept with `aliases`.""",
    example="""\
content/cases/uaf.md:6:14: warning[G025]: the tag 'Timer' is 'timer' elsewhere
    6 | tags: [lamp, Timer]
      |              ^^^^^
  hint: write 'timer'""",
)
G026 = Code(
    "G026",
    "warning",
    """\
Two cases name one syzbot bug, or have one CVE and title, and neither is said to be a duplicate. One
bug is best one case with several logs, which shows them over time. Told by `sitegen check`.""",
    advice="""\
Add the log to the older case as another `panic` block with a `:date:`, or set `status: duplicate`
and link to it.""",
    example="""\
content/cases/again.md:5:11: warning[G026]: 'content/cases/uaf.md' is about the same syzbot bug
  hint: add the log to that case, or set 'status: duplicate' and link to it""",
)
G027 = Code(
    "G027",
    "warning",
    """\
The configuration says `updated = true`, and git cannot tell when documents last changed: there is no
git program, no repository, or only a shallow clone, as CI makes them. Pages are built without that day.""",
    advice="""\
Install git where the wiki is built, and fetch the whole history (`fetch-depth: 0`, `GIT_DEPTH: "0"`);
or leave `updated` out.""",
    example="""\
sitegen.toml: warning[G027]: the days of last changes are not known: there is no git program
  hint: install git, or leave out `updated`""",
)
