"""What AWS charges, and what a month of a function or of a server comes to: plain arithmetic.

Prices are of us-east-1, in US dollars, as published at the date below, and they change. Chapters
and panels calculate with them; nothing is looked up. Taxes, data transfer, logs and what new
accounts get for free are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

AS_OF = "November 2026"
REGION = "us-east-1"

LAMBDA_PER_MILLION = 0.20
LAMBDA_PER_GB_SECOND = 0.0000166667
REST_API_PER_MILLION = 3.50
HTTP_API_PER_MILLION = 1.00
SQS_PER_MILLION = 0.40
FREE_REQUESTS = 1_000_000  # of Lambda, each month, for ever
FREE_GB_SECONDS = 400_000
SERVER_PER_HOUR = 0.0104  # EC2 t3.micro, on demand: two shared vCPUs, 1 GB
HOURS_IN_A_MONTH = 730


@dataclass(frozen=True)
class FunctionMonth:
    """A month of one function behind a REST API.

    Attributes:
        requests: in the month.
        milliseconds: billed for each, on average.
        memory_mb: what the function is configured with.
    """

    requests: int
    milliseconds: float
    memory_mb: int

    @property
    def busy_seconds(self) -> float:
        """How long code ran in all."""
        return self.requests * self.milliseconds / 1000

    @property
    def gb_seconds(self) -> float:
        """Time multiplied by memory, which is what Lambda meters."""
        return self.busy_seconds * self.memory_mb / 1024

    @property
    def for_requests(self) -> float:
        """Lambda's dollars for being called."""
        return self.requests * LAMBDA_PER_MILLION / 1_000_000

    @property
    def for_time(self) -> float:
        """Lambda's dollars for running."""
        return self.gb_seconds * LAMBDA_PER_GB_SECOND

    @property
    def for_gateway(self) -> float:
        """API Gateway's dollars."""
        return self.requests * REST_API_PER_MILLION / 1_000_000

    @property
    def total(self) -> float:
        """Dollars in all, without Lambda's free allowance."""
        return self.for_requests + self.for_time + self.for_gateway

    @property
    def allowance(self) -> float:
        """What Lambda's monthly free allowance takes off, for an account that runs only this."""
        return (
            min(self.requests, FREE_REQUESTS) * LAMBDA_PER_MILLION / 1_000_000
            + min(self.gb_seconds, FREE_GB_SECONDS) * LAMBDA_PER_GB_SECOND
        )


def server_month(servers: int = 1) -> float:
    """Dollars for servers that run all month, whether anybody calls or not."""
    return servers * SERVER_PER_HOUR * HOURS_IN_A_MONTH


def break_even(milliseconds: float, memory_mb: int, servers: int = 1) -> int:
    """The number of requests in a month from which the servers are cheaper."""
    one_million = FunctionMonth(1_000_000, milliseconds, memory_mb).total
    return round(server_month(servers) / one_million * 1_000_000)
