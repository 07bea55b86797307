# %% right: compares part by part, literal parts before parameters
def is_name(part):
    return part.startswith("{") and part.endswith("}")


def captured(pattern, path):
    """The parameters in path by name, or None where it does not fit the pattern."""
    wanted, given = pattern.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    names = {}
    for want, got in zip(wanted, given):
        if is_name(want) and got:
            names[want[1:-1]] = got
        elif want != got:
            return None
    return names


class Registry:
    def __init__(self):
        self.routes = {}

    def route(self, path, method="GET"):
        def register(view):
            self.routes.setdefault(path, {})[method] = view
            return view

        return register

    def dispatch(self, method, path):
        literal_first = sorted(self.routes, key=lambda p: [is_name(q) for q in p.split("/")])
        for pattern in literal_first:
            names = captured(pattern, path)
            if names is not None:
                return self.routes[pattern][method](**names)
        raise LookupError(f"No route for {path}")


# %% right: turns every path into a regular expression
import re


class Registry:
    def __init__(self):
        self._rows = {}

    def route(self, path, method="GET"):
        def register(view):
            views = self._rows.setdefault(path, {})
            if method in views:
                raise ValueError(f"Duplicate method: {method!r} for {path}")
            views[method] = view
            return view

        return register

    @staticmethod
    def _pattern(path):
        pieces = re.split(r"\{(\w+)\}", path)
        literal = [re.escape(piece) for piece in pieces[::2]]
        names = [f"(?P<{name}>[^/]+)" for name in pieces[1::2]] + [""]
        return re.compile("".join(a + b for a, b in zip(literal, names)))

    def dispatch(self, method, path):
        def params_by_position(row):
            return [part.startswith("{") for part in row.split("/")]

        for row in sorted(self._rows, key=params_by_position):
            found = self._pattern(row).fullmatch(path)
            if found:
                break
        else:
            raise LookupError(path)
        try:
            view = self._rows[row][method]
        except KeyError:
            raise LookupError(f"{method} {path}") from None
        return view(**found.groupdict())


# %% right: a tree of resources, as in API Gateway
class Resource:
    def __init__(self):
        self.children = {}
        self.wildcard = None
        self.views = {}  # method -> (names, view)

    def find(self, parts):
        """Yield each resource that fits, with what its wildcards caught; literal ones first."""
        if not parts:
            if self.views:
                yield self, []
            return
        first, *rest = parts
        if first in self.children:
            yield from self.children[first].find(rest)
        if self.wildcard and first:
            for resource, values in self.wildcard.find(rest):
                yield resource, [first, *values]


class Registry:
    def __init__(self):
        self.root = Resource()

    def route(self, path, method="GET"):
        def register(view):
            resource, names = self.root, []
            for part in path.split("/"):
                if part.startswith("{"):
                    names.append(part.strip("{}"))
                    resource.wildcard = resource.wildcard or Resource()
                    resource = resource.wildcard
                else:
                    resource = resource.children.setdefault(part, Resource())
            resource.views[method] = (names, view)
            return view

        return register

    def dispatch(self, method, path):
        for resource, values in self.root.find(path.split("/")):
            names, view = resource.views[method]
            return view(**dict(zip(names, values)))
        raise LookupError(f"Nothing at {path}")


# %% right: the decorator is an object, and Chalice keeps the table
class Registration:
    def __init__(self, app, path, method):
        self.decorate = app.route(path, methods=[method])

    def __call__(self, view):
        self.decorate(view)
        return view


class Registry:
    def __init__(self):
        self.app = Chalice(app_name="registry")

    def route(self, path, method="GET"):
        return Registration(self.app, path, method)

    def _fits(self, pattern, parts):
        wanted = pattern.split("/")
        return len(wanted) == len(parts) and all(
            got if want.startswith("{") else want == got for want, got in zip(wanted, parts)
        )

    def dispatch(self, method, path):
        parts = path.split("/")
        fitting = [pattern for pattern in self.app.routes if self._fits(pattern, parts)]
        if not fitting:
            raise LookupError(path)
        best = min(fitting, key=lambda p: ["{" in part for part in p.split("/")])
        entry = self.app.routes[best][method]
        at = {part: index for index, part in enumerate(best.split("/"))}
        return entry.view_function(**{n: parts[at["{" + n + "}"]] for n in entry.view_args})


# %% wrong: keeps the table on the class
# says: shared by all instances: make it in `__init__`
# a view registered on one Registry() is found by dispatch on every other one
class Registry:
    routes = {}  # noqa: RUF012 - the mistake itself

    def route(self, path, method="GET"):
        def register(view):
            self.routes.setdefault(path, {})[method] = view
            return view

        return register

    def dispatch(self, method, path):
        given = path.split("/")
        for pattern in sorted(self.routes):
            wanted = pattern.split("/")
            pairs = list(zip(wanted, given))
            if len(wanted) == len(given) and all(w == g or w[:1] == "{" and g for w, g in pairs):
                names = {w[1:-1]: g for w, g in pairs if w[:1] == "{"}
                return self.routes[pattern][method](**names)
        raise LookupError(path)


# %% wrong: believes that a decorator must wrap
# says: Registering is storing
# read_item is another function after @shop.route("/items/{item_id}") than it was before
import functools


class Registry:
    def __init__(self):
        self.routes = {}

    def route(self, path, method="GET"):
        def register(view):
            @functools.wraps(view)
            def wrapped(*args, **kwargs):
                return view(*args, **kwargs)

            self.routes.setdefault(path, {})[method] = wrapped
            return wrapped

        return register

    def dispatch(self, method, path):
        given = path.split("/")
        for pattern in sorted(self.routes):
            wanted = pattern.split("/")
            pairs = list(zip(wanted, given))
            if len(wanted) == len(given) and all(w == g or w[:1] == "{" and g for w, g in pairs):
                names = {w[1:-1]: g for w, g in pairs if w[:1] == "{"}
                return self.routes[pattern][method](**names)
        raise LookupError(path)


# %% wrong: the first route that fits wins
# says: whichever was registered first
# dispatch("GET", "/items/low") calls read_item where "/items/{item_id}" was registered first
class Registry:
    def __init__(self):
        self.routes = []

    def route(self, path, method="GET"):
        def register(view):
            self.routes.append((method, path.split("/"), view))
            return view

        return register

    def dispatch(self, method, path):
        given = path.split("/")
        for registered, wanted, view in self.routes:
            pairs = list(zip(wanted, given))
            if registered != method or len(wanted) != len(given):
                continue
            if all(w == g or w[:1] == "{" and g for w, g in pairs):
                return view(**{w[1:-1]: g for w, g in pairs if w[:1] == "{"})
        raise LookupError(path)


# %% wrong: hands the parameters over by position
# says: call the view with keywords
# dispatch("GET", "/shops/oslo/items/item_1") swaps the two for a view read(item_id, shop_id)
class Registry:
    def __init__(self):
        self.routes = {}

    def route(self, path, method="GET"):
        def register(view):
            self.routes.setdefault(path, {})[method] = view
            return view

        return register

    def dispatch(self, method, path):
        given = path.split("/")
        for pattern in sorted(self.routes):
            wanted = pattern.split("/")
            pairs = list(zip(wanted, given))
            if len(wanted) == len(given) and all(w == g or w[:1] == "{" and g for w, g in pairs):
                return self.routes[pattern][method](*[g for w, g in pairs if w[:1] == "{"])
        raise LookupError(path)


# %% wrong: lets a parameter stand for nothing
# says: A parameter stands for a part that is not empty
# dispatch("GET", "/items/") calls read_item with item_id="" instead of raising LookupError
class Registry:
    def __init__(self):
        self.routes = {}

    def route(self, path, method="GET"):
        def register(view):
            self.routes.setdefault(path, {})[method] = view
            return view

        return register

    def dispatch(self, method, path):
        given = path.split("/")
        for pattern in sorted(self.routes):
            wanted = pattern.split("/")
            pairs = list(zip(wanted, given))
            if len(wanted) == len(given) and all(w == g or w[:1] == "{" for w, g in pairs):
                names = {w[1:-1]: g for w, g in pairs if w[:1] == "{"}
                return self.routes[pattern][method](**names)
        raise LookupError(path)
