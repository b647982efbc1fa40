"""The locked dependencies against known vulnerabilities: 0 none known, 1 some known, 3 not audited, which is never "clean".

A package of old, known to be vulnerable, is asked for too: a service that knows nothing of it has not looked.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

_BIN = Path(sys.executable).parent
_CONTROL = Requirement("django==1.11")
_KNOWN, _NOT_AUDITED = 1, 3
_SERVICE = "https://api.osv.dev/v1/query"


class NotAudited(Exception):
    """Why nothing can be said."""


def main(service: str = _SERVICE) -> int:
    """Tell the outcome and return its code. service: the address of an OSV interface."""
    wanted = locked()
    try:
        found = answered(service, [*wanted, _CONTROL])
        weak = vulnerable(found, {requirement.name for requirement in wanted})
    except NotAudited as why:
        print(f"未审计：{why}", file=sys.stderr)
        return _NOT_AUDITED
    for line in weak:
        print(line)
    print(f"已审计 {len(wanted)} 个依赖，{f'有已知漏洞 {len(weak)} 项' if weak else '没有已知漏洞'}", file=sys.stderr)
    return _KNOWN if weak else 0


def locked() -> list[Requirement]:
    """Everything that the lock file installs on this system, the tools of development too."""
    command = [
        _BIN / "uv",
        "export",
        "--frozen",
        "--no-hashes",
        "--no-emit-project",
        "--no-annotate",
        "--no-header",
        "-q",
    ]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    every = [Requirement(line) for line in lines]
    return [one for one in every if one.marker is None or one.marker.evaluate()]


def answered(service: str, wanted: list[Requirement]) -> dict[str, Any]:
    """What was looked up, by name of the package. Raises NotAudited."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as asked:
        asked.write("".join(f"{one.name}{one.specifier}\n" for one in wanted))
        asked.flush()
        command = [_BIN / "pip-audit", "-r", asked.name, "--no-deps", "--disable-pip", "-f", "json", "--progress-spinner", "off",
                   "--strict", "-s", "osv", "--osv-url", service]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True)
    try:
        rows = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        said = done.stderr.strip().splitlines()
        raise NotAudited(f"漏洞库 {service} 没有答复（{said[-1] if said else done.returncode}）") from None
    return {row["name"]: row.get("vulns") for row in rows}


def vulnerable(found: dict[str, Any], wanted: set[str]) -> list[str]:
    """A line for each known vulnerability. Raises NotAudited where a package was passed over, or the control passed."""
    passed_over = sorted(name for name in wanted if found.get(name) is None)
    if passed_over:
        raise NotAudited(f"没有查到 {'、'.join(passed_over)}")
    if not found.get(_CONTROL.name):
        raise NotAudited(f"漏洞库不认识对照项 {_CONTROL}，其答复不足为凭")
    return [line for name in sorted(wanted) for line in _lines(name, found[name])]


def _lines(name: str, vulnerabilities: list[dict[str, Any]]) -> Iterator[str]:
    for one in vulnerabilities:
        yield f"{name}：{one['id']}，修复于 {'、'.join(one['fix_versions']) or '（没有修复的版本）'}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
