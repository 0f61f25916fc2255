"""Runs programs side by side: labels their output, restarts what fails, stops all in order.

One thread and one select loop, so that the parent-death signal of `processes.spawn` works and
nothing races.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from dlp.embedded.console import Console
from dlp.embedded.errors import CannotStart
from dlp.embedded.guard import Guard
from dlp.embedded.processes import Account, end_group, spawn

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST_PAUSE = 30.0  # seconds before a program that keeps failing is started again
STEADY = 60.0  # a program that has run this long may fail as if for the first time
LONGEST_LINE = 65_536


class Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass
class Program:
    """Something to run. `rank` 0 stops first; `grace` is how many seconds it may take to stop."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str]
    cwd: str | Path = "/"
    account: Account | None = None
    rank: int = 0
    grace: float = 10.0
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    is_kept_running: bool = True
    is_heard: bool = True  # False: it writes to the terminal itself
    keeps_output: bool = False  # its standard output is for us to read, not for the terminal
    pass_fds: Sequence[int] = ()

    process: subprocess.Popen[bytes] | None = None
    output: bytearray = field(default_factory=bytearray)
    code: int | None = None
    started_at: float = 0.0
    ended_at: float = 0.0
    failures: int = 0
    restart_at: float | None = None
    killed_at: float | None = None


class Supervisor:
    """Owns the processes, their output and the signals that this process gets."""

    def __init__(self, console: Console, guard: Guard) -> None:
        self.console = console
        self.guard = guard
        self.programs: list[Program] = []
        self.stop_requests = 0
        self.is_stopping = False
        self.selector = selectors.DefaultSelector()
        self._listen_for_signals()

    # Signals

    def _listen_for_signals(self) -> None:
        reading, writing = socket.socketpair()
        reading.setblocking(False)
        writing.setblocking(False)
        signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        self._signals = (reading, writing)
        self.selector.register(reading, selectors.EVENT_READ)
        for sign in STOP_SIGNALS:
            is_nohup = sign is signal.SIGHUP and signal.getsignal(sign) is signal.SIG_IGN
            if not is_nohup:  # a shell ignores SIGINT for what it starts with &, and means nothing
                signal.signal(sign, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop_requests += 1

    # Starting

    def start(self, program: Program) -> Program:
        """Start a program and look after it from now on."""
        if program not in self.programs:
            self.programs.append(program)
        heard = subprocess.PIPE if program.is_heard else None
        program.process = spawn(
            program.command,
            env=program.env,
            guard=self.guard,
            account=program.account,
            cwd=program.cwd,
            parting=program.stop_signal,
            stdin=subprocess.DEVNULL if program.is_heard else None,
            stdout=heard,
            stderr=subprocess.PIPE if program.keeps_output else subprocess.STDOUT,
            pass_fds=program.pass_fds,
        )
        program.started_at = time.monotonic()
        program.restart_at = program.killed_at = program.code = None
        if program.keeps_output:
            self._listen(program, program.process.stdout, is_kept=True)
            self._listen(program, program.process.stderr)
        elif program.is_heard:
            self._listen(program, program.process.stdout)
        return program

    def begin(self, program: Program) -> Program:
        """Start a program that ends by itself."""
        program.is_kept_running = False
        return self.start(program)

    def finish(self, program: Program) -> Program:
        """Wait for a program that ends by itself; then `code` and `output` are set."""
        while program.process is not None:
            self.pump()
        self.programs.remove(program)
        return program

    def wait_until(self, is_ready: Callable[[], bool], program: Program, *, seconds: float) -> None:
        """Pump until `program` is ready; a sentence if it ends or takes longer than `seconds`."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if program.process is None:
                raise CannotStart(
                    f"{program.name} ended while it was starting (exit code {program.code}); "
                    f"its last lines are above."
                )
            if time.monotonic() > deadline:
                raise CannotStart(f"{program.name} was not ready after {seconds:.0f} seconds.")
            self.pump(0.02)

    def end(self, programs: Sequence[Program]) -> None:
        """End these programs; they stay ended."""
        for program in programs:
            program.is_kept_running = False
        self._end(list(programs))

    def restart(self, programs: Sequence[Program]) -> None:
        """End these programs and start them again at once."""
        self.end(programs)
        for program in programs:
            program.is_kept_running = True
            self.start(program)

    # The loop

    def pump(self, seconds: float = 1.0) -> None:
        """Pass on output, notice ended programs, start again what is due.

        Raises Stopped if asked to stop.
        """
        if self.stop_requests and not self.is_stopping:
            raise Stopped
        for key, _ in self.selector.select(self._until_next(seconds)):
            if key.data is None:
                self._signals[0].recv(4096)
            else:
                key.data.read()
        for program in list(self.programs):
            if program.process is not None and program.process.poll() is not None:
                self._ended(program, program.process)
            if program.restart_at is not None and time.monotonic() >= program.restart_at:
                self.start(program)
        if self.stop_requests and not self.is_stopping:
            raise Stopped

    def _until_next(self, seconds: float) -> float:
        due = [program.restart_at for program in self.programs if program.restart_at is not None]
        return max(0.0, min([seconds, *(at - time.monotonic() for at in due)]))

    def _ended(self, program: Program, process: subprocess.Popen[bytes]) -> None:
        program.code, program.ended_at = process.returncode, time.monotonic()
        end_group(process.pid)  # whatever it left behind
        self.guard.release(process.pid)
        for key in [key for key in self.selector.get_map().values() if key.data is not None]:
            if key.data.program is program:
                key.data.read()
                key.data.close()
        program.process = None
        if program.is_kept_running and not self.is_stopping:
            self._plan_restart(program)

    def _plan_restart(self, program: Program) -> None:
        if time.monotonic() - program.started_at > STEADY:
            program.failures = 0
        pause = min(LONGEST_PAUSE, 2.0**program.failures)
        program.failures += 1
        program.restart_at = time.monotonic() + pause
        self.console.say(
            f"{program.name} ended (exit code {program.code}). It starts again in {pause:.0f} s."
        )

    def _listen(self, program: Program, pipe: object, *, is_kept: bool = False) -> None:
        sink = program.output.extend if is_kept else None
        Stream(self, program, pipe, sink)

    # Stopping

    def stop(self) -> None:
        """End all programs, lowest rank first. A second request kills programs, a third servers too."""
        self.is_stopping = True
        for program in self.programs:
            program.restart_at = None
        for rank in sorted({program.rank for program in self.programs}):
            self._end([program for program in self.programs if program.rank == rank])

    def _end(self, programs: list[Program]) -> None:
        for program in programs:
            program.restart_at = None
            if program.process is not None:
                program.process.send_signal(program.stop_signal)
        began = time.monotonic()
        has_said = False
        while waiting := [program for program in programs if program.process is not None]:
            took = time.monotonic() - began
            for program in waiting:
                self._kill_if_overdue(program, took)
            if took > 5 and not has_said:
                names = ", ".join(program.name for program in waiting)
                self.console.say(f"Waiting for {names} to finish. Ctrl-C again ends it at once.")
                has_said = True
            self.pump(0.1)

    def _kill_if_overdue(self, program: Program, took: float) -> None:
        is_urgent = self.is_stopping and self.stop_requests >= (2 if program.rank == 0 else 3)
        if not (is_urgent or took > program.grace):
            return
        if program.killed_at is None:
            program.killed_at = time.monotonic()
            self._kill(program, program.kill_signal)
        elif time.monotonic() - program.killed_at > 2:
            self._kill(program, signal.SIGKILL)

    def _kill(self, program: Program, sign: signal.Signals) -> None:
        if program.process is None:
            return
        if sign is signal.SIGKILL:
            end_group(program.process.pid)
        else:
            program.process.send_signal(sign)


class Stream:
    """One program's output, cut into lines for the console or kept for us."""

    def __init__(
        self,
        supervisor: Supervisor,
        program: Program,
        pipe: object,
        sink: Callable[[bytes], None] | None,
    ) -> None:
        self.supervisor, self.program, self.pipe, self.sink = supervisor, program, pipe, sink
        self.rest = b""
        self.number: int = pipe.fileno()  # type: ignore[attr-defined]
        os.set_blocking(self.number, False)
        supervisor.selector.register(self.number, selectors.EVENT_READ, self)

    def read(self) -> None:
        """Take what there is."""
        while True:
            try:
                data = os.read(self.number, 65_536)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self.close()
                return
            self._take(data)

    def close(self) -> None:
        if self.number < 0:
            return
        if self.rest:
            self.supervisor.console.line(self.program.name, self.rest)
        self.supervisor.selector.unregister(self.number)
        self.pipe.close()  # type: ignore[attr-defined]
        self.number = -1

    def _take(self, data: bytes) -> None:
        if self.sink is not None:
            self.sink(data)
            return
        *lines, self.rest = (self.rest + data).split(b"\n")
        if len(self.rest) > LONGEST_LINE:
            lines, self.rest = [*lines, self.rest], b""
        for line in lines:
            self.supervisor.console.line(self.program.name, line)
