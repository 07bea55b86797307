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
