"""Code that a kernel makes while it runs: how kallsyms names it, and who made it. No image holds it."""

_MODULES = {"bpf": "BPF", "__builtin__ftrace": "ftrace", "__builtin__kprobes": "kprobes"}
_NAMES = {
    "bpf_trampoline_": "BPF",
    "ftrace_trampoline": "ftrace",
    "kprobe_insn_page": "kprobes",
    "kprobe_optinsn_page": "kprobes",
}
_PROGRAM = "bpf_prog_"
_TAG = 16
"hexadecimal digits behind it"


def why_absent(name: str, module: str) -> str:
    """Why no image can hold a symbol; empty when one may.

    >>> why_absent("bpf_prog_6deef7357e7b4530_trace", "")
    'BPF made it at run time, no image holds it'
    >>> why_absent("bpf_prog_run", "")
    ''
    """
    maker = _MODULES.get(module, "")
    if not maker and name.startswith(_PROGRAM):
        tag = name.removeprefix(_PROGRAM)[:_TAG]
        maker = "BPF" if len(tag) == _TAG and not tag.strip("0123456789abcdef") else ""
    if not maker:
        maker = next((who for start, who in _NAMES.items() if name.startswith(start)), "")
    return f"{maker} made it at run time, no image holds it" if maker else ""
