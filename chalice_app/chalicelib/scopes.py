"""What a token may allow: the words that routes, the authorizer and stage.py use."""

READ, WRITE = "read", "write"
