"""A path -> the bytes of an ELF file: mapped, or unpacked where it is compressed whole."""

import mmap
import os
import stat

from sitegen.crash.symbols.unpack import MissingPackage, UnpackError, form_of, unpack
from sitegen.crash.symbols.values import ImageError


class File:
    """An open ELF file. Raises ImageError when it is none."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._base = os.path.basename(path)
        self._file = -1
        try:
            self.data: bytes | mmap.mmap = self._open()
        except ImageError:
            self.close()
            raise

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    __del__ = close

    def read(self, start: int, end: int) -> bytes:
        """Bytes [start, end): read and not taken from the map, whose pages would count as memory."""
        if self._file < 0:
            return bytes(self.data[start:end])
        return os.pread(self._file, max(end - start, 0), start)

    def _open(self) -> bytes | mmap.mmap:
        data: bytes | mmap.mmap
        try:
            self._file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            self.status = os.fstat(self._file)
            if not stat.S_ISREG(self.status.st_mode):
                raise self._error("not-elf", "is no regular file")
            if not self.status.st_size:
                raise self._error("not-elf", "is empty")
            data = mmap.mmap(self._file, 0, access=mmap.ACCESS_READ)
        except OSError as error:
            from sitegen.wording import reason_of  # noqa: PLC0415  reason: only a complaint pays for it

            absent = isinstance(error, FileNotFoundError | NotADirectoryError)
            kind = "missing" if absent else "damaged"
            raise self._error(kind, f"cannot be read: {reason_of(error)}") from error
        form = form_of(data[:6])
        if form:
            data = self._unpacked(form, data)
            self.close()
        if data[:4] != b"\x7fELF":
            raise self._error("not-elf", "is not an ELF file")
        if len(data) < 6 or data[4] not in {1, 2} or data[5] not in {1, 2}:
            raise self._error("unsupported", "is neither a 32-bit nor a 64-bit image")
        return data

    def _unpacked(self, form: str, data: bytes | mmap.mmap) -> bytes:
        try:
            return unpack(form, data)
        except MissingPackage as error:
            raise self._error("unsupported", f"is compressed with {form}: {error}") from error
        except UnpackError as error:
            raise self._error("damaged", f"does not unpack ({error})") from error

    def _error(self, kind: str, what: str) -> ImageError:
        return ImageError(self._path, kind, f"'{self._base}' {what}")
