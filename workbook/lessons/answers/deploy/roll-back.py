# %% right: a loop over what may be live
def ship(new, live, deploy, healthy):
    for release in (new, live):
        try:
            deploy(release)
            if healthy():
                return release
        except Exception as error:
            print(release, "failed:", error)
    raise RuntimeError("neither release is healthy")


# %% wrong: believes the deploy
# says: not when it runs
def ship(new, live, deploy, healthy):
    try:
        deploy(new)
        return new
    except Exception:
        deploy(live)
        return live


# %% wrong: looks before it deploys
# says: Deploy, then look
def ship(new, live, deploy, healthy):
    if not healthy():
        deploy(live)
        return live
    deploy(new)
    return new


# %% wrong: does not look at what it put back
# says: looked at like any other release
def ship(new, live, deploy, healthy):
    try:
        deploy(new)
        if healthy():
            return new
    except Exception:
        pass
    deploy(live)
    return live


# %% wrong: lets silence through
# says: nobody answers
def ship(new, live, deploy, healthy):
    deploy(new)
    if healthy():
        return new
    deploy(live)
    if not healthy():
        raise RuntimeError("neither release is healthy")
    return live


# %% wrong: forgets what is live
# says: It returns the release that is live
def ship(new, live, deploy, healthy):
    try:
        deploy(new)
        ok = healthy()
    except Exception:
        ok = False
    if not ok:
        deploy(live)
        if not healthy():
            raise RuntimeError("neither release is healthy")
    return new


# %% wrong: hopes that the old one works
# says: a person has to know it
def ship(new, live, deploy, healthy):
    for release in (new, live):
        try:
            deploy(release)
            if healthy():
                return release
        except Exception as error:
            print(release, "failed:", error)
    return None


# %% right: a function that says whether a release stands, for one after the other
from contextlib import suppress


def ship(new, live, deploy, healthy):
    def stands(release):
        with suppress(Exception):
            deploy(release)
            return healthy()
        return False

    for release in (new, live):
        if stands(release):
            return release
    raise RuntimeError(f"neither {new} nor {live} is healthy")


# %% wrong: goes back after a no, and not after an error
# says: reason to leave
def ship(new, live, deploy, healthy):
    deploy(new)
    if healthy():
        return new
    deploy(live)
    if not healthy():
        raise RuntimeError("the old one is not healthy either")
    return live


# %% wrong: thinks that a deploy that raised has changed nothing
# says: Half of the functions are new
def ship(new, live, deploy, healthy):
    try:
        deploy(new)
    except Exception:
        return live
    try:
        ok = healthy()
    except Exception:
        ok = False
    if ok:
        return new
    deploy(live)
    try:
        ok = healthy()
    except Exception:
        ok = False
    if not ok:
        raise RuntimeError("the old one is not healthy either")
    return live
