"""Pictures for the documents, each with a mark of the page it was taken from, so that a test can tell an old one.

`WRITE_SCREENSHOTS=1 pytest tests/browser` takes them anew.
"""

import hashlib
import os
import re
import struct
import zlib
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.support.documents import ROOT

FOLDER = ROOT / "docs" / "images"
STYLE = ROOT / "reconciler" / "emulator" / "pages" / "style.css"
KEYWORD = b"Page"
_SIGNATURE = 8
_END = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
# What differs from run to run, and is nothing to look at.
_CHANGING = re.compile(r'name="form_token" value="[^"]*"|127\.0\.0\.1:\d+|\d\d:\d\d:\d\d')


def kept(browser: Chrome, name: str) -> None:
    """Take the picture if that is asked for, else see that the one there is shows the page as it is now."""
    mark = page_mark(browser)
    file = FOLDER / f"{name}.png"
    if os.environ.get("WRITE_SCREENSHOTS"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        file.write_bytes(marked(browser.get_screenshot_as_png(), mark))
    assert mark_of(file) == mark, f"{file.name} shows an older page: WRITE_SCREENSHOTS=1 pytest tests/browser"


def page_mark(browser: Chrome) -> str:
    """A checksum over the page, what was typed into it, and the style it loads, if it does."""
    fields = browser.find_elements(By.CSS_SELECTOR, "input, select")
    typed = [str(field.get_property("value")) for field in fields if field.get_attribute("type") != "hidden"]
    style = STYLE.read_text(encoding="utf-8") if STYLE.name in browser.page_source else ""
    text = "\n".join([_CHANGING.sub("", browser.page_source), *typed, style])
    return hashlib.sha256(text.encode()).hexdigest()


def marked(picture: bytes, mark: str) -> bytes:
    """The PNG with one more text in it, before its end."""
    text = KEYWORD + b"\0" + mark.encode()
    chunk = struct.pack(">I", len(text)) + b"tEXt" + text + struct.pack(">I", zlib.crc32(b"tEXt" + text))
    return picture.removesuffix(_END) + chunk + _END


def mark_of(file: Path) -> str:
    """The mark of a picture; empty where there is none."""
    content = file.read_bytes() if file.is_file() else b""
    position = _SIGNATURE
    while position < len(content):
        (length,) = struct.unpack_from(">I", content, position)
        kind, body = content[position + 4 : position + 8], content[position + 8 : position + 8 + length]
        if kind == b"tEXt" and body.startswith(KEYWORD + b"\0"):
            return body.partition(b"\0")[2].decode()
        position += 12 + length
    return ""
