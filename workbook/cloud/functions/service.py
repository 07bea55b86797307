"""Functions: what the rest of the cloud calls to deploy and to invoke.

It composes the parts: package.py unpacks, scaling.py chooses, environment.py runs. It holds the
one lock around scaling's bookkeeping, and runs and ends environments outside of it.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

from workbook.cloud.functions import runtime
from workbook.cloud.functions.cpu_share import CpuShares
from workbook.cloud.functions.environment import ExecutionEnvironment, Host, Request
from workbook.cloud.functions.guard import Guard
from workbook.cloud.functions.keeper import remove_tree
from workbook.cloud.functions.log import WriteLog
from workbook.cloud.functions.package import CodeStore
from workbook.cloud.functions.scaling import Pool, Scaling
from workbook.cloud.functions.spec import (
    FunctionSpec,
    Outcome,
    Provisioned,
    RequestTooLarge,
)
from workbook.cloud.functions.state import State
from workbook.cloud.missing import Missing, NotEmulated

_LOG = logging.getLogger(__name__)
MAX_REQUEST_BYTES = 6 * 1024 * 1024
_REMEMBERED_INVOCATIONS = 1_000
_REMEMBERED_ENVIRONMENTS = 100


class Functions:
    """All deployed functions and their environments; also a context manager that closes.

    Args:
        scratch: a folder in which it makes one of its own, removed at the end.
        endpoint: where functions find AWS (AWS_ENDPOINT_URL).
        write_log: given group, stream and [(milliseconds, message)], keeps log events.
        account_limit: how many requests may be under way at once.
        idle_seconds: how long an environment stays warm.
        clock: seconds, for idling alone; what functions measure is real time.
        init_seconds: AWS's limit on the init phase.
        cpu_by_memory: whether functions get the CPU share that their memory buys, and no more.
        prepare: makes the runtime ready; the conformance tests put AWS's own in.
    """

    def __init__(
        self,
        *,
        scratch: Path,
        endpoint: str,
        write_log: WriteLog,
        account_limit: int,
        idle_seconds: float,
        clock: Callable[[], float],
        init_seconds: float = 10.0,
        cpu_by_memory: bool = False,
        prepare: Callable[[Path], runtime.Runtime] = runtime.prepare,
    ) -> None:
        self._scratch = scratch / f"functions-{uuid.uuid4().hex[:8]}"
        self._scratch.mkdir(parents=True)
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._guard = Guard(self._scratch)
        self._cpu = CpuShares() if cpu_by_memory else None
        self._host = Host(
            runtime=prepare(self._scratch),
            endpoint=endpoint,
            write_log=write_log,
            guard=self._guard,
            init_seconds=init_seconds,
            cpu=self._cpu,
        )
        self._codes = CodeStore(self._scratch / "code")
        self._changed = threading.Condition()
        self._scaling: Scaling[ExecutionEnvironment] = Scaling(account_limit)
        self._under_way = 0
        self._closed = False
        self._reaper_has_nothing = False
        self._invocations: deque[dict[str, Any]] = deque(maxlen=_REMEMBERED_INVOCATIONS)
        self._ended: deque[dict[str, Any]] = deque(maxlen=_REMEMBERED_ENVIRONMENTS)
        self._provisioner: threading.Thread | None = None  # begins when it is first needed
        self._reaper = threading.Thread(target=self._reap_for_ever, name="reaper", daemon=True)
        self._reaper.start()

    def deploy(self, spec: FunctionSpec) -> None:
        """Make a function known, or change it.

        Environments of an older configuration finish the request they have, then end. A change
        of reserved concurrency alone costs none of them.

        Raises:
            InvalidPackage, StorageFull: see CodeStore.hold; what was deployed before stays.
            NotEmulated: it is not Python.
        """
        if not spec.runtime.startswith("python"):
            raise NotEmulated(Missing.RUNTIMES, spec.runtime)
        self._hold(spec)
        with self._changed:
            old = self._scaling.deploy(spec)
            kept = old is not None and not old.retired
            self._provision_what_lacks()
        if kept:
            self._release(spec)  # it holds this code already
        else:
            self._end_retired(old)

    def remove(self, arn: str) -> None:
        """Forget a function; one that is unknown is forgotten already."""
        with self._changed:
            old = self._scaling.remove(arn)
            self._changed.notify_all()
        self._end_retired(old)

    def provision(self, arn: str, count: int) -> None:
        """Keep so many environments of a function initialized; they are made one by one.

        Raises:
            KeyError: no such function.
        """
        with self._changed:
            released = self._scaling.provision(arn, count)
            self._provision_what_lacks()
        self._end(released)

    def provisioned(self, arn: str) -> Provisioned:
        """How far that is.

        Raises:
            KeyError: no such function.
        """
        with self._changed:
            pool = self._scaling.pool(arn)
            return Provisioned(pool.provisioned, pool.initialized(), failed=pool.failed)

    def wait_until_provisioned(self, timeout: float) -> bool:
        """Whether all that is to be initialized now is, or has failed, within so many seconds."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not (self._next_to_provision() or self._scaling.starting()), timeout
            )

    def invoke(
        self,
        arn: str,
        payload: bytes,
        *,
        request_id: str | None = None,
        trace_header: str | None = None,
        client_context: str | None = None,
    ) -> Outcome:
        """Have a function answer a request; blocks until it has.

        Args:
            client_context: as JSON.

        Raises:
            KeyError: no such function.
            Throttled: its reserved concurrency, or the account's, is used up.
            RequestTooLarge: the payload is beyond 6 MB.
        """
        if len(payload) > MAX_REQUEST_BYTES:
            raise RequestTooLarge(
                f"Request must be smaller than {MAX_REQUEST_BYTES} bytes"
                " for the InvokeFunction operation"
            )
        request = Request(request_id or str(uuid.uuid4()), payload, trace_header, client_context)
        began = time.time()
        pool, environment = self._take(arn)
        try:
            outcome = environment.invoke(request)
        except BaseException:  # ours, not the function's: nothing is known of its state
            environment.close(State.CRASHED)
            raise
        finally:
            self._give_back(pool, environment)
        self._invocations.append(_record(pool.spec, outcome, began, trace_header))
        return outcome

    def environments(self) -> list[dict[str, Any]]:
        """The environments that live, and the last that ended, newest last."""
        with self._changed:
            known = list(self._ended) + [one.describe() for one in self._scaling]
        by_number = {one["number"]: one for one in known}
        return [by_number[number] for number in sorted(by_number)]

    def invocations(self) -> list[dict[str, Any]]:
        """The last requests that were answered, newest last."""
        return list(self._invocations)

    def busy(self) -> int:
        """How many requests are under way."""
        return self._under_way

    def reap(self) -> None:
        """End the environments that have been idle too long; make those whose pause is over."""
        with self._changed:
            reaped = self._scaling.take_idle_since(self._clock() - self._idle_seconds)
            self._provision_what_lacks()
        self._end(reaped)

    def close(self) -> None:
        """End every environment, and remove what is left on disk."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            environments = [one for pool in self._scaling.remove_all() for one in pool]
            provisioner = self._provisioner
        self._end(environments)
        self._reaper.join()
        if provisioner is not None:
            provisioner.join()
        if self._cpu is not None:
            self._cpu.close()
        self._guard.close()
        remove_tree(self._scratch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _take(self, arn: str) -> tuple[Pool[ExecutionEnvironment], ExecutionEnvironment]:
        with self._changed:
            pool, environment, lost = self._scaling.take(arn)
            if environment is None:
                environment = self._new(pool)
            pool.busy.add(environment)
            if lost:
                self._note_unused(lost)
                self._provision_what_lacks()
            self._under_way += 1
        self._end(lost, State.CRASHED)
        return pool, environment

    def _new(
        self, pool: Pool[ExecutionEnvironment], *, provisioned: bool = False
    ) -> ExecutionEnvironment:
        return ExecutionEnvironment(
            pool.spec,
            self._codes.code(pool.spec.code_sha256),
            self._codes.code(_layers_key(pool.spec)) if pool.spec.layers else None,
            self._host,
            scratch=self._scratch / "tmp",
            on_exit=self._exited,
            provisioned=provisioned,
        )

    def _give_back(
        self, pool: Pool[ExecutionEnvironment], environment: ExecutionEnvironment
    ) -> None:
        with self._changed:
            self._under_way -= 1
            pool.busy.discard(environment)
            kept = not environment.state.ended and self._scaling.give_back(
                pool, environment, self._clock()
            )
            if kept and self._reaper_has_nothing:
                self._changed.notify_all()
            if environment.provisioned:
                pool.unused = 0
                if not kept:
                    self._provision_what_lacks()
        if not kept:
            self._end([environment])
            self._release_code(pool)

    def _exited(self, environment: ExecutionEnvironment) -> None:
        """The process of an environment has ended, and nobody ended it."""
        with self._changed:
            was_idle = self._scaling.drop_idle(environment)
            if was_idle:
                self._note_unused([environment])
            self._provision_what_lacks()
        if was_idle:
            self._end([environment], State.CRASHED)

    def _end_retired(self, pool: Pool[ExecutionEnvironment] | None) -> None:
        if pool is not None:
            warm, pool.idle, pool.ready = pool.idle + pool.ready, [], []
            self._end([*warm, *list(pool.starting)])  # an init may take a quarter of an hour
            self._release_code(pool)

    def _release_code(self, pool: Pool[ExecutionEnvironment]) -> None:
        with self._changed:
            done = self._scaling.forget_if_done(pool)
        if done:
            self._release(pool.spec)

    def _hold(self, spec: FunctionSpec) -> None:
        self._codes.hold(spec.code_sha256, spec.zip_path)
        if spec.layers:
            try:
                self._codes.hold(_layers_key(spec), *(layer.zip_path for layer in spec.layers))
            except BaseException:
                self._codes.release(spec.code_sha256)
                raise

    def _release(self, spec: FunctionSpec) -> None:
        self._codes.release(spec.code_sha256)
        if spec.layers:
            self._codes.release(_layers_key(spec))

    def _end(
        self, environments: Iterable[ExecutionEnvironment], state: State = State.REAPED
    ) -> None:
        for environment in environments:
            environment.close(state)
            self._ended.append(environment.describe())

    # Provisioned concurrency

    def _provision_what_lacks(self) -> None:
        """See that somebody does, at once or after a pause; with the lock held."""
        if self._closed or self._scaling.next_pause_ends() is None:
            return
        if self._provisioner is None:
            self._provisioner = threading.Thread(
                target=self._provision_for_ever, name="provisioner", daemon=True
            )
            self._provisioner.start()
        self._changed.notify_all()

    def _next_to_provision(self) -> Pool[ExecutionEnvironment] | None:
        return self._scaling.next_to_provision(self._clock())

    def _note_unused(self, ended: Iterable[ExecutionEnvironment]) -> None:
        """Of environments that ended by themselves, see those that might do so for ever."""
        for environment in ended:
            if environment.provisioned and not environment.served:
                self._scaling.ended_unused(environment.spec.arn, self._clock())

    def _provision_for_ever(self) -> None:
        while True:
            with self._changed:
                while (pool := self._next_to_provision()) is None and not self._closed:
                    ends = self._scaling.next_pause_ends()
                    self._changed.wait(None if ends is None else ends - self._clock())
                if pool is None or self._closed:
                    return
                environment = self._new(pool, provisioned=True)
                pool.starting.add(environment)
            try:
                ready = environment.prepare()
            except Exception:  # noqa: BLE001 - whatever hinders it, the cloud goes on without
                _LOG.exception("an environment of %s could not be provisioned", pool.spec.arn)
                environment.close(State.CRASHED)
                ready = False
            self._take_in(pool, environment, ready=ready)

    def _take_in(
        self, pool: Pool[ExecutionEnvironment], environment: ExecutionEnvironment, *, ready: bool
    ) -> None:
        with self._changed:
            pool.starting.discard(environment)
            ended_by_us = environment.state is State.REAPED
            pool.failed = pool.failed or not (ready or ended_by_us)
            gone = ready and environment.lost()
            if gone:
                self._note_unused([environment])
            elif ready and self._scaling.give_back(pool, environment, self._clock()):
                self._changed.notify_all()
                return
            pool.starting.add(environment)  # until it has ended
        self._end([environment], State.CRASHED if gone else State.REAPED)
        with self._changed:
            pool.starting.discard(environment)
            self._release_code(pool)
            self._changed.notify_all()

    def _reap_for_ever(self) -> None:
        while not self._closed:
            with self._changed:
                since = self._scaling.longest_idle_since()
                self._reaper_has_nothing = since is None
                due = None if since is None else since + self._idle_seconds - self._clock()
                if not self._closed:
                    self._changed.wait(due)
            self.reap()


def _layers_key(spec: FunctionSpec) -> str:
    """What names a function's layers together, in their order."""
    return "layers of " + " ".join(layer.sha256 for layer in spec.layers)


def _record(
    spec: FunctionSpec, outcome: Outcome, began: float, trace_header: str | None
) -> dict[str, Any]:
    return {
        "request_id": outcome.request_id,
        "function": spec.name,
        "arn": spec.arn,
        "version": outcome.executed_version,
        "environment_id": outcome.environment_id,
        "cold": outcome.cold,
        "began": began,
        "duration_ms": outcome.duration_ms,
        "billed_ms": outcome.billed_ms,
        "init_ms": outcome.init_ms,
        "max_memory_mb": outcome.max_memory_mb,
        "function_error": outcome.function_error,
        "trace": trace_header,
    }
