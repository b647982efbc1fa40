"""The software bill of materials (CycloneDX 1.5) of what is deployed: from the lock file, licences from what is installed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from license_expression import LicenseSymbol, get_spdx_licensing

UV = Path(sys.executable).parent / "uv"
_SPDX = get_spdx_licensing()
_LONGEST = 60
"""Some packages put the whole text of a licence where its name belongs."""
PERMISSIVE = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0", "Unlicense", "Zlib",
    "Apache Software License", "BSD License", "MIT License",
})  # fmt: skip


def main(target: Path) -> None:
    """Write the document and tell which components are not permissively licensed."""
    bill = exported()
    for component in bill["components"]:
        component["licenses"] = licences(component["name"])
    bill["components"].append(browser_assets())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{target}：{len(bill['components'])} 个组件")
    for component in bill["components"]:
        if not is_permissive(component["licenses"]) and not left_out(component):
            print(
                f"非宽松许可：{component['name']} {component['version']}（{named(component['licenses']) or '没有写明'}）"
            )


def exported() -> dict[str, Any]:
    """What the lock file says is deployed, without the tools of development."""
    command = [UV, "export", "--frozen", "--no-dev", "--format", "cyclonedx1.5", "-q"]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def licences(package: str) -> list[dict[str, Any]]:
    """As CycloneDX has them: one expression of SPDX, else the names of the trove; nothing for what is not installed."""
    try:
        said = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return []
    for field in ("License-Expression", "License"):
        expression = said.get(field) or ""
        if 0 < len(expression) <= _LONGEST and not _SPDX.validate(expression).errors:
            return [{"expression": expression}]
    trove = [entry.split(" :: ")[-1] for entry in said.get_all("Classifier") or () if entry.startswith("License ::")]
    return [{"license": {"name": name}} for name in trove if name != "OSI Approved"]


def is_permissive(found: list[dict[str, Any]]) -> bool:
    """Whether one may take all of it under licences that ask for no more than a notice; several names are a choice."""
    if found and "expression" in found[0]:
        return _permits(_SPDX.parse(found[0]["expression"]))
    return any((entry["license"].get("id") or entry["license"]["name"]) in PERMISSIVE for entry in found)


def _permits(expression: Any) -> bool:
    if isinstance(expression, LicenseSymbol):
        return expression.key in PERMISSIVE
    choose = any if expression.operator == " OR " else all
    return choose(_permits(part) for part in expression.args)


def named(found: list[dict[str, Any]]) -> str:
    return " / ".join(
        entry.get("expression") or entry["license"].get("id") or entry["license"]["name"] for entry in found
    )


def left_out(component: dict[str, Any]) -> bool:
    """Whether the component belongs to another system or Python than this one, and so is not installed."""
    return not component["licenses"] and any(
        entry["name"] == "uv:package:marker" for entry in component.get("properties", ())
    )


def browser_assets() -> dict[str, Any]:
    """The scripts that run in a browser and are not ours: the documentation's, carried by a package."""
    folder = Path(str(metadata.distribution("flask-swagger-ui").locate_file("flask_swagger_ui/dist")))
    version = metadata.version("flask-swagger-ui")
    script = folder / "swagger-ui-bundle.js"
    return {
        "type": "library", "bom-ref": f"swagger-ui-dist@{version}", "name": "swagger-ui-dist", "version": version,
        "purl": f"pkg:npm/swagger-ui-dist@{version}", "licenses": [{"license": {"id": "Apache-2.0"}}],
        "description": "swagger-ui-bundle.js, carried by flask-swagger-ui and served by this application",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(script.read_bytes()).hexdigest()}],
    }  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
