# %% right: one list of everything, with what deletes each
def tear_down(prefix):
    def delete_bucket(bucket):
        bucket.objects.all().delete()
        bucket.delete()

    def everything():
        tables = boto3.resource("dynamodb").tables.all()
        queues = boto3.resource("sqs").queues.all()
        buckets = boto3.resource("s3").buckets.all()
        yield from ((table.name, table.delete) for table in tables)
        yield from ((queue.url.split("/")[-1], queue.delete) for queue in queues)
        yield from ((b.name, lambda b=b: delete_bucket(b)) for b in buckets)

    for name, delete in list(everything()):
        if name.startswith(prefix):
            delete()
    return [name for name, _ in everything() if name.startswith(prefix)]


# %% wrong: reads one page
# says: a hundred names at most
def tear_down(prefix):
    s3, tables, sqs = boto3.resource("s3"), boto3.client("dynamodb"), boto3.client("sqs")
    for bucket in s3.buckets.all():
        if bucket.name.startswith(prefix):
            bucket.objects.all().delete()
            bucket.delete()
    for name in tables.list_tables()["TableNames"]:
        if name.startswith(prefix):
            tables.delete_table(TableName=name)
    for url in sqs.list_queues(QueueNamePrefix=prefix).get("QueueUrls", []):
        sqs.delete_queue(QueueUrl=url)
    return []


# %% wrong: leaves full buckets to S3
# says: BucketNotEmpty
def tear_down(prefix):
    for bucket in boto3.resource("s3").buckets.all():
        if bucket.name.startswith(prefix):
            bucket.delete()
    for table in boto3.resource("dynamodb").tables.all():
        if table.name.startswith(prefix):
            table.delete()
    return []


# %% wrong: takes the other stage along
# says: Another stage's name begins alike
def tear_down(prefix):
    prefix = prefix.rstrip("-")
    for bucket in boto3.resource("s3").buckets.all():
        if bucket.name.startswith(prefix):
            bucket.objects.all().delete()
            bucket.delete()
    for table in boto3.resource("dynamodb").tables.all():
        if table.name.startswith(prefix):
            table.delete()
    for queue in boto3.resource("sqs").queues.filter(QueueNamePrefix=prefix):
        queue.delete()
    return []


# %% wrong: claims success without asking
# says: list again after deleting
def tear_down(prefix):
    for bucket in boto3.resource("s3").buckets.all():
        if bucket.name.startswith(prefix):
            bucket.objects.all().delete()
            bucket.delete()
    for table in boto3.resource("dynamodb").tables.all():
        if table.name.startswith(prefix):
            table.delete()
    for queue in boto3.resource("sqs").queues.filter(QueueNamePrefix=prefix):
        queue.delete()
    return []


# %% wrong: forgets the queues
# says: holds somebody's data
def tear_down(prefix):
    for bucket in boto3.resource("s3").buckets.all():
        if bucket.name.startswith(prefix):
            bucket.objects.all().delete()
            bucket.delete()
    for table in boto3.resource("dynamodb").tables.all():
        if table.name.startswith(prefix):
            table.delete()
    return []


# %% right: one generator lists, a table of functions deletes, versions included
def tear_down(prefix):
    dynamodb, sqs, s3 = boto3.client("dynamodb"), boto3.client("sqs"), boto3.resource("s3")

    def standing():
        for page in dynamodb.get_paginator("list_tables").paginate():
            yield from (("table", name) for name in page["TableNames"] if name.startswith(prefix))
        for bucket in s3.buckets.all():
            if bucket.name.startswith(prefix):
                yield "bucket", bucket.name
        for page in sqs.get_paginator("list_queues").paginate(QueueNamePrefix=prefix):
            yield from (("queue", url) for url in page.get("QueueUrls", []))

    def remove_bucket(name):
        bucket = s3.Bucket(name)
        bucket.object_versions.delete()
        bucket.delete()

    remove = {
        "table": lambda name: dynamodb.delete_table(TableName=name),
        "queue": lambda url: sqs.delete_queue(QueueUrl=url),
        "bucket": remove_bucket,
    }
    for kind, name in list(standing()):
        remove[kind](name)
    return [name for _, name in standing()]


# %% wrong: asks for the first page, before and after
# says: a hundred names at most
def tear_down(prefix):
    dynamodb, s3, sqs = boto3.client("dynamodb"), boto3.client("s3"), boto3.client("sqs")

    def tables():
        return [n for n in dynamodb.list_tables()["TableNames"] if n.startswith(prefix)]

    def buckets():
        return [b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"].startswith(prefix)]

    def queues():
        return sqs.list_queues(QueueNamePrefix=prefix).get("QueueUrls", [])

    for name in tables():
        dynamodb.delete_table(TableName=name)
    for name in buckets():
        for each in s3.list_objects_v2(Bucket=name).get("Contents", []):
            s3.delete_object(Bucket=name, Key=each["Key"])
        s3.delete_bucket(Bucket=name)
    for url in queues():
        sqs.delete_queue(QueueUrl=url)
    return tables() + buckets() + queues()


# %% wrong: looks for the prefix anywhere in the name
# says: holds the prefix somewhere
def tear_down(prefix):
    dynamodb, s3, sqs = boto3.client("dynamodb"), boto3.resource("s3"), boto3.client("sqs")

    def left():
        names = []
        for page in dynamodb.get_paginator("list_tables").paginate():
            names += [("t", n) for n in page["TableNames"] if prefix in n]
        names += [("b", b.name) for b in s3.buckets.all() if prefix in b.name]
        names += [("q", u) for u in sqs.list_queues().get("QueueUrls", []) if prefix in u]
        return names

    for kind, name in left():
        if kind == "t":
            dynamodb.delete_table(TableName=name)
        elif kind == "b":
            s3.Bucket(name).objects.all().delete()
            s3.Bucket(name).delete()
        else:
            sqs.delete_queue(QueueUrl=name)
    return [name for _, name in left()]
