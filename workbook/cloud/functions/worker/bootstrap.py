"""The worker's loop: find the handler, then answer one event after another.

Run with the handler's name as argument; all else comes in AWS's environment variables.
"""

from __future__ import annotations

import importlib
import os
import sys

from .callback import post_to_this_cloud
from .context import LambdaContext, context
from .errors import Fault, error_object, shown_path, xray_cause
from .logs import Log, Unbuffered, set_up_logging
from .marshalling import dumps, marshal, unmarshal
from .outward import stay_on_this_machine
from .runtime_client import RuntimeApi

TYPE_CHECKING = False  # typing itself would cost a part of the start
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any, NoReturn

    Handler = Callable[[Any, LambdaContext], Any]

UNHANDLED = (
    "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code."
    " However, in rare cases, a Lambda runtime update can cause unexpected function behavior. For"
    " functions using managed runtimes, runtime updates can be triggered by a function change, or"
    " can be applied automatically. To determine if the runtime has been updated, check the"
    " runtime version in the INIT_START log entry. If this error correlates with a change in the"
    " runtime version, you may be able to mitigate this error by temporarily rolling back to the"
    " previous runtime version. For more information, see"
    " https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html\r"
)


def main() -> None:
    sys.path[:0] = [os.environ["LAMBDA_TASK_ROOT"], *layer_paths()]
    sys.stdout = Unbuffered(sys.stdout)
    sys.stderr = Unbuffered(sys.stderr)
    log = Log(int(os.environ.pop("_LAMBDA_TELEMETRY_LOG_FD")))
    set_up_logging(log)
    post_to_this_cloud()
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    stay_on_this_machine()
    try:
        handler = find_handler(sys.argv[1])
    except Exception as raised:  # noqa: BLE001 - whatever a function's module raises
        give_up(api, log, raised)
    serve(api, log, handler)


def layer_paths() -> list[str]:
    """Where layers are imported from; of the version that the function's runtime names."""
    root = os.environ.get("WORKBOOK_OPT")
    if root is None:
        return []
    version = os.environ["AWS_EXECUTION_ENV"].removeprefix("AWS_Lambda_")
    return [f"{root}/python/lib/{version}/site-packages", f"{root}/python"]


def find_handler(name: str) -> Handler:
    """The function that "module.function" names; a Fault where AWS has a name for what failed."""
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("MalformedHandlerName", f"Bad handler '{name}': {error}") from None
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise Fault("BuiltInModuleConflict", message)
    module = import_module(module_name)
    try:
        return getattr(module, function_name)
    except AttributeError:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault("HandlerNotFound", message) from None


def import_module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{name}': {error}"
        raise Fault("ImportModuleError", message) from None
    except SyntaxError as error:
        message = f"Syntax error in module '{name}': {error}"
        path = shown_path(error.filename or "")
        trace = [f'  File "{path}" Line {error.lineno}\n    {error.text}']
        raise Fault("UserCodeSyntaxError", message, trace) from None


def give_up(api: RuntimeApi, log: Log, raised: Exception) -> NoReturn:
    """Report that there is no handler, and end."""
    importlib.import_module("logging").warning(UNHANDLED)
    error = error_object(raised)
    log.error(error)
    kind = {"Lambda-Runtime-Function-Error-Type": error["errorType"]}
    api.post("init/error", dumps(error), kind)
    sys.exit(1)


def serve(api: RuntimeApi, log: Log, handler: Handler) -> NoReturn:
    """Answer one event after another; only the environment's end ends it."""
    headers, body = api.next()
    while True:
        log.request_id = request_id = headers["lambda-runtime-aws-request-id"]
        show_trace(headers.get("lambda-runtime-trace-id"))
        try:
            result = marshal(handler(unmarshal(body), context(headers, log)))
        except Exception as raised:  # noqa: BLE001 - whatever a function raises
            error = error_object(raised, request_id)
            log.error(error)
            cause = {"Lambda-Runtime-Function-XRay-Error-Cause": xray_cause(raised)}
            api.post(f"invocation/{request_id}/error", dumps(error), cause)
            headers, body = api.next()
        else:
            headers, body = api.respond(request_id, *result)


def show_trace(header: str | None) -> None:
    """Put the X-Ray header where botocore finds it and passes it on."""
    if header is not None:
        os.environ["_X_AMZN_TRACE_ID"] = header
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
