# %% right: the expression as a string, the days by number
app = Chalice(app_name="media-processor")


@app.schedule("cron(15 6 ? * 2-6 *)")
def nightly_report(event):
    found = boto3.client("dynamodb").scan(TableName="stock")["Items"]
    return len([row for row in found if int(row["stock"]["N"]) < 5])


# %% right: each day by its name
app = Chalice(app_name="media-processor")


@app.schedule(Cron(15, 6, "?", "*", "MON,TUE,WED,THU,FRI", "*"))
def nightly_report(event):
    scarce = 0
    for row in boto3.resource("dynamodb").Table("stock").scan()["Items"]:
        if row["stock"] <= 4:
            scarce += 1
    return scarce


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
