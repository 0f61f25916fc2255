"""Entry point of the programs in bin/, once the virtual environment exists."""

from __future__ import annotations

import argparse
import os
import sys


def main(arguments: list[str]) -> int:
    command, *rest = arguments or ["start"]
    if command == "test":
        from dlp.embedded.testing import test

        return test(rest)
    if command in ("bench", "drill"):
        from dlp.embedded.proving import run_on_servers

        return run_on_servers(f"dlp.{command}", rest, with_static=command == "bench")
    if command == "manage":
        from dlp.embedded.manage import manage

        return manage(rest)
    if command == "shots":
        program = [sys.executable, "-m", "dlp.tests.shots", *rest]
        os.execv(sys.executable, program)  # noqa: S606 - a tool of the tests; nothing here imports it
    from dlp.embedded.start import Options, start

    options = start_parser().parse_args(rest)
    return start(
        Options(
            port=options.port,
            is_fresh=options.fresh,
            with_demo=not options.no_demo,
            is_reloading=options.reload,
        )
    )


def start_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/start", description="Set up and run everything. Ctrl-C stops it."
    )
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--fresh", action="store_true", help="empty the embedded database first")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    parser.add_argument("--reload", action="store_true", help="start again when a file changes")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # before anything had started that needs stopping
        sys.exit(130)
