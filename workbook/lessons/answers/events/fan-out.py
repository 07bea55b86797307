# %% right: queues first, raw delivery set afterwards
def fan_out(topic, queues):
    sqs, sns = boto3.resource("sqs"), boto3.resource("sns")
    made = [sqs.create_queue(QueueName=name) for name in queues]
    announcements = sns.create_topic(Name=topic)
    for queue in made:
        subscription = announcements.subscribe(
            Protocol="sqs", Endpoint=queue.attributes["QueueArn"], ReturnSubscriptionArn=True
        )
        subscription.set_attributes(AttributeName="RawMessageDelivery", AttributeValue="true")
    return announcements.arn


# %% wrong: leaves the envelope on
# says: RawMessageDelivery hands on the bare text
def fan_out(topic, queues):
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    arn = sns.create_topic(Name=topic)["TopicArn"]
    for name in queues:
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=found["Attributes"]["QueueArn"])
    return arn


# %% wrong: subscribes only the first queue
# says: Nothing arrived
def fan_out(topic, queues):
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    arn = sns.create_topic(Name=topic)["TopicArn"]
    urls = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in queues]
    found = sqs.get_queue_attributes(QueueUrl=urls[0], AttributeNames=["QueueArn"])
    sns.subscribe(
        TopicArn=arn,
        Protocol="sqs",
        Endpoint=found["Attributes"]["QueueArn"],
        Attributes={"RawMessageDelivery": "true"},
    )
    return arn


# %% wrong: returns what AWS answered instead of the ARN
# says: the ARN of the topic low-stock
def fan_out(topic, queues):
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    answer = sns.create_topic(Name=topic)
    for name in queues:
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        sns.subscribe(
            TopicArn=answer["TopicArn"],
            Protocol="sqs",
            Endpoint=found["Attributes"]["QueueArn"],
            Attributes={"RawMessageDelivery": "true"},
        )
    return answer


# %% wrong: knows the two names of the example only
# says: one named window
def fan_out(topic, queues):
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    arn = sns.create_topic(Name=topic)["TopicArn"]
    for name in ["storeroom-screen", "buyer"]:
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        sns.subscribe(
            TopicArn=arn,
            Protocol="sqs",
            Endpoint=found["Attributes"]["QueueArn"],
            Attributes={"RawMessageDelivery": "true"},
        )
    return arn


# %% wrong: names of the example typed into the ARNs
# says: the ARN of the topic new-items
def fan_out(topic, queues):
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    arn = sns.create_topic(Name="low-stock")["TopicArn"]
    for name in queues:
        sqs.create_queue(QueueName=name)
    for name in ["storeroom-screen", "buyer"]:
        sns.subscribe(
            TopicArn=arn,
            Protocol="sqs",
            Endpoint=f"arn:aws:sqs:us-east-1:123456789012:{name}",
            Attributes={"RawMessageDelivery": "true"},
        )
    return arn
