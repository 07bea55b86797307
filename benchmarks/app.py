"""The app that is deployed and measured: six functions and an API."""

import time

from chalice import AuthResponse, Chalice, Rate

app = Chalice(app_name="bench")


@app.authorizer()
def gate(request):
    return AuthResponse(routes=["*"], principal_id="ada")


@app.route("/")
def index():
    return {"stall": "open"}


@app.route("/wait")
def wait():
    time.sleep(0.05)
    return {"waited": True}


@app.route("/private", authorizer=gate)
def private():
    return {"who": app.current_request.context["authorizer"]["principalId"]}


@app.on_s3_event(bucket="bench-uploads")
def uploaded(event):
    print(event.key)


@app.on_sqs_message(queue="bench-orders")
def ordered(event):
    print(*(record.body for record in event))


@app.on_sns_message(topic="bench-news")
def announced(event):
    print(event.message)


@app.schedule(Rate(5, unit=Rate.MINUTES))
def tidy(event):
    return {"tidied": True}
