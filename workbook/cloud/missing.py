"""The one list of what AWS has and this cloud has not, by name: every refusal is made of it.

A leaf: every part of the cloud may import it, and it knows none of them. Who comes to something
that is missing raises `NotEmulated`; the answer, 501 in the protocol of whoever asked, is made
where answers are made. Which AWS calls ask for something missing is unimplemented/'s table.
A test calls each name of the list, and docs/local-cloud.md prints it.
"""

from __future__ import annotations

from enum import Enum

CODE = "NotImplemented"
STATUS = 501


class Missing(Enum):
    """One thing that is not there: the area it belongs to, and what a person calls it."""

    CONTAINER_IMAGES = "Lambda", "container images"
    RUNTIMES = "Lambda", "runtimes other than Python's"
    VPC = "Lambda", "functions in a VPC"
    TRACING = "Lambda and API Gateway", "X-Ray tracing"
    FILE_SYSTEMS = "Lambda", "file systems of functions"
    SNAP_START = "Lambda", "SnapStart"
    DEAD_LETTER_QUEUES = "Lambda", "dead-letter queues of functions"
    DESTINATIONS = "Lambda", "destinations other than functions, queues, topics and event buses"
    JSON_LOGS = "Lambda", "JSON log formats"
    LOG_GROUPS = "Lambda", "log groups of one's own"
    DURABLE_FUNCTIONS = "Lambda", "durable functions"
    CODE_SIGNING = "Lambda", "code signing"
    FUNCTION_URLS = "Lambda", "function URLs"
    RESPONSE_STREAMING = "Lambda", "response streaming"
    INVOKE_ASYNC = "Lambda", "InvokeAsync"
    WEIGHTED_ALIASES = "Lambda", "weighted aliases"
    EVENT_SOURCES = "Lambda", "event sources other than SQS, Kinesis and DynamoDB streams"
    FAN_OUT = "Lambda", "enhanced fan-out consumers of Kinesis streams"
    KAFKA = "Lambda", "Kafka event sources"
    TUMBLING_WINDOWS = "Lambda", "tumbling windows"
    PROVISIONED_POLLERS = "Lambda", "provisioned pollers"
    MAPPING_KEYS = "Lambda", "encrypted filters of event sources"
    PARALLELIZATION = "Lambda", "parallelization factors above 1"
    RUNTIME_API = "Lambda", "the rest of the Runtime API"

    VPC_LINKS = "API Gateway", "VPC links"
    DOMAIN_NAMES = "API Gateway", "custom domain names"
    GATEWAY_RESPONSES = "API Gateway", "customized gateway responses"
    PRIVATE_APIS = "API Gateway", "private APIs"
    RESOURCE_POLICIES = "API Gateway", "resource policies"
    API_CACHES = "API Gateway", "API caches"
    CANARIES = "API Gateway", "canary deployments"
    API_LOGS = "API Gateway", "API access and execution logs"
    HTTP_APIS = "API Gateway", "HTTP APIs"
    ROUTE_SELECTION = "API Gateway", "selection of WebSocket routes by anything but the body"
    SOCKET_INTEGRATIONS = "API Gateway", "WebSocket integrations other than functions"
    SOCKET_KEYS = "API Gateway", "API keys of WebSocket APIs"
    SOCKET_MODELS = "API Gateway", "models of WebSocket messages"
    SOCKET_THROTTLING = "API Gateway", "throttling of WebSocket APIs"

    AUTHORIZER_CONDITIONS = "Routes of a deployed API", "conditions in an authorizer's policy"
    REQUEST_VALIDATORS = "Routes of a deployed API", "request validators"
    INTEGRATIONS = "Routes of a deployed API", "integrations other than functions and mocks"
    REQUEST_MAPPINGS = "Routes of a deployed API", "request parameter mappings"
    RESPONSE_MAPPINGS = "Routes of a deployed API", "response parameters that are not literal"
    MAPPING_TEMPLATES = "Routes of a deployed API", "mapping templates with VTL"

    API_DESTINATIONS = "EventBridge", "API destinations"
    EVENT_CONNECTIONS = "EventBridge", "event connections"
    ARCHIVES = "EventBridge", "event archives"
    REPLAYS = "EventBridge", "event replays"
    PARTNER_SOURCES = "EventBridge", "partner event sources"
    RULE_TARGETS = "EventBridge", "rule targets other than functions, queues and topics"
    TARGET_SETTINGS = "EventBridge", "settings of targets that are none of these"
    SCHEDULER = "EventBridge", "EventBridge Scheduler"
    PIPES = "EventBridge", "EventBridge Pipes"
    STEP_FUNCTIONS = "Step Functions", "Step Functions executions"
    TRACES = "X-Ray", "X-Ray traces"
    SUBSCRIPTIONS = "SNS", "subscriptions other than functions and queues"
    TEXT_MESSAGES = "SNS", "text messages"
    MOBILE_PUSH = "SNS", "mobile push"

    GLOBAL_TABLES = "DynamoDB", "global tables"
    TABLE_EXPORTS = "DynamoDB", "table exports"
    TABLE_IMPORTS = "DynamoDB", "table imports"
    TABLE_KINESIS = "DynamoDB", "Kinesis streams of tables"
    REPLICATION = "S3", "bucket replication"
    WEBSITES = "S3", "bucket websites"
    S3_SELECT = "S3", "S3 Select"
    S3_EVENTS = "S3", "notifications of what never happens here"
    SECRET_REPLICAS = "Secrets Manager", "secret replicas"
    COMMANDS = "Systems Manager", "Systems Manager commands"
    PARAMETER_POLICIES = "Systems Manager", "parameter policies"
    LOG_DESTINATIONS = (
        "CloudWatch",
        "log subscriptions of others than functions and Kinesis streams",
    )
    OWN_LOGS = "CloudWatch", "subscriptions of functions to their own logs, also by way of others"
    METRIC_FILTERS = "CloudWatch", "metric filters of logs"
    ALARMS = "CloudWatch", "CloudWatch alarms"

    TRANSFORMS = "CloudFormation", "CloudFormation transforms of AWS's other than SAM"
    APPLICATIONS = "CloudFormation", "nested applications"
    STACK_SETS = "CloudFormation", "CloudFormation stack sets"
    DRIFT_DETECTION = "CloudFormation", "CloudFormation drift detection"
    STACK_POLICIES = "CloudFormation", "CloudFormation stack policies"
    TYPE_REGISTRY = "CloudFormation", "CloudFormation registry"
    GENERATED_TEMPLATES = "CloudFormation", "CloudFormation generated templates"
    STACK_CALLS = "CloudFormation", "CloudFormation calls of other kinds"
    STACK_PARAMETERS = "CloudFormation", "parameters of CloudFormation calls without an effect here"
    CHANGE_SET_TYPES = "CloudFormation", "change sets that import"
    FORCED_DELETION = "CloudFormation", "forced deletion of stacks"
    PARAMETER_TYPES = "CloudFormation", "AWS's own parameter types"
    TEMPLATE_SECTIONS = "CloudFormation", "the sections Rules and Hooks"
    TRANSFORM_PARAMETERS = "CloudFormation", "transforms with parameters"

    POLICY_VARIABLES = "IAM, while it is enforced", "policy variables"
    CONDITION_OPERATORS = "IAM, while it is enforced", "other condition operators"
    UNKNOWN_KEYS = "IAM, while it is enforced", "a Deny on a condition key that cannot be known"
    USER_SESSIONS = "IAM, while it is enforced", "sessions of users"
    SESSION_POLICIES = "IAM, while it is enforced", "session policies given by ARN"
    PARTIQL = "IAM, while it is enforced", "PartiQL of anybody but the administrator"

    UNKNOWN_CALLS = "All services", "calls that moto lacks"

    def __init__(self, area: str, title: str) -> None:
        self.area = area
        self.title = title


class NotEmulated(Exception):
    """Somebody has come to something missing; str() is the sentence that they are told.

    Args:
        detail: what it was in this case, as AWS calls it: "nodejs22.x".
    """

    def __init__(self, missing: Missing, detail: str = "") -> None:
        named = f"{missing.title}: {detail}" if detail else missing.title
        super().__init__(f"The local cloud does not emulate {named}.")
        self.missing = missing
