# %% right: counts the functions once
every = 8
touched = {
    "one line in one view: functions updated": every,
    "nothing changed at all: functions updated": every,
    "app.py imports a file that is missing: functions updated": 0,
    "app.py imports a package that only this laptop has: functions updated": every,
    "a fifth table in resources.yaml, chalice deploy only: tables made": 0,
    "chalice delete: tables deleted": 0,
}

# %% wrong: takes a deploy for a diff
# says: share one zip
touched = {
    "one line in one view: functions updated": 1,
    "nothing changed at all: functions updated": 0,
    "app.py imports a file that is missing: functions updated": 0,
    "app.py imports a package that only this laptop has: functions updated": 8,
    "a fifth table in resources.yaml, chalice deploy only: tables made": 0,
    "chalice delete: tables deleted": 0,
}

# %% wrong: thinks that a deploy tests the functions
# says: the functions fail when they start
touched = {
    "one line in one view: functions updated": 8,
    "nothing changed at all: functions updated": 8,
    "app.py imports a file that is missing: functions updated": 0,
    "app.py imports a package that only this laptop has: functions updated": 0,
    "a fifth table in resources.yaml, chalice deploy only: tables made": 0,
    "chalice delete: tables deleted": 0,
}

# %% wrong: thinks that chalice delete deletes everything
# says: Chalice deletes what it made
touched = {
    "one line in one view: functions updated": 8,
    "nothing changed at all: functions updated": 8,
    "app.py imports a file that is missing: functions updated": 0,
    "app.py imports a package that only this laptop has: functions updated": 8,
    "a fifth table in resources.yaml, chalice deploy only: tables made": 0,
    "chalice delete: tables deleted": 4,
}


# %% right: pairs the questions with their numbers
touched = dict(
    zip(
        [
            "one line in one view: functions updated",
            "nothing changed at all: functions updated",
            "app.py imports a file that is missing: functions updated",
            "app.py imports a package that only this laptop has: functions updated",
            "a fifth table in resources.yaml, chalice deploy only: tables made",
            "chalice delete: tables deleted",
        ],
        [8, 8, 0, 8, 0, 0],
    )
)


# %% wrong: thinks that nothing changed means nothing sent
# says: share one zip
touched = {
    "one line in one view: functions updated": 8,
    "nothing changed at all: functions updated": 0,
    "app.py imports a file that is missing: functions updated": 0,
    "app.py imports a package that only this laptop has: functions updated": 8,
    "a fifth table in resources.yaml, chalice deploy only: tables made": 0,
    "chalice delete: tables deleted": 0,
}


# %% wrong: thinks that one function is the API, and that a deploy reads the resources
# says: share one zip
touched = {
    "one line in one view: functions updated": 1,
    "nothing changed at all: functions updated": 8,
    "app.py imports a file that is missing: functions updated": 0,
    "app.py imports a package that only this laptop has: functions updated": 8,
    "a fifth table in resources.yaml, chalice deploy only: tables made": 1,
    "chalice delete: tables deleted": 4,
}
