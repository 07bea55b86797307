# %% right: built one by one
prediction = {}
prediction["a"] = "not attempted"
prediction["b"] = prediction["f"] = "passed"
prediction["c"] = prediction["d"] = prediction["e"] = "failed"

# %% right: capitals and spaces at the ends do not matter
prediction = {
    "a": "Not attempted",
    "b": "Passed ",
    "c": "Failed",
    "d": "FAILED",
    "e": "failed",
    "f": "passed",
}

# %% wrong: an untouched answer has failed
# says: Nothing was tried
prediction = {
    "a": "failed",
    "b": "passed",
    "c": "failed",
    "d": "failed",
    "e": "failed",
    "f": "passed",
}

# %% wrong: an answer unlike the solution fails
# says: never reads your code
prediction = {
    "a": "not attempted",
    "b": "failed",
    "c": "failed",
    "d": "failed",
    "e": "failed",
    "f": "passed",
}

# %% wrong: the examples are all that is checked
# says: with other inventories
prediction = {
    "a": "not attempted",
    "b": "passed",
    "c": "passed",
    "d": "failed",
    "e": "failed",
    "f": "passed",
}

# %% wrong: a loop that never ends is never judged
# says: ten seconds
prediction = {
    "a": "not attempted",
    "b": "passed",
    "c": "failed",
    "d": "not attempted",
    "e": "failed",
    "f": "passed",
}

# %% wrong: an exception means that nothing was attempted
# says: the line that raised
prediction = {
    "a": "not attempted",
    "b": "passed",
    "c": "failed",
    "d": "failed",
    "e": "not attempted",
    "f": "passed",
}

# %% wrong: a later failure takes the pass away
# says: A pass stays
prediction = {
    "a": "not attempted",
    "b": "passed",
    "c": "failed",
    "d": "failed",
    "e": "failed",
    "f": "failed",
}

# %% wrong: another word
# says: one of "not attempted", "failed", "passed"
prediction = {
    "a": "not attempted",
    "b": "correct",
    "c": "failed",
    "d": "failed",
    "e": "failed",
    "f": "passed",
}

# %% wrong: a list in order
# says: a dict
prediction = ["not attempted", "passed", "failed", "failed", "failed", "passed"]

# %% wrong: one is left out
# says: no prediction for "f"
prediction = {
    "a": "not attempted",
    "b": "passed",
    "c": "failed",
    "d": "failed",
    "e": "failed",
}
