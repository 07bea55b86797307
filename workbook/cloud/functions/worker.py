"""The runtime: the program in an execution environment that imports a handler and calls it.

It does what AWS's own runtime client (awslambdaric 4) does, message for message; the
conformance tests hold the two against each other. What differs is that it needs nothing but
the standard library, and that it starts fast: it opens a bare socket where http.client would
load a mail parser, and sets logging up when the function imports it, not before.

Run with the handler's name as argument; all else comes in AWS's environment variables.
"""

import _socket
import importlib
import json
import os
import sys
import time

PREFIX = "/2018-06-01/runtime/"
LOG_FRAME = b"\xa5\x5a\x00\x03"  # AWS has one for each level; in text format all read alike
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
KEEP_UNICODE = os.environ.get("AWS_EXECUTION_ENV") not in (
    "AWS_Lambda_python3.10",
    "AWS_Lambda_python3.11",
)


def main() -> None:
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    sys.stdout = Unbuffered(sys.stdout)
    sys.stderr = Unbuffered(sys.stderr)
    log = LambdaContext.log_sink = Log(int(os.environ.pop("_LAMBDA_TELEMETRY_LOG_FD")))
    sys.meta_path.insert(0, LoggingSetUp(log))
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = find_handler(sys.argv[1])
    except Fault as fault:
        error = error_object(fault.message, fault.kind, fault.trace)
    except Exception as raised:
        error = error_object(str(raised), type(raised).__name__, formatted(frames(raised)))
    else:
        serve(api, handler, log)
        return
    importlib.import_module("logging").warning(UNHANDLED)
    log.error(error)
    kind = {"Lambda-Runtime-Function-Error-Type": error["errorType"]}
    api.post("init/error", dumps(error), kind)
    sys.exit(1)


def serve(api, handler, log) -> None:
    """Answer one event after another; the environment's end ends it."""
    while True:
        headers, body = api.next()
        log.request_id = request_id = headers["lambda-runtime-aws-request-id"]
        trace = headers.get("lambda-runtime-trace-id")
        if trace is not None:
            os.environ["_X_AMZN_TRACE_ID"] = trace
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        try:
            result = marshal(handler(unmarshal(body), context(headers)))
        except Fault as fault:
            error = error_object(fault.message, fault.kind, fault.trace, request_id)
            fault_of = ("LambdaValidationError", fault.message, [])
        except Exception as raised:
            stack = frames(raised)
            error = error_object(str(raised), type(raised).__name__, formatted(stack), request_id)
            fault_of = (type(raised).__name__, str(raised), stack)
        else:
            api.respond(request_id, *result)
            continue
        log.error(error)
        cause = {"Lambda-Runtime-Function-XRay-Error-Cause": xray_cause(*fault_of)}
        api.post(f"invocation/{request_id}/error", dumps(error), cause)


class Fault(Exception):
    """An error with AWS's own name, rather than an exception's."""

    def __init__(self, kind, message, trace=None):
        self.kind = "Runtime." + kind
        self.message = message
        self.trace = trace


def find_handler(name):
    """The function that "module.function" names; a Fault where AWS has a name for what failed."""
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("MalformedHandlerName", f"Bad handler '{name}': {error}") from None
    try:
        if module_name.split(".")[0] in sys.builtin_module_names:
            message = f"Cannot use built-in module {module_name} as a handler module"
            raise Fault("BuiltInModuleConflict", message)
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise Fault("ImportModuleError", message) from None
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise Fault("UserCodeSyntaxError", message, trace) from None
    try:
        return getattr(module, function_name)
    except AttributeError:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault("HandlerNotFound", message) from None


# The Runtime API


class RuntimeApi:
    """One kept-open connection; as much HTTP as the other end speaks."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.host = address
        self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self.socket.connect((host, int(port)))
        self.socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)

    def next(self):
        """The next event's headers (names in lower case) and body; waits for it."""
        _, headers, body = self.exchange("GET", "invocation/next", b"", {})
        return headers, body

    def respond(self, request_id, body, content_type):
        """Post a result. What is too large is refused, which ends AWS's runtime as well."""
        headers = {"Content-Type": content_type}
        status = self.post(f"invocation/{request_id}/response", body, headers)
        if status != 202:
            print(
                f"[ERROR] [{time.time_ns() // 1_000_000}] LAMBDA_RUNTIME Failed to post handler"
                f" success response. Http response code: {status}.",
                file=sys.stderr,
            )
            raise RuntimeError("Failed to post invocation response")

    def post(self, path, body, headers):
        if not os.path.isdir("/proc/self"):
            headers = {**headers, "Workbook-Peak-Memory-Bytes": peak_memory()}
        status, _, _ = self.exchange("POST", path, body, headers)
        return status

    def exchange(self, method, path, body, headers):
        lines = [f"{method} {PREFIX}{path} HTTP/1.1", f"Host: {self.host}"]
        if method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body)
        return self.receive()

    def receive(self):
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self.some(65536)
        first, *lines = data[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        parts = [data[end + 4 :]]
        missing = int(headers["content-length"]) - len(parts[0])
        while missing > 0:
            parts.append(self.some(min(missing, 262144)))
            missing -= len(parts[-1])
        return int(first.split(" ", 2)[1]), headers, b"".join(parts)

    def some(self, size):
        data = self.socket.recv(size)
        if not data:
            os._exit(0)  # the environment is gone, and with it everyone who could be told
        return data


def peak_memory():
    """The peak of resident memory in bytes, where the system does not show it from outside."""
    resource = importlib.import_module("resource")
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


# JSON, as simplejson writes it, which AWS's runtime uses


def unmarshal(body):
    try:
        return json.loads(body)
    except Exception as error:
        message = f"Unable to unmarshal input: {error}"
        raise Fault("UnmarshalError", message) from None


def marshal(result):
    """A result's bytes and content type."""
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        return dumps(result), "application/json"
    except Exception as error:
        message = f"Unable to marshal response: {error}"
        raise Fault("MarshalError", message) from None


def dumps(value):
    numbers = []
    encoder = json.JSONEncoder(ensure_ascii=not KEEP_UNICODE, default=Default(numbers))
    text = encoder.encode(as_simplejson(value))
    for mark, number in numbers:
        text = text.replace(f'"{mark}"', number, 1)
    return text.encode()


def as_simplejson(value):
    """Named tuples are objects and bytes are text for simplejson, but not for json."""
    kind = type(value)
    if kind is str or kind is int or kind is float or value is None or kind is bool:
        return value
    if isinstance(value, dict):
        return {as_key(key): as_simplejson(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        if hasattr(value, "_asdict"):
            return as_simplejson(value._asdict())
        return [as_simplejson(item) for item in value]
    return value.decode() if isinstance(value, bytes) else value


def as_key(key):
    return key.decode() if isinstance(key, bytes) else key


class Default:
    """What json calls for a type it does not know.

    Decimals become JSON numbers with every digit; json has no way to write a number raw, so
    each leaves a mark, which is replaced in the text.
    """

    def __init__(self, numbers):
        self.numbers = numbers
        self.salt = os.urandom(8).hex()

    def __call__(self, value):
        decimal = sys.modules.get("decimal")
        if decimal is not None and isinstance(value, decimal.Decimal):
            if value.is_nan():
                return float("nan")
            mark = f"{self.salt}-{len(self.numbers)}"
            self.numbers.append((mark, str(value)))
            return mark
        if callable(getattr(value, "_asdict", None)):
            return as_simplejson(value._asdict())
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


# The context object


def context(headers):
    return LambdaContext(
        headers["lambda-runtime-aws-request-id"],
        parsed(headers.get("lambda-runtime-client-context"), "Client Context"),
        parsed(headers.get("lambda-runtime-cognito-identity"), "Cognito Identity"),
        int(headers["lambda-runtime-deadline-ms"]),
        headers.get("lambda-runtime-invoked-function-arn"),
        headers.get("lambda-runtime-aws-tenant-id"),
    )


def parsed(header, name):
    if not header:
        return None
    try:
        return json.loads(header)
    except ValueError as error:
        message = f"Unable to parse {name} JSON: {error}"
        raise Fault("LambdaContextUnmarshalError", message) from None


class LambdaContext:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(
        self, invoke_id, client_context, cognito_identity, deadline_ms, arn=None, tenant_id=None
    ):
        self.aws_request_id = invoke_id
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = arn
        self.tenant_id = tenant_id
        self._w3c_fields = w3c_fields(client_context)
        self.client_context = filled(ClientContext, client_context)
        if self.client_context is not None:
            self.client_context.client = filled(Client, self.client_context.client)
        self.identity = filled(CognitoIdentity, {})
        if cognito_identity is not None:
            self.identity.cognito_identity_id = cognito_identity.get("cognitoIdentityId")
            self.identity.cognito_identity_pool_id = cognito_identity.get("cognitoIdentityPoolId")
        self._epoch_deadline_time_in_ms = deadline_ms

    def get_remaining_time_in_millis(self):
        return max(self._epoch_deadline_time_in_ms - int(time.time() * 1000), 0)

    def w3c(self):
        return dict(self._w3c_fields)

    def log(self, msg):
        self.log_sink.write(str(msg))

    def __repr__(self):
        shown = (
            "aws_request_id",
            "log_group_name",
            "log_stream_name",
            "function_name",
            "memory_limit_in_mb",
            "function_version",
            "invoked_function_arn",
            "client_context",
            "identity",
            "tenant_id",
        )
        return represent(self, shown)


class Slotted:
    """An object of AWS's with fixed fields."""

    __slots__ = ()

    def __repr__(self):
        return represent(self, self.__slots__)


class CognitoIdentity(Slotted):
    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(Slotted):
    __slots__ = (
        "installation_id",
        "app_title",
        "app_version_name",
        "app_version_code",
        "app_package_name",
    )


class ClientContext(Slotted):
    __slots__ = ("custom", "env", "client")


def represent(value, names):
    fields = ",".join(f"{name}={getattr(value, name)}" for name in names)
    return f"{type(value).__name__}([{fields}])"


def filled(kind, fields):
    if fields is None:
        return None
    made = kind()
    for name in kind.__slots__:
        setattr(made, name, fields.get(name))
    return made


def w3c_fields(client_context):
    if not isinstance(client_context, dict):
        return {}
    raw = client_context.pop("w3c", None)
    if not isinstance(raw, dict):
        return {}
    names = ("traceparent", "tracestate", "baggage")
    return {name: raw[name] for name in names if isinstance(raw.get(name), str)}


# Errors


def error_object(message, kind, trace, request_id=""):
    return {
        "errorMessage": message or "",
        "errorType": kind or "",
        "requestId": request_id,
        "stackTrace": trace or [],
    }


def frames(raised):
    """(file, line, function, text) for each frame from the function's own code on."""
    extract = importlib.import_module("traceback").extract_tb
    stack = [(f.filename, f.lineno, f.name, f.line) for f in extract(raised.__traceback__)]
    own = main.__code__.co_filename
    first = next((i for i, frame in enumerate(stack) if frame[0] != own), 0)
    return stack[first:]


def formatted(stack):
    return importlib.import_module("traceback").format_list(stack)


def xray_cause(kind, message, stack):
    cause = {
        "working_directory": os.getcwd(),
        "exceptions": [
            {
                "message": message,
                "type": kind,
                "stack": [
                    {"label": name, "path": path, "line": line} for path, line, name, _ in stack
                ],
            }
        ],
        "paths": list({frame[0] for frame in stack}),
    }
    text = json.dumps(cause)
    return text if len(text) < 1024 * 1024 else ""


# Logs


class Log:
    """Frames on a descriptor of their own: a message of many lines stays one log event."""

    def __init__(self, descriptor):
        os.set_inheritable(descriptor, False)
        self.descriptor = descriptor
        self.request_id = None

    def write(self, text):
        message = text.encode("utf-8", "replace")
        data = b"".join(
            (
                LOG_FRAME,
                len(message).to_bytes(4, "big"),
                (time.time_ns() // 1000).to_bytes(8, "big"),
                message,
            )
        )
        while data:
            data = data[os.write(self.descriptor, data) :]

    def error(self, error):
        lines = ["[ERROR]"]
        if error["errorType"]:
            lines[0] += " " + error["errorType"]
        if error["errorMessage"]:
            lines[0] += (":" if error["errorType"] else "") + " " + error["errorMessage"]
        lines.append("Traceback (most recent call last):")
        for element in error["stackTrace"]:
            lines += [hard_indent(line) for line in element.splitlines()] or [""]
        self.write("\n".join(lines))


def hard_indent(line):
    """No-break spaces in front, which CloudWatch's console does not fold away."""
    text = line.lstrip(" ")
    return "\u00a0" * (len(line) - len(text)) + text


class LoggingSetUp:
    """Gives the root logger AWS's handler as soon as `logging` is imported.

    AWS's runtime imports logging first of all. To do so here would double the time that a
    small function takes to start, so this import hook waits for whoever needs it.
    """

    def __init__(self, log):
        self.log = log

    def find_spec(self, name, path=None, target=None):
        if name != "logging":
            return None
        sys.meta_path.remove(self)
        found = (finder.find_spec(name, path, target) for finder in sys.meta_path)
        spec = next(spec for spec in found if spec is not None)
        execute = spec.loader.exec_module

        def execute_and_set_up(module):
            execute(module)
            self.set_up(module)

        spec.loader.exec_module = execute_and_set_up
        return spec

    def set_up(self, logging):
        log = self.log

        class LambdaLoggerHandler(logging.Handler):
            def emit(self, record):
                log.write(self.format(record))

        class LambdaLoggerFilter(logging.Filter):
            def filter(self, record):
                record.aws_request_id = log.request_id or ""
                record.tenant_id = None
                return True

        logging.Formatter.converter = time.gmtime
        form = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
        handler = LambdaLoggerHandler()
        handler.setFormatter(logging.Formatter(form, "%Y-%m-%dT%H:%M:%S"))
        handler.addFilter(LambdaLoggerFilter())
        logging.getLogger().addHandler(handler)


class Unbuffered:
    """A stream that never waits to write: what a function printed survives its death."""

    def __init__(self, stream):
        self.stream = stream

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        pass

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def write(self, text):
        self.stream.write(text)
        self.stream.flush()

    def writelines(self, lines):
        self.stream.writelines(lines)
        self.stream.flush()


if __name__ == "__main__":
    main()
