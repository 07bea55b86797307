# %% right: searches with @given and keeps what failed
from hypothesis import given

names = st.sampled_from(["Moka pot", "Kännchen"])
odd = st.none() | st.integers() | st.text(max_size=2) | st.lists(st.integers(), max_size=1)
anything = st.one_of(
    odd,
    st.fixed_dictionaries({"name": names, "stock": odd | st.just(0)}),
    st.fixed_dictionaries({"name": odd, "stock": st.integers(1, 3)}),
    st.dictionaries(st.sampled_from(["name", "stock"]), names, max_size=1),
)


def find_crash(app):
    failed = []

    @BRIEFLY
    @given(anything)
    def never_500(value):
        if status(app, value) >= 500:
            failed.append(value)
            raise AssertionError("crashed")

    try:
        never_500()
    except AssertionError:
        pass
    return json.dumps(failed[-1]) if failed else None


# %% right: breaks a good item in every way by hand, and asks hypothesis for names
import itertools


def find_crash(app):
    odd = [None, True, 0, -1, 2.5, "", "12", [], {}]
    good = {"name": "Moka pot", "stock": 4}
    bodies = [None, True, 3, "text", [], [good], {}, {"name": "Moka pot"}, {"stock": 4}]
    bodies += [{**good, key: value} for key, value in itertools.product(good, odd)]
    for body in bodies:
        if status(app, body) >= 500:
            return json.dumps(body)
    try:
        named = st.text(min_size=1).map(lambda name: {**good, "name": name})
        return json.dumps(find(named, lambda body: status(app, body) >= 500, settings=BRIEFLY))
    except NoSuchExample:
        return None


# %% wrong: tries well-formed items only
# says: a field is missing
def find_crash(app):
    items = st.fixed_dictionaries({"name": st.text(min_size=1), "stock": st.integers(min_value=0)})
    try:
        return json.dumps(find(items, lambda value: status(app, value) >= 500, settings=BRIEFLY))
    except NoSuchExample:
        return None


# %% wrong: takes a refusal for a crash
# says: A refusal is a right answer
def find_crash(app):
    values = st.none() | st.integers() | st.text()
    bodies = st.dictionaries(st.sampled_from(["name", "stock"]), values) | values
    try:
        return json.dumps(find(bodies, lambda value: status(app, value) >= 400, settings=BRIEFLY))
    except NoSuchExample:
        return None


# %% wrong: tries objects only
# says: no object
def find_crash(app):
    values = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())
    bodies = st.fixed_dictionaries({}, optional={"name": values, "stock": values})
    try:
        return json.dumps(find(bodies, lambda value: status(app, value) >= 500, settings=BRIEFLY))
    except NoSuchExample:
        return None


# %% wrong: says that it crashed, and not with what
# says: the body itself
def find_crash(app):
    values = st.none() | st.integers() | st.text() | st.lists(st.text())
    bodies = st.fixed_dictionaries({}, optional={"name": values, "stock": values}) | values
    try:
        find(bodies, lambda value: status(app, value) >= 500, settings=BRIEFLY)
    except NoSuchExample:
        return None
    return True


# %% wrong: lets NoSuchExample out
# says: NoSuchExample
def find_crash(app):
    values = st.none() | st.integers() | st.text() | st.lists(st.text())
    bodies = st.fixed_dictionaries({}, optional={"name": values, "stock": values}) | values
    return json.dumps(find(bodies, lambda value: status(app, value) >= 500, settings=BRIEFLY))


# %% wrong: numbers and texts, and never a list or null where a text belongs
# says: another type
def find_crash(app):
    bodies = (
        st.fixed_dictionaries({}, optional={"name": st.text(), "stock": st.integers()})
        | st.none()
        | st.lists(st.integers())
        | st.integers()
        | st.text()
    )
    try:
        return json.dumps(find(bodies, lambda value: status(app, value) >= 500, settings=BRIEFLY))
    except NoSuchExample:
        return None


# %% wrong: writes names in plain ASCII
# says: beyond ASCII
def find_crash(app):
    text = st.text(alphabet="abc 123", max_size=3)
    value = st.none() | st.booleans() | st.integers() | text | st.lists(text, max_size=1)
    good = {"name": st.just("Moka pot"), "stock": st.integers(0, 2)}
    bodies = st.one_of(
        value,
        st.fixed_dictionaries({}, optional=good),
        st.fixed_dictionaries({**good, "name": value}),
        st.fixed_dictionaries({**good, "stock": value}),
    )
    try:
        found = find(bodies, lambda value: status(app, value) >= 500, settings=BRIEFLY)
    except NoSuchExample:
        return None
    return json.dumps(found)


# %% wrong: returns the value, so that a null looks like nothing found
# says: as JSON text
def find_crash(app):
    values = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())
    good = {"name": st.text(min_size=1), "stock": st.integers(0, 100)}
    bodies = (
        st.fixed_dictionaries({}, optional={"name": values, "stock": values})
        | st.fixed_dictionaries(good)
        | values
    )
    try:
        return find(bodies, lambda value: status(app, value) >= 500, settings=BRIEFLY)
    except NoSuchExample:
        return None


# %% right: no hypothesis at all: a list of nasty values, crossed
def find_crash(app):
    nasty = [None, True, 0, -1, 1.5, "", "x", "7", "Café ☕", [], ["x"], {}, "Moka pot", 4]
    bodies = [*nasty, {"name": "Moka pot"}, {"stock": 4}]
    bodies += [{"name": name, "stock": stock} for name in nasty for stock in nasty]
    return next((json.dumps(body) for body in bodies if status(app, body) >= 500), None)


# %% wrong: only objects with both fields
# says: breaks when a field is missing
def find_crash(app):
    value = st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=1)
    bodies = st.fixed_dictionaries({"name": value, "stock": value})
    try:
        return json.dumps(find(bodies, lambda body: status(app, body) >= 500, settings=BRIEFLY))
    except NoSuchExample:
        return None


# %% wrong: the chapter's rule, as it stands
# says: breaks when the name has letters beyond ASCII
def find_crash(app):
    value = st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=1)
    bodies = value | st.dictionaries(st.sampled_from(["name", "stock"]), value)
    try:
        return json.dumps(find(bodies, lambda body: status(app, body) >= 500, settings=BRIEFLY))
    except NoSuchExample:
        return None
