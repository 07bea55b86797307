"""Which environment answers which request: warm reuse, growth, limits, retirement, reaping.

Imitates https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html. One environment
takes one request at a time; the most recently used warm one is taken first, so that the others
grow idle and are reaped; a request that finds none makes one. A changed function gets a new
pool; the old one takes no more requests, and its environments end with those they have.

This is bookkeeping alone: it starts and ends nothing. The caller holds one lock around every
call, and ends, without that lock, the environments that a call hands out for it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from workbook.cloud.functions.spec import FunctionSpec, Throttled


class Environment(Protocol):
    """What scaling asks of an environment."""

    idle_since: float

    @property
    def spec(self) -> FunctionSpec:
        """The configuration it was made for."""

    def lost(self) -> bool:
        """Whether its process has ended unnoticed."""


E = TypeVar("E", bound=Environment)


@dataclass(eq=False)
class Pool(Generic[E]):
    """The environments of one deployed configuration; idle ones last used last."""

    spec: FunctionSpec
    idle: list[E] = field(default_factory=list)
    busy: set[E] = field(default_factory=set)
    retired: bool = False


class Scaling(Generic[E]):
    """The pools of all functions.

    Args:
        account_limit: how many requests may be under way at once in all functions together.
    """

    def __init__(self, account_limit: int) -> None:
        self._account_limit = account_limit
        self._pools: dict[str, Pool[E]] = {}
        self._retired: set[Pool[E]] = set()

    def deploy(self, spec: FunctionSpec) -> Pool[E] | None:
        """Give a function a new pool, and return the one that it replaces, retired.

        When the environments there are can serve the new configuration too, they stay, and
        their own pool is returned.
        """
        old = self._pools.get(spec.arn)
        if old is not None and same_environment(old.spec, spec):
            old.spec = spec
            return old
        self._pools[spec.arn] = Pool(spec)
        return self._retire(old)

    def remove(self, arn: str) -> Pool[E] | None:
        """Forget a function, and return its pool, retired; None when it is unknown."""
        return self._retire(self._pools.pop(arn, None))

    def remove_all(self) -> list[Pool[E]]:
        """Forget every function, and return all pools, also those retired before."""
        for arn in list(self._pools):
            self.remove(arn)
        return list(self._retired)

    def take(self, arn: str) -> tuple[Pool[E], E | None, list[E]]:
        """The pool that a request belongs to, a warm environment of it, and dead ones met.

        When there is no warm one, the caller makes one, and adds it to `busy` itself.

        Raises:
            KeyError: the function is unknown.
            Throttled: no concurrency is left.
        """
        pool = self._pools[arn]
        self._check_limits(pool.spec)
        lost: list[E] = []
        while pool.idle:
            environment = pool.idle.pop()
            if not environment.lost():
                return pool, environment, lost
            lost.append(environment)
        return pool, None, lost

    def give_back(self, pool: Pool[E], environment: E, now: float) -> None:
        """Keep an environment warm that has answered, in a pool that is not retired."""
        environment.idle_since = now
        pool.idle.append(environment)

    def drop_idle(self, environment: E) -> bool:
        """Take an environment out of the warm ones; whether it was among them."""
        pool = self._pools.get(environment.spec.arn)
        if pool is None or environment not in pool.idle:
            return False
        pool.idle.remove(environment)
        return True

    def take_idle_since(self, moment: float) -> list[E]:
        """Take out the environments that have been idle since then, or for longer."""
        taken = []
        for pool in self._pools.values():
            taken += [one for one in pool.idle if one.idle_since <= moment]
            pool.idle = [one for one in pool.idle if one.idle_since > moment]
        return taken

    def longest_idle_since(self) -> float | None:
        """Since when the environment that is next to be reaped has been idle."""
        firsts = (pool.idle[0].idle_since for pool in self._pools.values() if pool.idle)
        return min(firsts, default=None)

    def forget_if_done(self, pool: Pool[E]) -> bool:
        """Whether a retired pool has just answered its last request; told once."""
        if pool not in self._retired or pool.busy:
            return False
        self._retired.discard(pool)
        return True

    def __iter__(self) -> Iterator[E]:
        for pool in self._all():
            yield from pool.idle
            yield from pool.busy

    def _all(self) -> list[Pool[E]]:
        return [*self._pools.values(), *self._retired]

    def _retire(self, pool: Pool[E] | None) -> Pool[E] | None:
        if pool is not None:
            pool.retired = True
            self._retired.add(pool)
        return pool

    def _check_limits(self, spec: FunctionSpec) -> None:
        reserved = {
            pool.spec.name: pool.spec.reserved_concurrency
            for pool in self._pools.values()
            if pool.spec.reserved_concurrency is not None
        }
        if spec.name in reserved:
            busy = sum(len(pool.busy) for pool in self._all() if pool.spec.name == spec.name)
            if busy >= reserved[spec.name]:
                raise Throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
            return
        busy = sum(len(pool.busy) for pool in self._all() if pool.spec.name not in reserved)
        if busy >= self._account_limit - sum(reserved.values()):
            raise Throttled("ConcurrentInvocationLimitExceeded")


def same_environment(one: FunctionSpec, other: FunctionSpec) -> bool:
    """Whether an environment of one can serve the other: all but concurrency is equal."""
    return one == dataclasses.replace(
        other, reserved_concurrency=one.reserved_concurrency, zip_path=one.zip_path
    )
