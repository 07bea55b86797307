# %% right: counts what is started wave by wave
def started(*waves, limit=1000):
    """Each wave: how many requests come, and how many environments have gone before it."""
    warm = total = 0
    for requests, gone in waves:
        warm -= min(gone, warm)
        new = max(0, min(requests, limit) - warm)
        warm, total = warm + new, total + new
    return total


predicted = dict(
    zip(
        ("one by one", "a crowd", "two crowds", "a crash", "overnight", "a limit"),
        (
            started(*[(1, 0)] * 6),
            started((4, 0)),
            started((4, 0), (6, 0)),
            started((3, 0), (3, 1)),
            started((4, 0), (2, 4)),
            started((8, 0), limit=5),
        ),
    )
)


# %% right: sums written out, one more scene of the learner's own
predicted = {
    "a limit": 5,
    "overnight": 4 + 2,
    "a crash": 3 + 1,
    "two crowds": 4 + (6 - 4),
    "a crowd": 4,
    "one by one": 1,
    "nobody": 0,
}


# %% wrong: a new environment for every request
# says: found an environment that waits
predicted = {
    "one by one": 6,
    "a crowd": 4,
    "two crowds": 10,
    "a crash": 6,
    "overnight": 6,
    "a limit": 8,
}


# %% wrong: one environment serves them all, as a server would
# says: requests at the same time share none
predicted = {
    "one by one": 1,
    "a crowd": 1,
    "two crowds": 1,
    "a crash": 2,
    "overnight": 2,
    "a limit": 1,
}


# %% wrong: forgets that the first crowd leaves warm ones behind
# says: only who finds none gets a new one
predicted = {
    "one by one": 1,
    "a crowd": 4,
    "two crowds": 10,
    "a crash": 4,
    "overnight": 6,
    "a limit": 5,
}


# %% wrong: a crash takes all environments with it
# says: and leaves the others warm
predicted = {
    "one by one": 1,
    "a crowd": 4,
    "two crowds": 6,
    "a crash": 6,
    "overnight": 6,
    "a limit": 5,
}


# %% wrong: counts those that are alive in the morning
# says: Counted is what was started in all
predicted = {
    "one by one": 1,
    "a crowd": 4,
    "two crowds": 6,
    "a crash": 4,
    "overnight": 2,
    "a limit": 5,
}


# %% wrong: whoever is refused counts too
# says: Who is refused gets no environment
predicted = {
    "one by one": 1,
    "a crowd": 4,
    "two crowds": 6,
    "a crash": 4,
    "overnight": 6,
    "a limit": 8,
}


# %% wrong: words instead of numbers
# says: expected a whole number
predicted = {
    "one by one": "1",
    "a crowd": "4",
    "two crowds": "6",
    "a crash": "4",
    "overnight": "6",
    "a limit": "5",
}


# %% wrong: a crash takes nothing away that has to be made anew
# says: and leaves the others warm
predicted = {
    "one by one": 1,
    "a crowd": 4,
    "two crowds": 6,
    "a crash": 3,
    "overnight": 6,
    "a limit": 5,
}


# %% wrong: the two of the morning find the four of the evening; the refused three wait and get one
# says: nothing is warm any more
predicted = {
    "one by one": 1,
    "a crowd": 4,
    "two crowds": 6,
    "a crash": 4,
    "overnight": 4,
    "a limit": 5,
}
