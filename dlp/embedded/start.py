"""bin/start: everything the programme needs, in one terminal."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dlp.embedded.console import Console
from dlp.embedded.environment import (
    ROOT,
    is_open_to_network,
    site_environment,
    var_folder,
)
from dlp.embedded.errors import CannotStart
from dlp.embedded.guard import Guard
from dlp.embedded.lock import Lock
from dlp.embedded.manage import leave_word, take_word_back
from dlp.embedded.network import FrontDoor, Knock
from dlp.embedded.postgres import data_folder, prepared_cluster, stop_leftover
from dlp.embedded.programs import (
    background_programs,
    setup_program,
    static_program,
    web_program,
    who_program,
)
from dlp.embedded.stamp import Stamp
from dlp.embedded.supervisor import Stopped, Supervisor
from dlp.embedded.valkey import prepared_valkey
from dlp.embedded.watch import Watch

EMPTIED_BY_FRESH = (
    "postgres.new",
    "valkey",
    "mailbox",
    "media",
    "static",
    "beat",
    "prepared",
    "secret_key",
    "sealing_key",
)


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    port: int = 8000
    is_fresh: bool = False
    with_demo: bool = True
    is_reloading: bool = False


def start(options: Options) -> int:
    """Run until asked to stop. 0 after a clean stop, 1 when it could not start."""
    console = Console()
    try:
        var = var_folder()
        lock = Lock(var / "lock")
    except CannotStart as reason:
        console.say(str(reason))
        return 1
    guard = Guard(keep=[lock.descriptor])
    supervisor = Supervisor(console, guard)
    code = 0
    try:
        Start(options, var, lock, guard, supervisor).run()
    except Stopped:
        console.say("Stopping.")
    except CannotStart as reason:
        code = 1
        console.say(str(reason))
    finally:
        take_word_back(var)
        supervisor.stop()
        guard.dismiss()
    if code == 0:
        console.say("Stopped.")
    return code


class Start:
    """One start, from folders to the last program."""

    def __init__(
        self, options: Options, var: Path, lock: Lock, guard: Guard, supervisor: Supervisor
    ) -> None:
        self.options, self.var, self.lock = options, var, lock
        self.guard, self.supervisor, self.console = guard, supervisor, supervisor.console
        self.who: str | None = None  # who can sign in, once somebody has asked

    def run(self) -> None:
        """Returns only by raising: Stopped, or CannotStart."""
        if self.options.is_fresh:
            self.start_afresh()
        door = self.open_door()
        self.env = site_environment(
            self.var, port=door.port, is_reloading=self.options.is_reloading
        )
        self.lock.write(self.env["BASE_URL"])
        stamp = Stamp(self.var / "prepared", self.env.get("DATABASE_URL", ""))
        is_ours = self.start_servers()
        if not (is_ours and stamp.holds()):
            self.set_up()
        self.start_programs(door)
        stamp.write()
        leave_word(self.var, self.env)
        self.announce()
        watch = Watch(ROOT) if self.options.is_reloading else None
        while True:
            self.supervisor.pump()
            if watch and (changed := watch.changed()):
                self.console.say(f"{changed} has changed; starting again.")
                self.supervisor.restart(self.programs)

    def start_afresh(self) -> None:
        if os.environ.get("DATABASE_URL"):
            raise CannotStart(
                "--fresh empties the embedded database, and DATABASE_URL names another one. "
                "Leave one of the two out."
            )
        data, _ = data_folder(self.var, self.guard)
        stop_leftover(data)
        for folder in (data, *(self.var / name for name in EMPTIED_BY_FRESH)):
            if folder.is_dir():
                shutil.rmtree(folder)
            else:
                folder.unlink(missing_ok=True)
        self.console.say("Starting afresh: the earlier database, letters and files are gone.")

    def open_door(self) -> FrontDoor:
        base_url = os.environ.get("BASE_URL", "")
        is_open = bool(base_url) and is_open_to_network(base_url)
        door = FrontDoor(self.options.port, is_open_to_all=is_open)
        if door.port != self.options.port:
            self.console.say(f"Port {self.options.port} is taken; using {door.port}.")
        if is_open:
            self.console.say(
                f"BASE_URL is {base_url}: anybody on the network can come in, and what they type "
                f"travels unencrypted. Use it for trying things out only."
            )
        return door

    def start_servers(self) -> bool:
        """Those that no URL replaces. True if the database is ours alone."""
        if not self.env.get("REDIS_URL"):
            valkey = prepared_valkey(self.var, self.guard)
            program = self.supervisor.start(valkey.program())
            self.supervisor.wait_until(valkey.is_ready, program, seconds=30)
            self.env["REDIS_URL"] = valkey.url
        if self.env.get("DATABASE_URL"):
            return False
        cluster = prepared_cluster(self.var, self.guard)
        if not cluster.data.is_relative_to(self.var):
            self.console.say(
                f"The database is kept in {cluster.data.parent}: Postgres runs as 'nobody', and "
                f"'nobody' cannot enter {self.var}."
            )
        program = self.supervisor.start(cluster.program())
        self.supervisor.wait_until(cluster.readiness_of(program), program, seconds=120)
        self.env["DATABASE_URL"] = cluster.url
        return True

    def set_up(self) -> None:
        """Everything the web server needs, side by side."""
        what = " and the demonstration" if self.options.with_demo else ""
        self.console.say(f"Setting up the database{what}: half a minute the first time.")
        static = self.supervisor.begin(static_program(self.env))
        setup = self.supervisor.begin(setup_program(self.env, with_demo=self.options.with_demo))
        for program in (setup, static):
            if self.supervisor.finish(program).code != 0:
                raise CannotStart(f"The {program.name} step failed; the reason is above.")
        self.who = setup.output.decode(errors="replace")

    def start_programs(self, door: FrontDoor) -> None:
        """The web server first; the rest once it answers, so that the first page does not wait."""
        web = web_program(self.env, door.descriptors)
        self.programs = [web, *background_programs(self.env, self.var)]
        self.supervisor.begin(web)
        who = self.supervisor.begin(who_program(self.env)) if self.who is None else None
        knock = Knock(door.port, urlsplit(self.env["BASE_URL"]).hostname or "localhost")
        self.supervisor.wait_until(knock.is_answered, web, seconds=120)
        web.is_kept_running = True
        for program in self.programs[1:]:
            self.supervisor.start(program)
        if who is not None:
            self.who = self.supervisor.finish(who).output.decode(errors="replace")
        if knock.status != 200:
            self.console.say(f"The site is up but not well: /healthz answers {knock.status}.")

    def announce(self) -> None:
        base_url, bold = self.env["BASE_URL"], self.console.bold
        lines = ["", bold("  The Difference Leadership Programme is running."), ""]
        lines.append(f"  Open      {bold(base_url + '/')}")
        if token := self.env.get("MAILBOX_TOKEN"):
            lines.append(f"  Letters   {base_url}/mailbox/{token}/")
            lines.append(
                "            Sign-in codes arrive there, and what the authenticators show now."
            )
            lines.append("            The link is secret, and new at each start.")
        lines.append("  Stop      Ctrl-C")
        if who := (self.who or "").strip("\n"):
            lines += ["", *(f"  {line}".rstrip() for line in who.splitlines())]
        self.console.say("\n".join([*lines, ""]))
