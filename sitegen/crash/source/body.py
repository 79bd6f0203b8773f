"""One function's text, parsed: its calls, and where a pointer called came from."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from sitegen.crash.source.syntax import bare, declared_name, iter_nodes, parse, text_of
from sitegen.crash.source.values import CallText, Function

if TYPE_CHECKING:
    from tree_sitter import Node

_CALL = frozenset({"call_expression"})
_ASSIGNMENTS = frozenset({"assignment_expression", "init_declarator"})
_POINTERS = frozenset({"field_expression", "subscript_expression", "call_expression"})
_NOTHING = frozenset({"NULL", "0", "((void *)0)"})
_PARAMETERS = frozenset({"parameter_list"})
_DEPTH = 4


class Body:
    """One function's text, parsed behind a signature that the grammar understands."""

    def __init__(self, root: "Node", first: int, signature: str, text: Sequence[str]) -> None:
        self.first = first
        "the line of the file that is row 0"
        self._root = root
        self._signature = signature
        self._text = text
        self.calls = tuple(iter_nodes(root, _CALL))

    @classmethod
    def parse(cls, lines: Sequence[str], function: Function) -> "Body | None":
        opening = lines[function.body - 1]
        brace = opening.find("{")
        if brace < 0:
            return None
        # Columns are kept: the signature's part of the line becomes blanks, its text `f()`
        # stands on a line of its own.
        rest = [" " * brace + opening[brace:], *lines[function.body : function.last]]
        root = parse("\n".join(["void f(void)", *rest]))
        if root is None:
            return None
        above = [*lines[function.first - 1 : function.body - 1], opening[:brace]]
        return cls(root, function.body - 1, "\n".join(above), rest)

    def is_pointer(self, node: "Node") -> bool:
        """Whether the call goes through a pointer, as far as the text tells."""
        called = bare(node.child_by_field_name("function"))
        if called is None:
            return False
        if called.type == "call_expression":
            # `static_call(name)(...)` and other macros that answer a function.
            return True
        if called.type in _POINTERS:
            return True
        name = text_of(called)
        return called.type == "identifier" and (
            bool(self._values(name, node)) or self._parameter(name) is not None
        )

    def describe(self, node: "Node", argument: int | None = None) -> CallText:
        called = bare(node.child_by_field_name("function"))
        arguments = node.child_by_field_name("arguments")
        handed = [
            child
            for child in (arguments.named_children if arguments else ())
            if child.type != "comment"
        ]
        row, first_row = node.start_point.row, node.start_point.row == node.end_point.row
        # tree-sitter counts bytes; rows are looked up in the text to count characters.
        line = self._text[row - 1].encode() if row else b""
        column = len(line[: node.start_point.column].decode(errors="replace")) + 1
        end = node.end_point.column if first_row else len(line.rstrip())
        text = CallText(
            first=self.first + row,
            last=self.first + node.end_point.row,
            column=column,
            end=len(line[:end].decode(errors="replace")) + 1,
            function=text_of(called) if called else "",
            arguments=tuple(text_of(child) for child in handed),
        )
        if argument is not None:
            pointer = bare(handed[argument]) if argument < len(handed) else None
            return self._follow(text, pointer, node) if pointer else text
        if called is None or not self.is_pointer(node):
            return text
        return self._follow(text, called, node)

    def _follow(self, text: CallText, called: "Node", call: "Node") -> CallText:
        """`text` with the place that the pointer was read from."""
        origin: Node = called
        assigned: tuple[int, ...] = ()
        for _ in range(_DEPTH):
            if origin.type != "identifier":
                break
            values = self._values(text_of(origin), call)
            assigned += tuple(self.first + value.start_point.row for value in values)
            if len({text_of(value) for value in values}) != 1:
                break
            value = bare(values[-1])
            if value is None:
                break
            origin = value
        if origin.type == "identifier":
            name = text_of(origin)
            return text._replace(pointer=name, assigned=assigned, parameter=self._parameter(name))
        field = origin.child_by_field_name("field")
        argument = origin.child_by_field_name("argument")
        # An element of a member, `ops->handler[i]`, lies in that member.
        if origin.type == "subscript_expression" and argument is not None:
            field = argument.child_by_field_name("field")
        parameter = None
        is_array = origin.type == "subscript_expression"
        if argument is not None and argument.type == "identifier":
            values = self._values(text_of(argument), call)
            if len(values) == 1:
                assigned = (self.first + values[0].start_point.row, *assigned)
            if is_array and not values:
                parameter = self._parameter(text_of(argument))
        return text._replace(
            pointer=text_of(origin),
            member=text_of(field) if field else "",
            array=is_array,
            assigned=assigned,
            parameter=parameter,
        )

    def _values(self, name: str, call: "Node") -> "list[Node]":
        """What the variable `name` is set to before `call`, in order; NULL is left out."""
        found = []
        for node in self._assignments.get(name, ()):
            value = node.child_by_field_name("right") or node.child_by_field_name("value")
            if node.start_byte < call.start_byte and value and text_of(value) not in _NOTHING:
                found.append(value)
        return found

    @cached_property
    def _assignments(self) -> "dict[str, list[Node]]":
        found: dict[str, list[Node]] = {}
        for node in iter_nodes(self._root, _ASSIGNMENTS):
            target = node.child_by_field_name("left") or node.child_by_field_name("declarator")
            if target is not None:
                found.setdefault(declared_name(target), []).append(node)
        return found

    def _parameter(self, name: str) -> int | None:
        return self._parameters.get(name)

    @cached_property
    def _parameters(self) -> dict[str, int]:
        root = parse(self._signature + ";\n")
        found: dict[str, int] = {}
        for parameters in iter_nodes(root, _PARAMETERS) if root else ():
            named = (child for child in parameters.named_children if child.type != "comment")
            for index, parameter in enumerate(named):
                target = parameter.child_by_field_name("declarator")
                if target is not None:
                    found.setdefault(declared_name(target), index)
        return found
