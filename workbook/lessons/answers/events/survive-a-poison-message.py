# %% right: asks of each record whether it went well
def went_well(record, reserve):
    try:
        reserve(json.loads(record["body"]))
    except Exception:
        return False
    return True


def handle(event, reserve):
    bad = [record for record in event["Records"] if not went_well(record, reserve)]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in bad]}


# %% right: keeps the ids, and takes away those that are done
def handle(event, reserve):
    left = {record["messageId"]: None for record in event["Records"]}
    for record in event["Records"]:
        try:
            reserve(json.loads(record["body"]))
            del left[record["messageId"]]
        except Exception as error:
            print(error)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in left]}


# %% wrong: swallows what fails
# says: What is not listed is deleted from the queue
def handle(event, reserve):
    for record in event["Records"]:
        try:
            reserve(json.loads(record["body"]))
        except Exception:
            pass
    return {"batchItemFailures": []}


# %% wrong: answers nothing
# says: An answer without that list counts as success
def handle(event, reserve):
    for record in event["Records"]:
        try:
            reserve(json.loads(record["body"]))
        except Exception as error:
            print(error)


# %% wrong: stops at the first failure and reports the rest with it
# says: One order must not keep the ones behind it
def handle(event, reserve):
    records = list(event["Records"])
    while records:
        try:
            reserve(json.loads(records[0]["body"]))
        except Exception:
            break
        records.pop(0)
    return {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in records]}


# %% wrong: catches only what JSON raises
# says: LookupError
def handle(event, reserve):
    failed = []
    for record in event["Records"]:
        try:
            order = json.loads(record["body"])
        except ValueError:
            failed.append({"itemIdentifier": record["messageId"]})
        else:
            reserve(order)
    return {"batchItemFailures": failed}


# %% wrong: reports the whole batch when one message fails
# says: What is listed comes back and is done again
def handle(event, reserve):
    failed = False
    for record in event["Records"]:
        try:
            reserve(json.loads(record["body"]))
        except Exception:
            failed = True
    ids = [{"itemIdentifier": record["messageId"]} for record in event["Records"]]
    return {"batchItemFailures": ids if failed else []}


# %% wrong: names the failed messages by their receipt handles
# says: Each entry names a message
def handle(event, reserve):
    failed = []
    for record in event["Records"]:
        try:
            reserve(json.loads(record["body"]))
        except Exception:
            failed.append({"itemIdentifier": record["receiptHandle"]})
    return {"batchItemFailures": failed}


# %% right: a generator of failed ids, with a helper that says whether an order went well
def handle(event, reserve):
    def well(record):
        try:
            reserve(json.loads(record["body"]))
        except Exception:
            return False
        else:
            return True

    failed = [{"itemIdentifier": r["messageId"]} for r in event["Records"] if not well(r)]
    return {"batchItemFailures": failed}


# %% wrong: bare ids instead of dicts
# says: An entry that Lambda cannot read fails the whole batch
def handle(event, reserve):
    failed = []
    for record in event["Records"]:
        try:
            reserve(json.loads(record["body"]))
        except Exception:
            failed.append(record["messageId"])
    return {"batchItemFailures": failed}


# %% wrong: reads the body outside the try
# says: in reserve or before it
def handle(event, reserve):
    failed = []
    for record in event["Records"]:
        order = json.loads(record["body"])
        try:
            reserve(order)
        except Exception:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


# %% wrong: hands on the text of the body
# says: json.loads makes the order of it
def handle(event, reserve):
    failed = []
    for record in event["Records"]:
        try:
            reserve(record["body"])
        except Exception:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
