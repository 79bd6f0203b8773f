"""Where in a document something stands, for diagnostics: tokens know lines only."""

from functools import cached_property
from urllib.parse import unquote

from sitegen.diagnostics import Place
from sitegen.web.content import Document

_MAX_EXCERPT = 300  # characters of a line that are still quoted
_MAX_COLUMN = 4096  # characters of a line that are searched for a word
_MAX_PARAGRAPH = 200  # lines after a block's first that are searched for a link
_MAX_SEARCH = 16384  # characters of them


class Places:
    """The places of one document. Lines are of the body, from 0; splits it on first use."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def lines(self) -> list[str]:
        return self._document.body.split("\n")

    def at(self, line: int, word: str = "", inner: str = "") -> Place:
        """Line `line`, and the column of `word` in it, or of `inner` in `word`, if it is there."""
        text = self.lines[line] if line < len(self.lines) else ""
        column = text.find(word, 0, _MAX_COLUMN) if word else -1
        if column >= 0 and inner:
            column += word.find(inner)
        number = self._document.body_line + line
        shown = text if len(text) <= _MAX_EXCERPT else ""
        if column < 0:
            return Place(self._document.file, number, text=shown)
        end = column + len(inner or word) + 1
        return Place(self._document.file, number, column + 1, end, shown)

    def at_link(self, line: int, written: str) -> Place:
        """Where a link's address stands, searched in the block that begins on `line`."""
        for word in dict.fromkeys((written, unquote(written))):
            left = _MAX_SEARCH if word else 0
            for number in range(line, min(line + _MAX_PARAGRAPH, len(self.lines))):
                if left <= 0:
                    break
                if self.lines[number].find(word, 0, _MAX_COLUMN) >= 0:
                    return self.at(number, word)
                left -= min(len(self.lines[number]), _MAX_COLUMN) + 1
        return self.at(line)
