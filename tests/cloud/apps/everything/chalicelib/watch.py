"""Middleware: one that every handler passes, and a Lambda decorator made into one."""

import functools

CALLS = []


def counted(event, get_response):
    CALLS.append(type(event).__name__)
    print("PASSED", CALLS[-1])
    return get_response(event)


def watch(handler):
    @functools.wraps(handler)
    def watched(event, context):
        return {**handler(event, context), "watched": True}

    return watched
