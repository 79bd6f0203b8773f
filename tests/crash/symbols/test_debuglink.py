"""The name and checksum of a separate debug file, in the byte order of the image."""

from types import SimpleNamespace

import pytest

from sitegen.crash.symbols.separate import _link


@pytest.mark.parametrize("order", ["little", "big"])
def test_the_checksum_is_read_in_the_byte_order_of_the_image(order) -> None:
    raw = b"vmlinux.debug\0\0\0" + (0x12345678).to_bytes(4, order)
    image = SimpleNamespace(
        find=lambda name: SimpleNamespace(size=len(raw)),
        read=lambda section, start, size: raw[start : start + size],
        encoding=SimpleNamespace(order=order),
    )
    assert _link(image) == ("vmlinux.debug", 0x12345678)
