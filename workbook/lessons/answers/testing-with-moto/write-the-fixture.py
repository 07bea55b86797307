# %% right: starts and stops the mock by hand, and forgets before as well
def stock_table(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("TABLE_NAME", "stock-of-this-test")
    shelf.cache_clear()
    mock = mock_aws()
    mock.start()
    try:
        yield make_table("stock-of-this-test")
    finally:
        mock.stop()
        shelf.cache_clear()


# %% right: decorated, as it would stand in conftest.py
@pytest.fixture
def stock_table(monkeypatch):
    for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TABLE_NAME", "stock-test")
    with mock_aws():
        table = make_table("stock-test")
        shelf.cache_clear()
        yield table
    shelf.cache_clear()


# %% wrong: leaves the poison in
# says: would have left this process
def stock_table(monkeypatch):
    monkeypatch.setenv("TABLE_NAME", "stock-test")
    with mock_aws():
        shelf.cache_clear()
        yield make_table(os.environ["TABLE_NAME"])
    shelf.cache_clear()


# %% wrong: makes the table before the mock
# says: would have left this process
def stock_table(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("TABLE_NAME", "stock-test")
    table = make_table(os.environ["TABLE_NAME"])
    with mock_aws():
        shelf.cache_clear()
        yield table
    shelf.cache_clear()


# %% wrong: hands the table over after the mock has ended
# says: The mock was over
def stock_table(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("TABLE_NAME", "stock-test")
    with mock_aws():
        table = make_table(os.environ["TABLE_NAME"])
    shelf.cache_clear()
    yield table
    shelf.cache_clear()


# %% wrong: returns the table
# says: yield
def stock_table(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("TABLE_NAME", "stock-test")
    with mock_aws():
        shelf.cache_clear()
        return make_table(os.environ["TABLE_NAME"])


# %% wrong: lets the service keep the client of a mock that is over
# says: the next test gets this one's client
def stock_table(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("TABLE_NAME", "stock-test")
    shelf.cache_clear()
    with mock_aws():
        yield make_table(os.environ["TABLE_NAME"])


# %% wrong: writes into the environment by hand
# says: monkeypatch puts back
def stock_table(monkeypatch):
    os.environ.pop("AWS_ENDPOINT_URL", None)
    os.environ["TABLE_NAME"] = "stock-test"
    with mock_aws():
        shelf.cache_clear()
        yield make_table(os.environ["TABLE_NAME"])
    shelf.cache_clear()


# %% wrong: leaves the mock running
# says: The mock is still running
def stock_table(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("TABLE_NAME", "stock-test")
    mock_aws().start()
    shelf.cache_clear()
    yield make_table(os.environ["TABLE_NAME"])
    shelf.cache_clear()


# %% right: a stack that undoes what was done
import contextlib


def stock_table(monkeypatch):
    monkeypatch.setenv("TABLE_NAME", "stock-test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with contextlib.ExitStack() as stack:
        stack.callback(shelf.cache_clear)
        stack.enter_context(mock_aws())
        shelf.cache_clear()
        yield make_table("stock-test")


# %% right: forgets in the mock, before and whatever becomes of the test
@pytest.fixture
def stock_table(monkeypatch):
    monkeypatch.setenv("TABLE_NAME", "stock-test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        try:
            shelf.cache_clear()
            yield make_table(os.environ["TABLE_NAME"])
        finally:
            shelf.cache_clear()


# %% wrong: forgets only when the test is over
# says: shelf keeps what it made
def stock_table(monkeypatch):
    monkeypatch.setenv("TABLE_NAME", "stock-test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield make_table(os.environ["TABLE_NAME"])
    shelf.cache_clear()


# %% wrong: believes that shelf makes the table
# says: make_table(name) does
def stock_table(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("TABLE_NAME", "stock-test")
    with mock_aws():
        shelf.cache_clear()
        yield shelf()
    shelf.cache_clear()
