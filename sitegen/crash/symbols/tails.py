"""Tail calls: the functions between a callee and the next frame, which left no frame of their own.

The graph of jumps is read from the code, backwards from the goal where few functions lead there,
else forwards from the callee; what DWARF records as a tail call at the same place is said so.
"""

from collections.abc import Collection
from typing import Literal

from sitegen.crash.names import bare_name
from sitegen.crash.symbols.instructions import RETURNS, THUNK
from sitegen.crash.symbols.jumpmap import DEEPEST
from sitegen.crash.symbols.jumps import Branch, jumps_in
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.values import Jump

NEAR = 5
"jumps in a row that are followed forwards"
_MOST_WAYS = 64
"ways looked at closely"
MOST_FUNCTIONS = 4000
"functions read in one search"
THUNKS = [
    THUNK + register
    for register in (
        *("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp"),
        *(f"r{number}" for number in range(8, 16)),
    )
]


def tail_paths(
    reader: Reader, function: str, goal: int, limit: int
) -> tuple[tuple[Jump, ...], ...]:
    """The ways by jumps from the functions of a name to the one that begins at `goal`, shortest first."""
    begins = [symbol.address for symbol in reader.symbols.find([function])[function]]
    if not begins or goal in begins:
        return ()
    reaching = reader.jumps.reaching(goal)
    if reaching is not None:
        graph = _graph_between(reader, begins, goal, reaching)
    else:
        thunks = reader.symbols.find({*RETURNS, *THUNKS})
        returns = {symbol.address for several in thunks.values() for symbol in several}
        graph = _graph(reader, begins, goal, frozenset(reader.symbols.starts) - returns)
    ways: list[list[Branch]] = []
    for begin in begins:
        ways.extend(_ways(graph, begin, goal))
    ways.sort(key=lambda way: (len(way), [branch.address for branch in way]))
    paths: list[tuple[Jump, ...]] = []
    names: list[list[str]] = []
    for way in ways[:_MOST_WAYS]:
        jumps = _jumps(reader, way)
        if jumps and [jump.target for jump in jumps] not in names:
            names.append([jump.target for jump in jumps])
            paths.append(jumps)
        if len(paths) == limit:
            break
    return tuple(paths)


def _graph_between(
    reader: Reader, begins: list[int], goal: int, reaching: Collection[int]
) -> dict[int, list[Branch]]:
    """Jumps by function, of the functions that lead to the goal; empty when none of `begins` does."""
    if not any(begin in reaching for begin in begins):
        return {}
    goals = frozenset((*reaching, goal))
    return {
        start: jumps_in(reader.image, goals, start, start + reader.symbols.size_of(start))
        for start in reaching
    }


def _graph(
    reader: Reader, begins: list[int], goal: int, starts: frozenset[int]
) -> dict[int, list[Branch]]:
    """Jumps by function, of all functions near enough to the beginning."""
    graph: dict[int, list[Branch]] = {}
    level = list(begins)
    for _ in range(NEAR):
        following: dict[int, None] = {}
        for function in level:
            if function in graph or function == goal:
                continue
            if len(graph) >= MOST_FUNCTIONS:
                return graph
            end = function + reader.symbols.size_of(function)
            branches = jumps_in(reader.image, starts, function, end)
            graph[function] = branches
            following.update((branch.to, None) for branch in branches)
        if goal in following:
            # Longer ways than the shortest by one are still looked for, not more.
            last = [function for function in following if function not in graph]
            for function in last[: MOST_FUNCTIONS - len(graph)]:
                if function != goal:
                    end = function + reader.symbols.size_of(function)
                    graph[function] = jumps_in(reader.image, starts, function, end)
            return graph
        level = list(following)
    return graph


def _ways(graph: dict[int, list[Branch]], begin: int, goal: int) -> list[list[Branch]]:
    """All ways through the graph without a function twice."""
    reaches = _reaching(graph, goal)
    found: list[list[Branch]] = []
    stack: list[tuple[int, list[Branch]]] = [(begin, [])]
    while stack and len(found) < MOST_FUNCTIONS:
        function, way = stack.pop()
        seen = {begin, *(branch.to for branch in way)}
        for branch in graph.get(function, ()):
            if branch.to == goal:
                found.append([*way, branch])
            elif branch.to in reaches and branch.to not in seen and len(way) + 1 < DEEPEST:
                stack.append((branch.to, [*way, branch]))
    return found


def _reaching(graph: dict[int, list[Branch]], goal: int) -> set[int]:
    """Functions from which the goal can be reached."""
    into: dict[int, set[int]] = {}
    for function, branches in graph.items():
        for branch in branches:
            into.setdefault(branch.to, set()).add(function)
    found: set[int] = set()
    left = [goal]
    while left:
        for function in into.get(left.pop(), ()):
            if function not in found:
                found.add(function)
                left.append(function)
    return found


def _jumps(reader: Reader, way: list[Branch]) -> tuple[Jump, ...]:
    """The way in words, empty when it cannot be vouched for; jumps into the `.cold` part of a function stay inside it."""
    found = []
    for branch in way:
        recorded = reader.jumps.is_recorded(branch)
        if not recorded and not branch.sure:
            return ()
        source = reader.symbols.at(branch.address)
        target = reader.symbols.starting_at(branch.to)
        if source is None or target is None:
            return ()
        if bare_name(source.name) == bare_name(target.name) and ".cold" in target.name:
            continue
        word = f"{branch.word} {target.name}"
        found.append(jump_of(reader, branch.address, target.name, word, recorded=recorded))
    return tuple(found)


def jump_of(reader: Reader, address: int, target: str, word: str, *, recorded: bool) -> Jump:
    """The jump at an address, with its place in the source."""
    source = reader.symbols.at(address)
    name = source.name if source else f"{address:#x}"
    known, _ = reader.calls_at([address])[address]
    named = (*known[:-1], known[-1]._replace(function=name)) if known else ()
    where = f"{name}+{address - source.address:#x}" if source else name
    proof: Literal["call-site", "instruction"] = "call-site" if recorded else "instruction"
    return Jump(name, target, named, f"{word} at {where}", proof)
