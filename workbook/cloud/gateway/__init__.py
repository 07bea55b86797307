"""API Gateway's data plane for REST APIs: what answers when a deployed API is called.

    WSGI environ ──request──▶ Request ──routing──▶ resource and method
        ──authorizers, API key──▶ may this caller? ──event──▶ the payload 1.0 event
        ──lambda_calls──▶ the function's output ──proxy──▶ Response
                          (a MOCK integration answers without a function: mock)

    model       the frozen RestApi that a stage serves; made by swagger or by from_calls
    responses   the answers that are API Gateway's own, to the letter
    stage       the pipeline above, over one frozen snapshot
    gateway     Gateway: which stages there are

Nothing here knows moto, Lambda's execution environments or a web server: functions are reached
through a callable, requests arrive as WSGI environs.
"""

from workbook.cloud.gateway.gateway import Gateway
from workbook.cloud.gateway.lambda_calls import InvokeResult
from workbook.cloud.gateway.model import InvalidApi, RestApi, from_calls
from workbook.cloud.gateway.responses import Response

__all__ = [
    "Gateway",
    "InvalidApi",
    "InvokeResult",
    "Response",
    "RestApi",
    "from_calls",
]
