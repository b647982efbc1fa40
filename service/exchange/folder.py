"""OA by a folder that both sides watch: ``out`` holds what we issue, ``in`` the receipts that OA writes.

A file appears whole or not at all: it is written beside its place, brought to the disk, and renamed. The docx comes first, so
that whoever sees ``<key>.json`` finds ``<key>.docx``. Every name is opened inside the folder's own descriptor and no link is
followed, since the other side may write there too.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import orjson

from service.config import FolderSettings
from service.exchange.oa import Message, Undelivered

_KEY = re.compile(r"[A-Za-z0-9-]{1,100}")
_REASONS = {errno.ENOSPC: "空间已满", errno.EDQUOT: "空间配额已满", errno.ENOENT: "文件夹不存在", errno.EACCES: "没有权限",
            errno.EROFS: "文件夹只读", errno.ELOOP: "是符号链接", errno.ENOTDIR: "不是文件夹"}  # fmt: skip


class Folder:
    """Writes ``out/<key>.docx`` and ``out/<key>.json``; a second try writes the same two again."""

    def __init__(self, settings: FolderSettings) -> None:
        self.folder = settings.folder

    def deliver(self, message: Message, *, now: datetime) -> str | None:
        """The name of the file that tells of the message. Raises Undelivered."""
        if _KEY.fullmatch(message.key) is None:
            raise Undelivered("编号不能作为文件名", final=True)
        name = f"{message.key}.json"
        about = message.about() | {"file": f"{message.key}.docx"}
        try:
            with opened(self.folder, "out") as out:
                place(out, about["file"], message.docx)
                place(out, name, orjson.dumps(about, option=orjson.OPT_INDENT_2))
        except OSError as error:
            raise Undelivered(f"没有写入交换文件夹：{reason(error)}") from None
        return name


@contextlib.contextmanager
def opened(base: Path, *names: str) -> Iterator[int]:
    """A descriptor of a folder below ``base``, made where it is missing; ``base`` itself has to be there already.

    Raises OSError, also where a name is a link.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    found = os.open(base, flags)
    try:
        for name in names:
            with contextlib.suppress(FileExistsError):
                os.mkdir(name, dir_fd=found)
            inner = os.open(name, flags | os.O_NOFOLLOW, dir_fd=found)
            os.close(found)
            found = inner
        yield found
    finally:
        os.close(found)


def place(folder: int, name: str, content: bytes) -> None:
    """Write a file, whole or not at all, in the place of an older one. Raises OSError."""
    beside = f".{name}.{secrets.token_hex(8)}.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        with open(os.open(beside, flags, 0o640, dir_fd=folder), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside, dir_fd=folder)
        raise
    os.fsync(folder)


def reason(error: OSError) -> str:
    """Why a folder could not be used, in Chinese, without its path."""
    return _REASONS.get(error.errno or 0, errno.errorcode.get(error.errno or 0, "原因不明"))
