"""The parent's end of a worker process."""

import dataclasses
import json
import os
import pathlib
import select
import signal
import subprocess
import sys

from harness.machine import cores

root = pathlib.Path(__file__).resolve().parent.parent


def names():
    return sorted(p.stem for p in (root / "peers").glob("[a-z]*.py"))


class Worker:
    """One peer at one number of threads. `skipped` says why there is none."""

    def __init__(self, name, threads, python, timeout):
        self.name, self.threads, self._timeout = name, threads, timeout
        environment = dict(os.environ, PYTHONUNBUFFERED="1")
        environment.update(_environment(name, threads))
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(root)] + [p for p in [environment.get("PYTHONPATH")] if p])
        allowed = cores(threads)
        self._errors = open(os.devnull if not os.environ.get("GLU_BENCH_DEBUG")
                            else "/dev/stderr", "w")
        self._process = subprocess.Popen(
            [python, "-m", "harness.worker", name, str(threads)], cwd=root,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
            env=environment, start_new_session=True,
            # No peer gets more cores than it was given threads.
            preexec_fn=lambda: os.sched_setaffinity(0, allowed))
        self._buffer = b""
        hello = self._receive()
        self.version = hello.get("version")
        self.skipped = hello.get("error")
        self._stop()

    def ask(self, **request):
        """The worker's answer; a dictionary with "error" if it died or hung."""
        self._signal(signal.SIGCONT)
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            answer = self._receive()
        except BrokenPipeError:
            answer = {"error": "the process ended"}
        self._stop()
        return answer

    def prepare(self, problem):
        return self.ask(prepare=dataclasses.asdict(problem))

    def close(self):
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._errors.close()

    @property
    def alive(self):
        return self._process.poll() is None

    def _receive(self):
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self._process.stdout], [], [], self._timeout)
            chunk = os.read(self._process.stdout.fileno(), 65536) if ready else b""
            if not chunk:
                self._signal(signal.SIGKILL)
                return {"error": "the process ended" if ready else
                        f"no answer in {self._timeout:g} s"}
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return json.loads(line)

    def _stop(self):
        self._signal(signal.SIGSTOP)

    def _signal(self, number):
        try:  # also what the peer started, such as compilers
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass


def _environment(name, threads):
    """Asked of the peer's module; at the top these import only NumPy."""
    code = ("import importlib, json, sys; m = importlib.import_module('peers.' + "
            "sys.argv[1]); print(json.dumps(getattr(m, 'environment', "
            "lambda threads: {})(int(sys.argv[2]))))")
    output = subprocess.run([sys.executable, "-c", code, name, str(threads)],
                            cwd=root, capture_output=True, text=True)
    if output.returncode:
        raise SystemExit(f"run.py: peers/{name}.py: {output.stderr.strip()}")
    return json.loads(output.stdout)
