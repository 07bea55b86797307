"""An execution environment: one process that answers one request at a time.

Imitates https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: init
within ten seconds and once more within the request if that failed (with provisioned concurrency
ahead of any request, and within 15 minutes); then one request after another. state.py has its
states, failures.py what AWS says when it is lost; which environment gets which request is
scaling.py's matter.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import math
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.cloud.functions import log
from workbook.cloud.functions.cpu_share import CpuShares, Group
from workbook.cloud.functions.failures import Failure, failure, init_error_type
from workbook.cloud.functions.guard import Guard
from workbook.cloud.functions.keeper import remove_tree
from workbook.cloud.functions.package import Code
from workbook.cloud.functions.process import Answer, Kind, RuntimeProcess
from workbook.cloud.functions.runtime import Runtime
from workbook.cloud.functions.runtime_api import Invocation
from workbook.cloud.functions.spec import FunctionSpec, Outcome, Phase
from workbook.cloud.functions.state import State, check_change
from workbook.cloud.functions.variables import variables

_NUMBERS = itertools.count(1)
_PROVISIONED_INIT_SECONDS = 900.0
_LAST_WORDS_SECONDS = 1.0  # for a runtime whose response was refused to say so and exit


@dataclass(frozen=True)
class Request:
    """An invocation as it comes in."""

    request_id: str
    payload: bytes
    trace_header: str | None = None
    client_context: str | None = None


@dataclass(frozen=True)
class Host:
    """What all environments share.

    Attributes:
        endpoint: where functions find AWS.
        init_seconds: AWS's limit on the init phase.
        cpu: holds processes to the CPU share of their memory; None lets them have all there is.
    """

    runtime: Runtime
    endpoint: str
    write_log: log.WriteLog
    guard: Guard
    init_seconds: float
    cpu: CpuShares | None = None


class ExecutionEnvironment:
    """One environment of one version of a function; begins in INIT, without a process.

    Args:
        layers: None for a function without any.
        provisioned: whether it belongs to provisioned concurrency, and is made ready ahead.
        scratch: a folder in which it makes, and removes, its own /tmp.
        on_exit: told, on another thread, when its process has ended though nobody ended it.
    """

    def __init__(
        self,
        spec: FunctionSpec,
        code: Code,
        layers: Code | None,
        host: Host,
        *,
        scratch: Path,
        on_exit: Callable[[ExecutionEnvironment], None],
        provisioned: bool = False,
    ) -> None:
        self.id = uuid.uuid4().hex
        self.number = next(_NUMBERS)
        self.spec = spec
        self.idle_since = 0.0
        self.provisioned = provisioned
        self._started = time.time()
        self._code = code
        self._layers = layers
        self._host = host
        self._scratch = scratch / self.id
        self._on_exit = on_exit
        self._lock = threading.Lock()
        self._state = State.INIT
        self._process: RuntimeProcess | None = None
        self._group: Group | None = None
        self._served = 0
        self._init_ms: float | None = None
        self._phases: list[Phase] = []  # of the request under way
        self._max_memory_mb = 0
        self._log = log.LogStream(
            f"/aws/lambda/{spec.name}", log.stream_name(spec.version, self.id), host.write_log
        )

    @property
    def state(self) -> State:
        """Where it is in its life."""
        return self._state

    @property
    def served(self) -> int:
        """How many requests it has answered."""
        return self._served

    def describe(self) -> dict[str, Any]:
        """The environment as plain data."""
        return {
            "id": self.id,
            "number": self.number,
            "function": self.spec.name,
            "version": self.spec.version,
            "arn": self.spec.arn,
            "state": self._state.value,
            "provisioned": self.provisioned,
            "pid": self._process.pid if self._process is not None else None,
            "started": self._started,
            "served": self._served,
            "init_ms": self._init_ms,
            "max_memory_mb": self._max_memory_mb,
            "log_stream": self._log.stream,
        }

    def lost(self) -> bool:
        """Whether its process has ended since it last answered."""
        return self._process is None or self._process.has_ended()

    def prepare(self) -> bool:
        """Run the init phase before there is any request; whether it is IDLE, or has ended."""
        self._begin()
        if self._process is None:
            self.close(State.CRASHED)
            remove_tree(self._scratch)  # made after it was closed, if it was closed that early
            return False
        assert self._init_ms is not None  # since the process is ready
        self._log.line(log.initialized(self._init_ms))
        self._log.flush()
        self._change(State.IDLE)
        return not self._state.ended

    def invoke(self, request: Request) -> Outcome:
        """Answer one request; what goes wrong in the function is part of the outcome.

        Afterwards the environment is IDLE, or it has ended.
        """
        cold = self._state is State.INIT
        self._log.forget_tail()
        self._phases = []
        if cold:
            self._begin()
        begun, at = time.monotonic(), time.time()
        answer = None
        if self._process is None:  # the init failed: AWS tries it again within the request
            answer = self._start("invoke", self.spec.timeout_seconds)
        self._change(State.BUSY)
        self._log.line(log.start(request.request_id, self.spec.version))
        if self._process is not None:
            until = begun + self.spec.timeout_seconds
            with self._held(self._group):
                answer = self._ask(self._process, request, until)
        assert answer is not None  # either there is a process, or it said why not
        duration_ms = (time.monotonic() - begun) * 1000
        failed = answer.kind is not Kind.RESPONDED
        self._phases.append(Phase("handler", at, duration_ms, failed))
        return self._conclude(request, answer, duration_ms, cold=cold)

    def close(self, state: State = State.REAPED) -> None:
        """End it, whatever it does; does nothing when it has ended."""
        with self._lock:
            if self._state.ended:
                return
            check_change(self._state, state)
            self._state = state
        self._stop()
        self._log.flush()
        remove_tree(self._scratch)

    # Init

    def _begin(self) -> None:
        self._scratch.mkdir(parents=True)
        self._log.line(log.init_start(*_runtime_version(self.spec)))
        for unpacked in filter(None, (self._code, self._layers)):
            for note in unpacked.notes:
                self._log.line(note)
        begun = time.monotonic()
        limit = _PROVISIONED_INIT_SECONDS if self.provisioned else self._host.init_seconds
        if self._start("init", limit) is None:
            self._init_ms = (time.monotonic() - begun) * 1000

    def _start(self, phase: str, seconds: float) -> Answer | None:
        """Start the process; None once it is ready, otherwise what happened instead."""
        begun, at = time.monotonic(), time.time()
        with self._lock:
            if self._state.ended:
                return Answer(Kind.EXITED, exit_code=-signal.SIGKILL)
            process = self._process = self._new_process()
            cpu = self._host.cpu
            self._group = cpu.group(process.pid, self.spec.memory_mb) if cpu else None
        # an init on demand has a burst of CPU on AWS, one ahead of requests has not
        with self._held(self._group if self.provisioned else None):
            answer = process.wait(begun + seconds - time.monotonic(), self._log.flush)
        init_ms = (time.monotonic() - begun) * 1000
        self._phases.append(Phase("init", at, init_ms, answer.kind is not Kind.READY))
        if answer.kind is Kind.READY:
            return None
        self._max_memory_mb = process.peak_mb
        process.end()
        self._process = None
        status = "timeout" if answer.kind is Kind.TIMED_OUT else "error"
        self._log.line(log.init_report(init_ms, phase, status, init_error_type(answer)))
        return answer

    def _new_process(self) -> RuntimeProcess:
        return RuntimeProcess(
            (*self._host.runtime.argv, self.spec.handler),
            environment=self._variables,
            cwd=self._code.root,
            memory_mb=self.spec.memory_mb,
            guard=self._host.guard,
            on_output=self._log.output,
            on_exit=self._process_ended,
            name=self.id[:8],
        )

    def _variables(self, runtime_api: str, log_descriptor: int) -> dict[str, str]:
        return variables(
            self.spec,
            endpoint=self._host.endpoint,
            runtime_api=runtime_api,
            task_root=self._code.root,
            layers_root=self._layers.root if self._layers else None,
            initialization="provisioned-concurrency" if self.provisioned else "on-demand",
            runtime_dir=self._host.runtime.folder,
            scratch=self._scratch,
            log_group=self._log.group,
            log_stream=self._log.stream,
            log_descriptor=log_descriptor,
            environment_id=self.id,
        )

    def _held(self, group: Group | None) -> contextlib.AbstractContextManager[None]:
        """While it is under way, its processes get the CPU share of their memory."""
        return self._host.cpu.holding(group) if self._host.cpu else contextlib.nullcontext()

    # A request

    def _ask(self, process: RuntimeProcess, request: Request, until: float) -> Answer:
        left = until - time.monotonic()
        invocation = Invocation(
            request_id=request.request_id,
            payload=request.payload or b"{}",
            deadline_ms=int((time.time() + left) * 1000),
            function_arn=self.spec.arn,
            trace_header=request.trace_header,
            client_context=request.client_context,
        )
        process.offer(invocation, left)
        answer = process.wait(until - time.monotonic(), self._log.flush)
        self._max_memory_mb = process.peak_mb
        if answer.kind is Kind.TOO_LARGE:
            process.wait(_LAST_WORDS_SECONDS, self._log.flush)
        return answer

    def _conclude(
        self, request: Request, answer: Answer, duration_ms: float, *, cold: bool
    ) -> Outcome:
        lost = None
        if answer.kind not in (Kind.RESPONDED, Kind.FAILED):
            lost = failure(answer, request.request_id, self.spec.timeout_seconds)
            self._stop()
            for line in lost.lines:
                self._log.line(line)
        if answer.kind is Kind.TIMED_OUT:
            duration_ms = self.spec.timeout_seconds * 1000.0
        outcome = self._report(request, answer, lost, duration_ms, cold=cold)
        self._served += 1
        self._log.flush()
        if lost is None:
            self._change(State.IDLE)
        else:
            self.close(lost.state)
        return outcome

    def _report(
        self,
        request: Request,
        answer: Answer,
        lost: Failure | None,
        duration_ms: float,
        *,
        cold: bool,
    ) -> Outcome:
        init_ms = self._init_ms if cold else None
        # AWS reports an init that nobody waited for as well, but bills it by other means
        shown_init_ms = self._init_ms if cold or self._served == 0 else None
        billed_ms = math.ceil(duration_ms + (init_ms or 0.0))
        max_memory_mb = min(self._max_memory_mb, self.spec.memory_mb)
        self._log.line(log.end(request.request_id))
        self._log.line(
            log.report(
                request.request_id,
                duration_ms=duration_ms,
                billed_ms=billed_ms,
                memory_mb=self.spec.memory_mb,
                max_memory_mb=max_memory_mb,
                init_ms=shown_init_ms,
                status=lost.status if lost else None,
                error_type=lost.error_type if lost else None,
            )
        )
        return Outcome(
            request_id=request.request_id,
            payload=lost.payload if lost else answer.body,
            function_error=None if answer.kind is Kind.RESPONDED else "Unhandled",
            log_tail=self._log.tail(),
            duration_ms=duration_ms,
            billed_ms=billed_ms,
            init_ms=init_ms,
            max_memory_mb=max_memory_mb,
            environment_id=self.id,
            cold=cold,
            executed_version=self.spec.version,
            phases=tuple(self._phases),
        )

    # Its end

    def _change(self, state: State) -> None:
        with self._lock:
            if self._state is State.REAPED:
                return  # the cloud ended meanwhile; the request still gets its answer
            check_change(self._state, state)
            self._state = state

    def _process_ended(self) -> None:
        if self._state is State.IDLE:
            self._on_exit(self)

    def _stop(self) -> None:
        process = self._process  # which another thread may take away, at the end of an init
        if process is not None:
            process.end()


def _runtime_version(spec: FunctionSpec) -> tuple[str, str]:
    """The interpreter that runs it, in the form in which AWS names versions of its runtimes."""
    major, minor, micro = sys.version_info[:3]
    identity = hashlib.sha256(sys.version.encode()).hexdigest()
    return (
        f"python:{major}.{minor}.v{micro}",
        f"arn:aws:lambda:{spec.region}::runtime:{identity}",
    )
