"""The way to a real AWS account and back: nothing happens by accident, and everything is undone.

    aim(target) ─▶ cost() ─▶ confirm(typed) ─▶ up, deploy, look ─▶ tear_down ─▶ nothing left

Each step says what it would do; it does it only with ``for_real=True``, and only after the target
is set, the cost was shown and the confirmation was typed. Until then no byte leaves this machine.
Commands run as processes of their own, with the credentials of the named profile and no others.
`account_look` is what looks into the account; tests put a local cloud in AWS's place.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook import prices, settings
from workbook.errors import WorkbookError

PROFILES = ("default",)  # refused: whoever aims names a profile, and knows which account it is
STAGES = ("dev", "staging", "prod")
SECRET_PER_MONTH = 0.40
# Lambda looks into an empty queue too: up to five pollers, each three times a minute (AWS's guide to
# "Using Lambda with Amazon SQS").
QUEUES = 2
LOOKS_PER_DAY = QUEUES * 5 * 3 * 60 * 24
Reach = Callable[["Target"], Mapping[str, str]]


class Refused(WorkbookError):
    """A step towards a real account that is not allowed yet, or not at all."""


@dataclass(frozen=True)
class Target:
    """Where to: all of it typed by a person.

    Attributes:
        account: the account's twelve digits.
        region: such as ``eu-west-1``.
        profile: the name in ~/.aws/config whose credentials are used.
        stage: of the service.
    """

    account: str
    region: str
    profile: str
    stage: str = "dev"

    def __post_init__(self) -> None:
        for good, what, value in (
            (re.fullmatch(r"\d{12}", self.account), "an account: twelve digits", self.account),
            (re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", self.region), "a region", self.region),
            (self.profile and self.profile not in PROFILES, "a profile with a name", self.profile),
            (self.stage in STAGES, f"a stage ({', '.join(STAGES)})", self.stage),
        ):
            if not good:
                raise Refused(f"{value!r} is not {what}.", "Type what your administrator gave you.")


def reach_by_profile(target: Target) -> Mapping[str, str]:
    """The variables of the processes that reach the account."""
    return settings.variables_for_account(target.profile, target.region)


class RealAccount:
    """One deployment to one account, from the first look at its cost to the proof that it is gone.

    Args:
        folder: the service's project. It has to last: it remembers what was deployed.
        target: where to; None leaves every step dry.
        reach: what the commands' environment is; tests put a local cloud behind it.
    """

    def __init__(
        self, folder: Path | str, target: Target | None = None, reach: Reach = reach_by_profile
    ) -> None:
        self._folder, self._target, self._reach = Path(folder), target, reach
        self._app = str(json.loads(self._config.read_text())["app_name"])
        self._cost_was_shown = self._confirmed = False

    @property
    def phrase(self) -> str:
        """What has to be typed to confirm."""
        target = self._aimed()
        return f"deploy {self._app} {target.stage} to {target.account} in {target.region}"

    def cost(self, requests: int = 1000) -> None:
        """Say what a day of it costs."""
        month = prices.FunctionMonth(requests, 20, 256)
        secret = SECRET_PER_MONTH / 30
        looks = LOOKS_PER_DAY * prices.SQS_PER_MILLION / 1_000_000
        print(f"Prices of {prices.REGION}, {prices.AS_OF}; they change, and regions differ.")
        print(f"  {requests:,} requests, gateway and functions  ${month.total:.4f}")
        print(f"  one secret, a day                      ${secret:.4f}")
        print(f"  {QUEUES} queues, looked into all day          ${looks:.4f}")
        print("  tables, buckets, topic, idle           $0.0000")
        print(f"  a day, torn down at its end            ${month.total + secret + looks:.4f}")
        print(
            f"  a month, if you forget it              ${month.total + 30 * (secret + looks):.2f}"
        )
        self._cost_was_shown = True

    def confirm(self, typed: str) -> None:
        """Open the way, when what was typed names what will happen, and where.

        Raises:
            Refused: there is no target, the cost was not shown, or something else was typed.
        """
        self._aimed()
        if not self._cost_was_shown:
            raise Refused("The cost was not shown yet.", "Call cost() and read what it prints.")
        if typed != self.phrase:
            self._confirmed = False
            raise Refused(f"{typed!r} is not {self.phrase!r}.", "Type it letter by letter.")
        self._confirmed = True

    def who_am_i(self, *, for_real: bool = False) -> None:
        """Ask AWS whose keys these are, and stop if it is another account than the one typed."""
        if not self._begins("ask AWS whose keys these are", for_real):
            return
        self._check_account()

    def up(self, *, for_real: bool = False) -> None:
        """Make the stage's resources."""
        self._step("python", "stage.py", "up", self._stage, for_real=for_real)

    def deploy(self, *, for_real: bool = False) -> None:
        """Deploy the functions and the API."""
        self._step("chalice", "deploy", "--stage", self._stage, for_real=for_real)

    def left(self, *, for_real: bool = False) -> list[tuple[str, str, str]]:
        """What exists of this app's stage, listed; service, kind and name of each."""
        if not self._begins(f"list what is named {self._app}-{self._stage}", for_real):
            return []
        self._check_account()
        return self._listed()

    def tear_down(self, *, for_real: bool = False) -> None:
        """Delete everything, list what is left, and fail unless that is nothing. Twice is fine.

        Raises:
            Refused: something is left; the message lists it.
        """
        if not for_real:
            self._step("chalice", "delete", "--stage", self._stage, for_real=False)
            self._step("python", "stage.py", "down", self._stage, for_real=False)
            self.left()
            return
        self._begins(f"delete {self._app}-{self._stage}", for_real)
        self._check_account()
        there = self._listed()
        if self._deployed.is_file():
            self._run("chalice", "delete", "--stage", self._stage)
        if any(kind == "stack" for _, kind, _ in there):
            self._run("python", "stage.py", "down", self._stage)
        if there := self._listed():
            raise Refused(
                f"{len(there)} resources are left:\n"
                + "\n".join(f"  {service}: {kind} {name}" for service, kind, name in there),
                "Run tear_down again. What stays, delete in the AWS console under these names.",
            )
        print(f"Nothing of {self._app}-{self._stage} is left in {self._aimed().account}.")

    # ── what every step goes through ────────────────────────────────────────────────────────

    @property
    def _config(self) -> Path:
        return self._folder / ".chalice" / "config.json"

    @property
    def _deployed(self) -> Path:
        return self._folder / ".chalice" / "deployed" / f"{self._stage}.json"

    @property
    def _stage(self) -> str:
        return self._target.stage if self._target else "dev"

    def _aimed(self) -> Target:
        if self._target is None:
            raise Refused(
                "No target is set, so nothing reaches AWS.",
                "Make one: Target(account=…, region=…, profile=…), all typed by you.",
            )
        return self._target

    def _begins(self, what: str, for_real: bool) -> bool:
        """Whether the step is to be done; a dry one says what it would do, and where."""
        if not for_real:
            where = (
                f"{self._target.account}, {self._target.region}, profile {self._target.profile}"
                if self._target
                else "no target set"
            )
            print(f"dry run ({where}): {what}")
            return False
        self._aimed()
        if not self._confirmed:
            raise Refused("This step was not confirmed.", f"Call confirm({self.phrase!r}) first.")
        return True

    def _step(self, *command: str, for_real: bool) -> None:
        if self._begins(" ".join(command), for_real):
            self._check_account()
            self._run(*command)

    def _check_account(self) -> None:
        target, found = self._aimed(), self._look("whoami")
        print(f"account {found['account']}, region {target.region}, as {found['arn']}")
        if found["account"] != target.account:
            self._confirmed = False
            raise Refused(
                f"The profile {target.profile} belongs to account {found['account']}, "
                f"not to {target.account}.",
                "Nothing was changed. Aim again, with the account and the profile that you mean.",
            )

    def _listed(self) -> list[tuple[str, str, str]]:
        found = self._look("left", self._app, self._stage)
        return [(service, kind, name) for service, kind, name in found]

    def _look(self, *arguments: str) -> Any:
        said = self._output("python", "-m", "workbook.lessons.account_look", *arguments)
        return json.loads(said)

    def _run(self, *command: str) -> None:
        print("$", *command)
        print(self._output(*command), end="")

    def _output(self, program: str, *arguments: str) -> str:
        ran = subprocess.run(
            [str(Path(sys.executable).with_name(program)), *arguments],
            cwd=self._folder,
            env=dict(self._reach(self._aimed())),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            said = (ran.stderr or ran.stdout).strip().splitlines()
            raise Refused(
                f"{' '.join((program, *arguments))} failed: {' '.join(said[-3:])}",
                "What was made so far is still there. tear_down removes the stack, and what Chalice has "
                "written down; the rest it lists.",
            )
        return ran.stdout


def lasting_copy(service: Path | str, folder: Path | str) -> Path:
    """The service's project in a folder of yours, copied there the first time.

    A throwaway copy would not do: .chalice/deployed, which `chalice delete` needs, would be thrown
    away with it.
    """
    folder = Path(folder).expanduser().resolve()
    if not folder.exists():
        left_out = shutil.ignore_patterns("deployed", "deployments", "__pycache__", "tests")
        shutil.copytree(service, folder, ignore=left_out)
    return folder
