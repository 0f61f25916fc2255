"""Entry point of bin/bench, once its servers are up."""

from __future__ import annotations

import argparse
import os
import sys

import django


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bin/bench", description="Measure the product at several sizes and print a table."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    pages = commands.add_parser("pages", help="queries, CPU and bytes of every main page")
    pages.add_argument("--sizes", type=_sizes, default=[100, 2_000, 20_000], help="100,2000,20000")
    pages.add_argument("--page", default="", help="only pages with this in their name")
    pages.add_argument("--runs", type=int, default=21, help="of which the median counts")
    outbox = commands.add_parser("outbox", help="letters a second, beside a bare loop")
    outbox.add_argument("--messages", type=int, default=10_000, help="how many (10000)")
    outbox.add_argument(
        "--senders", type=int, default=os.cpu_count(), help="one a core, if left out"
    )
    schools = commands.add_parser("import", help="a GIAS file: seconds and memory")
    schools.add_argument("--schools", type=int, default=50_000, help="how many (50000)")
    options = parser.parse_args(arguments)
    django.setup()
    if options.command == "outbox":
        from dlp.bench.letters import bench_outbox

        bench_outbox(options.messages, options.senders)
    elif options.command == "import":
        from dlp.bench.imports import bench_import

        bench_import(options.schools)
    else:
        from dlp.bench.report import bench_pages

        bench_pages(options.sizes, options.page, options.runs)
    return 0


def _sizes(typed: str) -> list[int]:
    sizes = [int(word) for word in typed.split(",")]
    if sizes != sorted(sizes) or sizes[0] < 1:
        raise argparse.ArgumentTypeError("give them in order, such as 100,2000")
    return sizes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
