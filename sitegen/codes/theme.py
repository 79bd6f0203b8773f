"""T: themes."""

from sitegen.codes.values import Code

T001 = Code(
    "T001",
    "error",
    """\
There is no theme of that name, neither in the project's themes/ nor shipped with sitegen.""",
    advice="""\
Correct `theme`, or put the folder into `themes/` beside the configuration.""",
    example="""\
sitegen.toml: error[T001]: there is no theme 'defualt'
  hint: did you mean 'default'?""",
)
T002 = Code(
    "T002",
    "error",
    """\
A template of the theme failed. The page it was rendering is left out; the rest is built.""",
    advice="""\
Look at the line of the template that is named. Pages that were published before stay as they
were.""",
    example="""\
themes/ours/templates/case.html:3: error[T002]: 'no_such_value' is undefined
    3 | {{ no_such_value.title }}""",
)
T003 = Code(
    "T003",
    "error",
    """\
theme.toml is missing, is not TOML, or has a key that sitegen does not know.""",
    advice="""\
Write theme.toml with `name`, and `extends` and `options` where they are wanted.""",
    example="""\
themes/ours/theme.toml:2:1: error[T003]: unknown key 'extend'
    2 | extend = "default"
      | ^^^^^^
  hint: did you mean 'extends'?""",
)
