"""Events: how what happens in one AWS service reaches the functions that wait for it.

    S3 change ─────▶ s3.Notifier ──┐                          ┌─▶ asynchronous.AsyncInvoker ─▶ function
    SNS Publish ───▶ sns.Fanout ───┤                          │      two retries, then its destination
    PutEvents ─────▶ bridge.Bridge ┼─▶ targets.Targets (ARN) ─┼─▶ a queue
    clock ─────────▶ Schedules ────┘                          └─▶ a topic
    a queue, a table's stream ─▶ Pollers (batches) ──────────────▶ function, synchronously

Nothing here calls AWS or moto, or runs a function: state comes in as plain data, and callables
are handed in. Each source is a pure function that shapes AWS's event and a thin engine. All of
them share a `Clock`, which a notebook advances, and an `Activity`, which `settle` waits on.
"""
