# %% right: a class with __call__ in place of two functions
import functools


class validated:
    def __init__(self, app, model):
        self.app, self.model = app, model

    def __call__(self, view):
        @functools.wraps(view)
        def run(*args, **kwargs):
            request = self.app.current_request
            try:
                kwargs["body"] = self.model.model_validate_json(request.raw_body)
            except ValidationError as error:
                return self.refuse(error)
            return view(*args, **kwargs)

        return run

    def refuse(self, error):
        found = [
            {"field": ".".join(str(part) for part in each["loc"]), "problem": each["msg"]}
            for each in error.errors()
        ]
        not_json = any(each["type"] == "json_invalid" for each in error.errors())
        return Response({"Errors": found}, status_code=400 if not_json else 422)


# %% right: lets Chalice decode, and raises an error of its own with a body
import functools


def validated(app, model):
    def decorate(view):
        def checked(**from_path):
            decoded = app.current_request.json_body  # raises BadRequestError
            try:
                body = model.model_validate(decoded)
            except ValidationError as error:
                errors = []
                for each in error.errors():
                    field = ".".join(map(str, each["loc"])) or "body"
                    errors += [{"field": field, "problem": each["msg"]}]
                return Response(
                    {"Code": "Unprocessable", "Message": "look at Errors", "Errors": errors},
                    status_code=422,
                )
            return view(body=body, **from_path)

        return functools.update_wrapper(checked, view)

    return decorate


# %% wrong: has no place for path parameters
# says: A route with a path parameter calls its view with that keyword
import functools


def validated(app, model):
    def decorate(view):
        @functools.wraps(view)
        def checked():
            try:
                body = model.model_validate_json(app.current_request.raw_body)
            except ValidationError as error:
                if error.errors()[0]["type"] == "json_invalid":
                    raise BadRequestError("not JSON") from None
                errors = [
                    {"field": ".".join(map(str, each["loc"])), "problem": each["msg"]}
                    for each in error.errors()
                ]
                return Response({"Errors": errors}, status_code=422)
            return view(body=body)

        return checked

    return decorate


# %% wrong: asks the notebook's app, whichever app it is given
# says: the app that was handed over
import functools

app = Chalice(app_name="inventory-service")
shop = app


def validated(app, model):
    def decorate(view):
        @functools.wraps(view)
        def checked(**from_path):
            try:
                body = model.model_validate_json(shop.current_request.raw_body)
            except ValidationError as error:
                if error.errors()[0]["type"] == "json_invalid":
                    raise BadRequestError("not JSON") from None
                errors = [
                    {"field": ".".join(map(str, each["loc"])), "problem": each["msg"]}
                    for each in error.errors()
                ]
                return Response({"Errors": errors}, status_code=422)
            return view(body=body, **from_path)

        return checked

    return decorate


# %% wrong: tells the first problem only
# says: every wrong field
import functools


def validated(app, model):
    def decorate(view):
        @functools.wraps(view)
        def checked(**from_path):
            try:
                body = model.model_validate_json(app.current_request.raw_body)
            except ValidationError as error:
                first = error.errors()[0]
                if first["type"] == "json_invalid":
                    raise BadRequestError("not JSON") from None
                problem = {"field": ".".join(map(str, first["loc"])), "problem": first["msg"]}
                return Response({"Errors": [problem]}, status_code=422)
            return view(body=body, **from_path)

        return checked

    return decorate


# %% wrong: the try covers the view too
# says: The view raised it
import functools


def validated(app, model):
    def decorate(view):
        @functools.wraps(view)
        def checked(**from_path):
            try:
                body = model.model_validate(app.current_request.json_body)
                return view(body=body, **from_path)
            except ValidationError as error:
                errors = [
                    {"field": ".".join(map(str, each["loc"])), "problem": each["msg"]}
                    for each in error.errors()
                ]
                return Response({"Errors": errors}, status_code=422)

        return checked

    return decorate


# %% wrong: catches every exception
# says: That was the view's own answer
import functools


def validated(app, model):
    def decorate(view):
        @functools.wraps(view)
        def checked(**from_path):
            sent = app.current_request.json_body
            try:
                return view(body=model.model_validate(sent), **from_path)
            except Exception as error:
                try:
                    errors = [
                        {"field": ".".join(map(str, each["loc"])), "problem": each["msg"]}
                        for each in error.errors()
                    ]
                except AttributeError:
                    errors = [{"field": "", "problem": str(error)}]
                return Response({"Errors": errors}, status_code=422)

        return checked

    return decorate


# %% wrong: calls what is no JSON a wrong field
# says: is not JSON at all
import functools


def validated(app, model):
    def decorate(view):
        @functools.wraps(view)
        def checked(**from_path):
            try:
                body = model.model_validate_json(app.current_request.raw_body)
            except ValidationError as error:
                errors = [
                    {"field": ".".join(map(str, each["loc"])), "problem": each["msg"]}
                    for each in error.errors()
                ]
                return Response({"Errors": errors}, status_code=422)
            return view(body=body, **from_path)

        return checked

    return decorate


# %% wrong: raises the validation error, and leaves it to Chalice
# says: Chalice turns an error it does not know into a 500
import functools


def validated(app, model):
    def decorate(view):
        @functools.wraps(view)
        def checked(**from_path):
            body = model.model_validate(app.current_request.json_body)
            return view(body=body, **from_path)

        return checked

    return decorate


# %% wrong: hands over the decoded dict and not the model
# says: the view gets the model
import functools


def validated(app, model):
    def decorate(view):
        @functools.wraps(view)
        def checked(**from_path):
            sent = app.current_request.json_body
            try:
                model.model_validate(sent)
            except ValidationError as error:
                errors = [
                    {"field": ".".join(map(str, each["loc"])), "problem": each["msg"]}
                    for each in error.errors()
                ]
                return Response({"Errors": errors}, status_code=422)
            return view(body=sent, **from_path)

        return checked

    return decorate


# %% wrong: forgets to return the function
# says: decorate has to return
import functools


def validated(app, model):
    def decorate(view):
        @functools.wraps(view)
        def checked(**from_path):
            body = model.model_validate(app.current_request.json_body)
            return view(body=body, **from_path)

    return decorate


# %% wrong: shows the location as pydantic's tuple
# says: joined with dots
import functools


def validated(app, model):
    def decorate(view):
        @functools.wraps(view)
        def checked(**from_path):
            decoded = app.current_request.json_body
            try:
                body = model.model_validate(decoded)
            except ValidationError as error:
                errors = [
                    {"field": each["loc"][0], "problem": each["msg"]} for each in error.errors()
                ]
                return Response({"Errors": errors}, status_code=422)
            return view(body=body, **from_path)

        return checked

    return decorate


# %% wrong: loses the view's name
# says: functools.wraps
def validated(app, model):
    def decorate(view):
        def checked(**from_path):
            decoded = app.current_request.json_body
            try:
                body = model.model_validate(decoded)
            except ValidationError as error:
                errors = [
                    {"field": ".".join(map(str, each["loc"])), "problem": each["msg"]}
                    for each in error.errors()
                ]
                return Response({"Errors": errors}, status_code=422)
            return view(body=body, **from_path)

        return checked

    return decorate


# %% right: a class as the decorator, raw body judged outside of the view's own try
from functools import update_wrapper


def validated(app, model):
    class Checked:
        def __init__(self, view):
            self.view = view
            update_wrapper(self, view)

        def __call__(self, **from_path):
            try:
                body = model.model_validate_json(app.current_request.raw_body)
            except ValidationError as error:
                return self.refuse(error.errors(include_url=False))
            return self.view(**from_path, body=body)

        @staticmethod
        def refuse(errors):
            listed = [{"field": ".".join(map(str, e["loc"])), "problem": e["msg"]} for e in errors]
            no_json = any(e["type"] == "json_invalid" for e in errors)
            return Response({"Errors": listed}, status_code=400 if no_json else 422)

    return Checked


# %% right: a function, JSON parsed apart by json_body, then model_validate of what came
from functools import wraps


def validated(app, model):
    def decorate(view):
        @wraps(view)
        def checked(**from_path):
            sent = app.current_request.json_body
            try:
                body = model.model_validate(sent)
            except ValidationError as error:
                problems = []
                for each in error.errors():
                    problems.append(
                        {"field": ".".join(str(p) for p in each["loc"]), "problem": each["msg"]}
                    )
                return Response({"Errors": problems}, status_code=422)
            return view(body=body, **from_path)

        return checked

    return decorate


# %% wrong: only the first part of a nested place
# says: joined with dots
from functools import wraps


def validated(app, model):
    def decorate(view):
        @wraps(view)
        def checked(**from_path):
            try:
                body = model.model_validate_json(app.current_request.raw_body)
            except ValidationError as error:
                found = error.errors()
                status = 400 if found[0]["type"] == "json_invalid" else 422
                problems = [
                    {"field": e["loc"][0] if e["loc"] else "", "problem": e["msg"]} for e in found
                ]
                return Response({"Errors": problems}, status_code=status)
            return view(body=body, **from_path)

        return checked

    return decorate


# %% wrong: hands the body over by position
# says: By name it finds its own
from functools import wraps


def validated(app, model):
    def decorate(view):
        @wraps(view)
        def checked(**from_path):
            try:
                body = model.model_validate_json(app.current_request.raw_body)
            except ValidationError as error:
                errors = [
                    {"field": ".".join(str(part) for part in each["loc"]), "problem": each["msg"]}
                    for each in error.errors()
                ]
                not_json = error.errors()[0]["type"] == "json_invalid"
                return Response({"Errors": errors}, status_code=400 if not_json else 422)
            return view(body, **from_path)

        return checked

    return decorate
