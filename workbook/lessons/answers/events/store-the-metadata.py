# %% right: reads the raw event and decodes the key by itself
from urllib.parse import unquote_plus

app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="incoming-raw-images")
def store_metadata(event):
    for record in event.to_dict()["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        found = boto3.resource("s3").Object(bucket, key)
        row = {"photo": key, "content_type": found.content_type, "size": found.content_length}
        boto3.resource("dynamodb").Table("media").put_item(Item=row)


# %% right: writes with an update, and the low-level client
app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="incoming-raw-images", events=["s3:ObjectCreated:*"])
def store_metadata(event):
    answer = boto3.client("s3").get_object(Bucket=event.bucket, Key=event.key)
    boto3.client("dynamodb").update_item(
        TableName="media",
        Key={"photo": {"S": event.key}},
        UpdateExpression="SET content_type = :t, #size = :s",
        ExpressionAttributeNames={"#size": "size"},  # a reserved word
        ExpressionAttributeValues={
            ":t": {"S": answer["ContentType"]},
            ":s": {"N": str(len(answer["Body"].read()))},
        },
    )


# %% wrong: uses the key as S3 wrote it
# says: S3 writes keys into its events as into a URL
app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="incoming-raw-images", events=["s3:ObjectCreated:*"])
def store_metadata(event):
    record = event.to_dict()["Records"][0]["s3"]
    found = boto3.client("s3").head_object(Bucket=event.bucket, Key=event.key)
    boto3.resource("dynamodb").Table("media").put_item(
        Item={
            "photo": record["object"]["key"],
            "content_type": found["ContentType"],
            "size": found["ContentLength"],
        }
    )


# %% wrong: guesses the content type from the file's name
# says: What the photo is, S3 knows
app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="incoming-raw-images", events=["s3:ObjectCreated:*"])
def store_metadata(event):
    found = boto3.client("s3").head_object(Bucket=event.bucket, Key=event.key)
    boto3.resource("dynamodb").Table("media").put_item(
        Item={
            "photo": event.key,
            "content_type": "image/" + event.key.rsplit(".", 1)[1],
            "size": found["ContentLength"],
        }
    )


# %% wrong: returns the row, as a view would
# says: no row
app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="incoming-raw-images", events=["s3:ObjectCreated:*"])
def store_metadata(event):
    found = boto3.client("s3").head_object(Bucket=event.bucket, Key=event.key)
    return {
        "photo": event.key,
        "content_type": found["ContentType"],
        "size": found["ContentLength"],
    }


# %% wrong: listens to another bucket
# says: Uploads to another bucket never reach it
app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="media", events=["s3:ObjectCreated:*"])
def store_metadata(event):
    found = boto3.client("s3").head_object(Bucket=event.bucket, Key=event.key)
    boto3.resource("dynamodb").Table("media").put_item(
        Item={
            "photo": event.key,
            "content_type": found["ContentType"],
            "size": found["ContentLength"],
        }
    )


# %% wrong: never replaces the row of a photo that is uploaded again
# says: the row of photos/mill.png
app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="incoming-raw-images", events=["s3:ObjectCreated:*"])
def store_metadata(event):
    found = boto3.client("s3").head_object(Bucket=event.bucket, Key=event.key)
    media = boto3.resource("dynamodb").Table("media")
    if "Item" not in media.get_item(Key={"photo": event.key}):
        media.put_item(
            Item={
                "photo": event.key,
                "content_type": found["ContentType"],
                "size": found["ContentLength"],
            }
        )


# %% right: raw event decoded by hand, object asked through the resource API, row written with the low-level client
from urllib.parse import unquote_plus

app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="incoming-raw-images", events=["s3:ObjectCreated:*"])
def store_metadata(event):
    for record in event.to_dict()["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])
        photo = boto3.resource("s3").Object(bucket, key)
        row = {
            "photo": {"S": key},
            "content_type": {"S": photo.content_type},
            "size": {"N": str(photo.content_length)},
        }
        boto3.client("dynamodb").put_item(TableName="media", Item=row)


# %% wrong: the key of the raw event, not decoded
# says: S3 writes keys into its events as into a URL
app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="incoming-raw-images", events=["s3:ObjectCreated:*"])
def store_metadata(event):
    key = event.to_dict()["Records"][0]["s3"]["object"]["key"]
    found = boto3.client("s3").head_object(Bucket=event.bucket, Key=key)
    boto3.resource("dynamodb").Table("media").put_item(
        Item={"photo": key, "content_type": found["ContentType"], "size": found["ContentLength"]}
    )


# %% wrong: size from the headers, as text
# says: A size is a number, not text
app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="incoming-raw-images", events=["s3:ObjectCreated:*"])
def store_metadata(event):
    found = boto3.client("s3").head_object(Bucket=event.bucket, Key=event.key)
    boto3.resource("dynamodb").Table("media").put_item(
        Item={
            "photo": event.key,
            "content_type": found["ContentType"],
            "size": found["ResponseMetadata"]["HTTPHeaders"]["content-length"],
        }
    )


# %% wrong: the photo's name without its folder
# says: folder and all
app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="incoming-raw-images", events=["s3:ObjectCreated:*"])
def store_metadata(event):
    found = boto3.client("s3").head_object(Bucket=event.bucket, Key=event.key)
    boto3.resource("dynamodb").Table("media").put_item(
        Item={
            "photo": event.key.split("/")[-1],
            "content_type": found["ContentType"],
            "size": found["ContentLength"],
        }
    )


# %% wrong: a filter that keeps half of the photos back
# says: photos/espresso beans.jpg, photos/100%+.webp never reach it
app = Chalice(app_name="media-processor")


@app.on_s3_event(bucket="incoming-raw-images", suffix=".png")
def store_metadata(event):
    found = boto3.client("s3").head_object(Bucket=event.bucket, Key=event.key)
    boto3.resource("dynamodb").Table("media").put_item(
        Item={
            "photo": event.key,
            "content_type": found["ContentType"],
            "size": found["ContentLength"],
        }
    )
