# %% right: the expression as a string, the days by number
app = Chalice(app_name="media-processor")


@app.schedule("cron(15 6 ? * 2-6 *)")
def nightly_report(event):
    scan, stock = boto3.client("dynamodb").get_paginator("scan"), {"TableName": "stock"}
    found = scan.paginate(**stock).build_full_result()["Items"]
    return len([row for row in found if int(row["stock"]["N"]) < 5])


# %% right: each day by its name
app = Chalice(app_name="media-processor")


@app.schedule(Cron(15, 6, "?", "*", "MON,TUE,WED,THU,FRI", "*"))
def nightly_report(event):
    stock, scarce, start = boto3.resource("dynamodb").Table("stock"), 0, {}
    while True:
        page = stock.scan(**start)
        for row in page["Items"]:
            if row["stock"] <= 4:
                scarce += 1
        if "LastEvaluatedKey" not in page:
            return scarce
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


# %% wrong: numbers the days as a Unix crontab does
# says: EventBridge begins a week with Sunday as 1
app = Chalice(app_name="media-processor")


@app.schedule(Cron(15, 6, "?", "*", "1-5", "*"))
def nightly_report(event):
    rows = boto3.resource("dynamodb").Table("stock").scan()["Items"]
    return sum(row["stock"] < 5 for row in rows)


# %% wrong: hours first
# says: Minutes come first
app = Chalice(app_name="media-processor")


@app.schedule(Cron(6, 15, "?", "*", "MON-FRI", "*"))
def nightly_report(event):
    rows = boto3.resource("dynamodb").Table("stock").scan()["Items"]
    return sum(row["stock"] < 5 for row in rows)


# %% wrong: every day
# says: The days of the week are not restricted
app = Chalice(app_name="media-processor")


@app.schedule(Cron(15, 6, "*", "*", "?", "*"))
def nightly_report(event):
    rows = boto3.resource("dynamodb").Table("stock").scan()["Items"]
    return sum(row["stock"] < 5 for row in rows)


# %% wrong: a star for both days
# says: has to be ?
app = Chalice(app_name="media-processor")


@app.schedule(Cron(15, 6, "*", "*", "MON-FRI", "*"))
def nightly_report(event):
    rows = boto3.resource("dynamodb").Table("stock").scan()["Items"]
    return sum(row["stock"] < 5 for row in rows)


# %% wrong: counts five as scarce
# says: 5 itself is not
app = Chalice(app_name="media-processor")


@app.schedule(Cron(15, 6, "?", "*", "MON-FRI", "*"))
def nightly_report(event):
    rows = boto3.resource("dynamodb").Table("stock").scan()["Items"]
    return sum(row["stock"] <= 5 for row in rows)


# %% right: the expression as text, a paginator and a sum over booleans
app = Chalice(app_name="media-processor")


@app.schedule("cron(15 6 ? * MON-FRI *)")
def nightly_report(event):
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName="stock")
    return sum(int(row["stock"]["N"]) < 5 for page in pages for row in page["Items"])


# %% wrong: (not in the task, and passed) only the first page of the table
# says: A scan's page ends at a megabyte
app = Chalice(app_name="media-processor")


@app.schedule(Cron(15, 6, "?", "*", "MON-FRI", "*"))
def nightly_report(event):
    rows = boto3.resource("dynamodb").Table("stock").scan()["Items"]
    return len([row for row in rows if row["stock"] < 5])


# %% wrong: compares numbers as text
# says: as text, '12' comes before '5'
app = Chalice(app_name="media-processor")


@app.schedule(Cron(15, 6, "?", "*", "MON-FRI", "*"))
def nightly_report(event):
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName="stock")
    return sum(row["stock"]["N"] < "5" for page in pages for row in page["Items"])


# %% wrong: a crontab's five fields, as text
# says: cron(…) around six fields
app = Chalice(app_name="media-processor")


@app.schedule("15 6 * * 1-5")
def nightly_report(event):
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName="stock")
    return sum(int(row["stock"]["N"]) < 5 for page in pages for row in page["Items"])
