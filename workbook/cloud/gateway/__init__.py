"""API Gateway's data plane: what answers when a deployed API is called.

    WSGI environ ──request──▶ Request ──routing──▶ resource and method
        ──admission, API key──▶ may this caller? ──event──▶ the payload 1.0 event
        ──lambda_calls──▶ the function's output ──proxy──▶ Response
                          (a MOCK integration answers without a function: mock)

    model       the frozen RestApi that a stage serves; made by swagger or by from_calls
    admission   who may call: lambda_authorizers, cognito, signatures
    throttling  how often: rates and quotas of stages, methods and API keys
    responses   the answers that are API Gateway's own, to the letter
    stage       the pipeline above, over one frozen snapshot
    sockets/    WebSocket APIs
    gateway     Gateway: which stages there are

Nothing here knows moto, Lambda's execution environments or a web server: functions and the
account's users are reached through callables, requests arrive as WSGI environs.
"""

from workbook.cloud.gateway.cognito import UserPool
from workbook.cloud.gateway.gateway import Gateway
from workbook.cloud.gateway.lambda_calls import InvokeResult
from workbook.cloud.gateway.model import InvalidApi, RestApi, from_calls
from workbook.cloud.gateway.responses import Response
from workbook.cloud.gateway.throttling import Quota, Rate, StageRates, UsagePlan

__all__ = [
    "Gateway",
    "InvalidApi",
    "InvokeResult",
    "Quota",
    "Rate",
    "Response",
    "RestApi",
    "StageRates",
    "UsagePlan",
    "UserPool",
    "from_calls",
]
