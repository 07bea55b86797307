"""One file a topic: each parses what came in, calls, and shapes what goes out.

A function that answers events is deployed with its own file as handler (chalicelib/blueprints/
orders.py for the orders), so it imports what that file needs and not the whole service.
"""
