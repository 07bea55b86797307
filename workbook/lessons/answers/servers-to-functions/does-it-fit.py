# %% right: asks the same questions of every workload
FACTS = {
    "thumbnails": {"seconds": 2, "month": 20_000},
    "nightly report": {"seconds": 240, "month": 30},
    "film": {"seconds": 2_400, "month": 30},
    "chess": {"seconds": 0.01, "month": 300_000, "same_process": True},
    "price feed": {"seconds": 0.05, "month": 400 * 86_400 * 30},
    "archive": {"seconds": 1, "month": 5_000, "megabytes": 40},
}


def decide(seconds, month, megabytes=0, same_process=False):
    if seconds > 15 * 60:
        return "too long"
    if megabytes > 6:
        return "too big"
    if same_process:
        return "remembers"
    return "never idle" if seconds * month > 0.5 * 30 * 86_400 else "fits"


decided = {workload: decide(**facts) for workload, facts in FACTS.items()}


# %% right: everything fits, but for these
decided = dict.fromkeys(["thumbnails", "nightly report"], "fits") | {
    "archive": "too big",
    "price feed": "never idle",
    "chess": "remembers",
    "film": "too long",
}


# %% wrong: afraid of the burst on Mondays
# says: a function grows to that
decided = {
    "thumbnails": "never idle",
    "nightly report": "fits",
    "film": "too long",
    "chess": "remembers",
    "price feed": "never idle",
    "archive": "too big",
}


# %% wrong: takes four minutes for too long
# says: Four minutes are long for a web page and short for a function
decided = {
    "thumbnails": "fits",
    "nightly report": "too long",
    "film": "too long",
    "chess": "remembers",
    "price feed": "never idle",
    "archive": "too big",
}


# %% wrong: short calls always fit, however many
# says: There is no waiting that a function could save you
decided = {
    "thumbnails": "fits",
    "nightly report": "fits",
    "film": "too long",
    "chess": "remembers",
    "price feed": "fits",
    "archive": "too big",
}


# %% wrong: a warm environment will remember the game
# says: Nothing decides which environment gets a request
decided = {
    "thumbnails": "fits",
    "nightly report": "fits",
    "film": "too long",
    "chess": "fits",
    "price feed": "never idle",
    "archive": "too big",
}


# %% wrong: says yes and no
# says: one of fits, too long, too big, remembers, never idle
decided = {
    "thumbnails": True,
    "nightly report": True,
    "film": False,
    "chess": False,
    "price feed": False,
    "archive": False,
}


# %% wrong: 40 MB in a body is fine; film is big
# says: a function grows to that
decided = {
    "thumbnails": "never idle",
    "nightly report": "fits",
    "film": "too big",
    "chess": "fits",
    "price feed": "fits",
    "archive": "fits",
}
