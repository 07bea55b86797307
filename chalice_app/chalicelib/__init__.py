"""The inventory service; Chalice packs this folder beside app.py.

    blueprints/  one file a topic: parse, call, shape; HTTP routes and event handlers
    domain/      the shop's rules: pure, no AWS, no HTTP
    repository/  the only place that knows DynamoDB
    schemas      what may come in and what goes out, as pydantic models
    web          routes with checked input, one error form, one correlation id
    identity     tokens: signed, checked, their keys rotated
    scopes       what a token may allow
    once         the same key, the same effect, once
    batches      a queue's messages one by one, so that a bad one blocks no other
    storage      photos and reports in S3
    clients      the boto3 clients, each made when first needed
    logs         structured, each line with the correlation id
    settings     the environment, read once
    errors       what a caller may be told, each with its status

Calls go downwards: blueprints to everything, domain to nothing.
"""

import chalicelib.settings  # noqa: F401  A function with wrong ones ends here, before slow imports.
