"""A proof package with the script that checks it, as one archive."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO

from service.documents.recommending.proof_file import Package, written

_DAY = (1980, 1, 1, 0, 0, 0)
_READ_ME = """证明包

proof.json 为证明包，proof_check.py 为核验脚本（只用 Python 标准库，3.11 以上）。核验：

    python3 -I -S proof_check.py proof.json --root 另行告知的散列值

脚本与证明包同来自一处的，请另取一份脚本，或者自行阅读后再用。root：
{root}
"""


def write_archive(package: Package, script: Path, out: IO[bytes]) -> None:
    """Write package, script and what to do with them as zip into ``out``."""
    parts = {"proof.json": written(package), "proof_check.py": script.read_bytes(), "说明.txt": _READ_ME.format(root=package["root"]).encode()}  # fmt: skip
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _DAY), raw, zipfile.ZIP_DEFLATED)
