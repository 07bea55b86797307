"""Which environment answers which request: warm reuse, growth, limits, retirement.

Imitates https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html. One environment
takes one request at a time; the most recently used warm one is taken first, so that the others
grow idle and are reaped; a request that finds none makes one. A changed function gets a new
pool; the old one takes no more requests, and its environments end with those they have.
"""

from __future__ import annotations

import dataclasses
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from workbook.cloud.functions import runtime
from workbook.cloud.functions.environment import ExecutionEnvironment, Host, Request
from workbook.cloud.functions.guard import Guard, remove_tree
from workbook.cloud.functions.log import WriteLog
from workbook.cloud.functions.package import Code, CodeStore
from workbook.cloud.functions.spec import (
    FunctionSpec,
    Outcome,
    RequestTooLarge,
    Throttled,
    UnsupportedRuntime,
)
from workbook.cloud.functions.state import State

MAX_REQUEST_BYTES = 6 * 1024 * 1024
_REMEMBERED_INVOCATIONS = 1_000
_REMEMBERED_ENVIRONMENTS = 100


class Pool:
    """The environments of one deployed configuration; its fields are the lock holder's."""

    def __init__(self, spec: FunctionSpec, code: Code) -> None:
        self.spec = spec
        self.code = code
        self.idle: list[ExecutionEnvironment] = []
        self.busy: set[ExecutionEnvironment] = set()
        self.retired = False


class Functions:
    """All deployed functions and their environments.

    Args:
        scratch: a folder in which it makes one of its own, removed at the end.
        endpoint: where functions find AWS (AWS_ENDPOINT_URL).
        write_log: given group, stream and [(milliseconds, message)], keeps log events.
        account_limit: how many requests may be under way at once.
        idle_seconds: how long an environment stays warm.
        clock: seconds, for idling alone; what functions measure is real time.
        init_seconds: AWS's limit on the init phase.
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
        prepare: Callable[[Path], runtime.Runtime] = runtime.prepare,
    ) -> None:
        self._scratch = scratch / f"functions-{uuid.uuid4().hex[:8]}"
        self._scratch.mkdir(parents=True)
        self._account_limit = account_limit
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._guard = Guard(self._scratch)
        chosen = prepare(self._scratch)
        self._host = Host(
            argv=chosen.argv,
            runtime_dir=chosen.folder,
            endpoint=endpoint,
            write_log=write_log,
            guard=self._guard,
            init_seconds=init_seconds,
        )
        self._codes = CodeStore(self._scratch / "code")
        self._changed = threading.Condition()
        self._pools: dict[str, Pool] = {}
        self._retired: set[Pool] = set()
        self._under_way = 0
        self._closed = False
        self._reaper_sleeps = False
        self._invocations: deque[dict[str, Any]] = deque(maxlen=_REMEMBERED_INVOCATIONS)
        self._ended: deque[dict[str, Any]] = deque(maxlen=_REMEMBERED_ENVIRONMENTS)
        self._reaper = threading.Thread(target=self._reap_for_ever, name="reaper", daemon=True)
        self._reaper.start()

    def deploy(self, spec: FunctionSpec) -> None:
        """Make a function known, or change it.

        Environments of an older configuration finish the request they have, then end. A change
        of reserved concurrency alone costs none of them.

        Raises:
            InvalidPackage, StorageFull: see CodeStore.hold; the older one then stays.
            UnsupportedRuntime: it is not Python.
        """
        if not spec.runtime.startswith("python"):
            raise UnsupportedRuntime(f"Lambda runtime {spec.runtime}")
        code = self._codes.hold(spec.code_sha256, spec.zip_path)
        with self._changed:
            old = self._pools.get(spec.arn)
            if old is not None and _same_environment(old.spec, spec):
                old.spec = spec
                self._codes.release(spec.code_sha256)
                return
            self._pools[spec.arn] = Pool(spec, code)
            idle = self._retire(old)
        self._end(idle, old)

    def remove(self, arn: str) -> None:
        """Forget a function; what is unknown is forgotten already."""
        with self._changed:
            old = self._pools.pop(arn, None)
            idle = self._retire(old)
        self._end(idle, old)

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
            live = [
                environment
                for pool in (*self._pools.values(), *self._retired)
                for environment in (*pool.idle, *pool.busy)
            ]
            ended = list(self._ended)
        described = ended + [environment.describe() for environment in live]
        return sorted(described, key=lambda environment: environment["number"])

    def invocations(self) -> list[dict[str, Any]]:
        """The last requests that were answered, newest last."""
        return list(self._invocations)

    def busy(self) -> int:
        """How many requests are under way."""
        return self._under_way

    def reap(self) -> None:
        """End the environments that have been idle too long."""
        with self._changed:
            oldest = self._clock() - self._idle_seconds
            reaped = []
            for pool in self._pools.values():
                reaped += [one for one in pool.idle if one.idle_since <= oldest]
                pool.idle = [one for one in pool.idle if one.idle_since > oldest]
        self._end(reaped, None)

    def close(self) -> None:
        """End every environment, and remove what is left on disk."""
        with self._changed:
            self._closed = True
            pools = [*self._pools.values(), *self._retired]
            self._pools.clear()
            self._changed.notify_all()
        for pool in pools:
            self._end([*pool.idle, *pool.busy], None)
        self._reaper.join()
        self._guard.close()
        remove_tree(self._scratch)

    def __enter__(self) -> Functions:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    # Taking and giving back

    def _take(self, arn: str) -> tuple[Pool, ExecutionEnvironment]:
        lost = []
        with self._changed:
            pool = self._pools[arn]
            self._check_limits(pool.spec)
            while pool.idle and pool.idle[-1].lost():
                lost.append(pool.idle.pop())
            environment = pool.idle.pop() if pool.idle else self._new(pool)
            pool.busy.add(environment)
            self._under_way += 1
        self._end(lost, None, State.CRASHED)
        return pool, environment

    def _new(self, pool: Pool) -> ExecutionEnvironment:
        return ExecutionEnvironment(
            pool.spec,
            pool.code,
            self._host,
            scratch=self._scratch / "tmp",
            on_exit=self._exited,
        )

    def _give_back(self, pool: Pool, environment: ExecutionEnvironment) -> None:
        with self._changed:
            self._under_way -= 1
            pool.busy.discard(environment)
            kept = not (environment.state.ended or pool.retired or self._closed)
            if kept:
                environment.idle_since = self._clock()
                pool.idle.append(environment)
                if self._reaper_sleeps:
                    self._changed.notify_all()
        if not kept:
            self._end([environment], pool)

    def _check_limits(self, spec: FunctionSpec) -> None:
        """Refuse a request beyond the function's reserved concurrency or the account's rest."""
        pools = (*self._pools.values(), *self._retired)
        reserved = {
            pool.spec.name: pool.spec.reserved_concurrency
            for pool in self._pools.values()
            if pool.spec.reserved_concurrency is not None
        }
        if spec.name in reserved:
            under_way = sum(len(pool.busy) for pool in pools if pool.spec.name == spec.name)
            if under_way >= reserved[spec.name]:
                raise Throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
            return
        under_way = sum(len(pool.busy) for pool in pools if pool.spec.name not in reserved)
        if under_way >= self._account_limit - sum(reserved.values()):
            raise Throttled("ConcurrentInvocationLimitExceeded")

    # Ending

    def _retire(self, pool: Pool | None) -> Sequence[ExecutionEnvironment]:
        if pool is None:
            return ()
        pool.retired = True
        idle, pool.idle = pool.idle, []
        self._retired.add(pool)
        return idle

    def _exited(self, environment: ExecutionEnvironment) -> None:
        """The process of an idle environment has ended."""
        with self._changed:
            pool = self._pools.get(environment.spec.arn)
            if pool is None or environment not in pool.idle:
                return
            pool.idle.remove(environment)
        self._end([environment], None, State.CRASHED)

    def _end(
        self,
        environments: Sequence[ExecutionEnvironment],
        pool: Pool | None,
        state: State = State.REAPED,
    ) -> None:
        for environment in environments:
            environment.close(state)
            self._ended.append(environment.describe())
        with self._changed:
            done = pool in self._retired and pool is not None and not pool.busy
            if done and pool is not None:
                self._retired.discard(pool)
        if done and pool is not None:
            self._codes.release(pool.spec.code_sha256)

    def _reap_for_ever(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                idle = [one.idle_since for pool in self._pools.values() for one in pool.idle]
                self._reaper_sleeps = not idle
                due = min(idle) + self._idle_seconds - self._clock() if idle else None
                self._changed.wait(due)
                self._reaper_sleeps = False
            self.reap()


def _same_environment(one: FunctionSpec, other: FunctionSpec) -> bool:
    """Whether an environment of one can serve the other."""
    return one == dataclasses.replace(
        other, reserved_concurrency=one.reserved_concurrency, zip_path=one.zip_path
    )


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
