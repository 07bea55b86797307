"""Which environment answers which request: warm reuse, growth, limits, retirement, reaping.

Imitates https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html. One environment
takes one request at a time; the most recently used warm one is taken first, so that the others
grow idle and are reaped; a request that finds none makes one. A changed function gets a new
pool; the old one takes no more requests, and its environments end with those they have.

Provisioned concurrency (its page: provisioned-concurrency.html) keeps so many environments ready:
they are taken first and never reaped. What comes beyond them is on demand. They are set apart from
the function's reserved concurrency, or from what the account's functions share. One that ends is
replaced at once; when they end again and again before their first request, after longer and longer
pauses (how long, AWS does not tell).

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
    provisioned: bool

    @property
    def spec(self) -> FunctionSpec:
        """The configuration it was made for."""

    def lost(self) -> bool:
        """Whether its process has ended unnoticed."""


E = TypeVar("E", bound=Environment)
FIRST_PAUSE_SECONDS = 1.0  # doubled each time
LONGEST_PAUSE_SECONDS = 60.0


@dataclass(eq=False)
class Pool(Generic[E]):
    """The environments of one deployed configuration; idle and ready ones last used last.

    Attributes:
        provisioned: how many environments are to be ready; starting and ready ones are of these.
        failed: whether one of them could not be made ready, after which no other is tried.
        unused: how many were ready and ended before a request, one after the other.
        paused_until: when the next of them may be made, on the caller's clock.
    """

    spec: FunctionSpec
    idle: list[E] = field(default_factory=list)
    busy: set[E] = field(default_factory=set)
    retired: bool = False
    provisioned: int = 0
    starting: set[E] = field(default_factory=set)
    ready: list[E] = field(default_factory=list)
    failed: bool = False
    unused: int = 0
    paused_until: float = 0.0

    def initialized(self) -> int:
        """How many provisioned environments are ready, or were and have a request now."""
        return len(self.ready) + sum(one.provisioned for one in self.busy)

    def on_demand(self) -> int:
        """How many requests are under way that provisioned environments did not take."""
        if not self.provisioned:  # most are, and this is asked for with every request
            return len(self.busy)
        return sum(not one.provisioned for one in self.busy)

    def lacks(self) -> bool:
        """Whether another provisioned environment is to be made."""
        have = self.initialized() + len(self.starting)
        return not (self.retired or self.failed) and have < self.provisioned

    def __iter__(self) -> Iterator[E]:
        for environments in (self.idle, self.busy, self.ready, self.starting):
            yield from environments


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
        self._pools[spec.arn] = Pool(spec, provisioned=old.provisioned if old else 0)
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
        lost: list[E] = []
        environment = _living(pool.ready, lost)
        if environment is None:
            try:
                self._check_limits(pool.spec)
            except Throttled:
                pool.ready += lost  # whoever sees them end takes them out
                raise
            environment = _living(pool.idle, lost)
        return pool, environment, lost

    def give_back(self, pool: Pool[E], environment: E, now: float) -> bool:
        """Keep an environment warm that has answered; whether there is a place for it."""
        if pool.retired:
            return False
        environment.idle_since = now
        if not environment.provisioned:
            pool.idle.append(environment)
        elif pool.initialized() + len(pool.starting) < pool.provisioned:
            pool.ready.append(environment)
        else:
            return False
        return True

    def provision(self, arn: str, count: int) -> list[E]:
        """Have so many environments of a function ready from now on; those now too many.

        Of these, the ones that are still starting come first; whoever starts them takes them out.

        Raises:
            KeyError: the function is unknown.
        """
        pool = self._pools[arn]
        pool.provisioned, pool.failed, pool.unused, pool.paused_until = count, False, 0, 0.0
        surplus = max(pool.initialized() + len(pool.starting) - count, 0)
        unfinished = list(pool.starting)[:surplus]
        surplus -= len(unfinished)
        released, pool.ready = pool.ready[:surplus], pool.ready[surplus:]
        return unfinished + released

    def ended_unused(self, arn: str, now: float) -> None:
        """A provisioned environment was ready, and ended before it got a request."""
        pool = self._pools.get(arn)
        if pool is not None:
            pool.unused += 1
            if pool.unused > 1:
                pause = FIRST_PAUSE_SECONDS * 2.0 ** (pool.unused - 2)
                pool.paused_until = now + min(pause, LONGEST_PAUSE_SECONDS)

    def next_to_provision(self, now: float) -> Pool[E] | None:
        """A pool that lacks a provisioned environment, and is not in a pause."""
        lacking = (pool for pool in self._pools.values() if pool.lacks())
        return next((pool for pool in lacking if pool.paused_until <= now), None)

    def next_pause_ends(self) -> float | None:
        """When one may be made again that is lacking."""
        return min((p.paused_until for p in self._pools.values() if p.lacks()), default=None)

    def starting(self) -> bool:
        """Whether a provisioned environment is being made ready."""
        return any(pool.starting for pool in self._all())

    def pool(self, arn: str) -> Pool[E]:
        """The pool of a function.

        Raises:
            KeyError: it is unknown.
        """
        return self._pools[arn]

    def drop_idle(self, environment: E) -> bool:
        """Take an environment out of the warm ones; whether it was among them."""
        pool = self._pools.get(environment.spec.arn)
        if pool is not None:
            for warm in (pool.idle, pool.ready):
                if environment in warm:
                    warm.remove(environment)
                    return True
        return False

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
        if pool not in self._retired or pool.busy or pool.starting:
            return False
        self._retired.discard(pool)
        return True

    def __iter__(self) -> Iterator[E]:
        for pool in self._all():
            yield from pool

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
            mine = [pool for pool in self._all() if pool.spec.name == spec.name]
            if _on_demand(mine) >= reserved[spec.name] - _provisioned(mine):
                raise Throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
            return
        sharing = [pool for pool in self._all() if pool.spec.name not in reserved]
        shared = self._account_limit - sum(reserved.values()) - _provisioned(sharing)
        if _on_demand(sharing) >= shared:
            raise Throttled("ConcurrentInvocationLimitExceeded")


def _living(warm: list[E], lost: list[E]) -> E | None:
    """The last warm environment that lives, taken out; those met that do not are lost."""
    while warm:
        environment = warm.pop()
        if not environment.lost():
            return environment
        lost.append(environment)
    return None


def _on_demand(pools: list[Pool[E]]) -> int:
    return sum(pool.on_demand() for pool in pools)


def _provisioned(pools: list[Pool[E]]) -> int:
    return sum(pool.provisioned for pool in pools if not pool.retired)


def same_environment(one: FunctionSpec, other: FunctionSpec) -> bool:
    """Whether an environment of one can serve the other: all but concurrency is equal."""
    return one == dataclasses.replace(
        other, reserved_concurrency=one.reserved_concurrency, zip_path=one.zip_path
    )
