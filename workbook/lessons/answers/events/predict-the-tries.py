# %% right: says where the numbers come from
asynchronous = 1 + 2
runs = {
    "an upload": asynchronous,
    "a message on a topic, two functions": 2 * asynchronous,
    "a message in a queue": 3,
    "a request over HTTP": 1,
}

# %% wrong: takes an upload for a call that somebody waits for
# says: The service that sends it waits for nobody
runs = {
    "an upload": 1,
    "a message in a queue": 3,
    "a request over HTTP": 1,
    "a message on a topic, two functions": 2,
}

# %% wrong: counts the retries without the first try
# says: once, and twice more
runs = {
    "an upload": 2,
    "a message in a queue": 3,
    "a request over HTTP": 1,
    "a message on a topic, two functions": 4,
}

# %% wrong: takes maxReceiveCount for retries after the first try
# says: maxReceiveCount is that number
runs = {
    "an upload": 3,
    "a message in a queue": 4,
    "a request over HTTP": 1,
    "a message on a topic, two functions": 6,
}

# %% wrong: thinks that requests are retried too
# says: they are told of the error
runs = {
    "an upload": 3,
    "a message in a queue": 3,
    "a request over HTTP": 3,
    "a message on a topic, two functions": 6,
}

# %% wrong: shares one count between the subscribers of a topic
# says: A topic calls each subscriber by itself
runs = {
    "an upload": 3,
    "a message in a queue": 3,
    "a request over HTTP": 1,
    "a message on a topic, two functions": 3,
}


# %% wrong: a topic reports once to each; the retries are not counted
# says: A topic calls each subscriber by itself
runs = {
    "an upload": 3,
    "a message in a queue": 3,
    "a request over HTTP": 1,
    "a message on a topic, two functions": 2,
}


# %% wrong: two tries again mean two runs; the queue moves it after the third, so a fourth
# says: once, and twice more
runs = {
    "an upload": 2,
    "a message in a queue": 4,
    "a request over HTTP": 1,
    "a message on a topic, two functions": 4,
}
