# %% right: one test over a table of edges, one over what is refused
def test_prices(price):
    for bags, cents in {1: 790, 9: 7110, 10: 7110, 11: 7821, 100: 71100}.items():
        assert price(bags) == cents


def test_refusals(price):
    for bags in (-1, 0, 101):
        with pytest.raises(ValueError):
            price(bags)


tests = [test_prices, test_refusals]


# %% right: every number of bags, by a second way to the answer
def test_all(price):
    for bags in range(-3, 105):
        try:
            answer = price(bags)
        except ValueError:
            answer = None
        each = 790 if bags < 10 else 711
        assert answer == (sum([each] * bags) if 0 < bags < 101 else None), bags


tests = [test_all]


# %% wrong: examples from the middle only
# says: from eleven bags on
def test_prices(price):
    assert price(1) == 790
    assert price(5) == 3950
    assert price(50) == 35550


def test_too_many(price):
    with pytest.raises(ValueError):
        price(500)


tests = [test_prices, test_too_many]


# %% wrong: knows the price, and not what is refused
# says: takes an order of no bags
def test_prices(price):
    assert [price(bags) for bags in (1, 9, 10, 11, 100)] == [790, 7110, 7110, 7821, 71100]


tests = [test_prices]


# %% wrong: content with any error
# says: raises LookupError
def test_prices(price):
    assert [price(bags) for bags in (1, 9, 10, 11, 100)] == [790, 7110, 7110, 7821, 71100]


def test_refusals(price):
    for bags in (0, 101):
        with pytest.raises(Exception):
            price(bags)


tests = [test_prices, test_refusals]


# %% wrong: asserts what no answer could fail
# says: from eleven bags on
def test_prices(price):
    assert price(10) is not None
    assert price(9) > 0 and price(100)


tests = [test_prices]


# %% wrong: red for a price that is right
# says: looking for a bug that is not there
def test_ten(price):
    assert price(10) == 7900 * 0.8


tests = [test_ten]


# %% wrong: returns what it should assert
# says: from eleven bags on
def test_prices(price):
    return price(10) == 7110 and price(9) == 7110


tests = [test_prices]


# %% wrong: expects pytest to notice what is not raised, for one side only
# says: takes an order of 101 bags
def test_prices(price):
    assert [price(bags) for bags in (1, 9, 10, 11, 100)] == [790, 7110, 7110, 7821, 71100]


def test_none(price):
    with pytest.raises(ValueError):
        price(0)


tests = [test_prices, test_none]


# %% right: every order there is, by lists of both prices
def test_every_order(price):
    expected = [n * 790 for n in range(1, 10)] + [n * 711 for n in range(10, 101)]
    assert [price(n) for n in range(1, 101)] == expected


def test_outside_is_refused(price):
    for bags in (-1, 0, 101, 1000):
        with pytest.raises(ValueError):
            price(bags)


tests = [test_every_order, test_outside_is_refused]


# %% wrong: a try without an else, content when nothing is raised
# says: takes an order of no bags
def test_prices(price):
    assert (price(1), price(9), price(10), price(100)) == (790, 7110, 7110, 71100)


def test_refused(price):
    for bags in (0, 101):
        try:
            price(bags)
        except ValueError:
            pass


tests = [test_prices, test_refused]


# %% wrong: the examples of the task, and no edge
# says: 3 of 7 are killed
def test_one_bag(price):
    assert price(1) == 790


def test_twenty(price):
    assert price(20) == 14220


def test_none(price):
    with pytest.raises(ValueError):
        price(0)


tests = [test_one_bag, test_twenty, test_none]


# %% wrong: two refusals in one block, of which the second is never tried
# says: a block of its own
def test_prices(price):
    assert [price(bags) for bags in (1, 9, 10, 11, 100)] == [790, 7110, 7110, 7821, 71100]


def test_refused(price):
    with pytest.raises(ValueError):
        price(0)
        price(101)


tests = [test_prices, test_refused]


# %% wrong: calls its tests where it should name them
# says: a list of NoneType
def test_prices(price):
    assert [price(bags) for bags in (1, 9, 10, 11, 100)] == [790, 7110, 7110, 7821, 71100]


tests = [test_prices(right_price)]


# %% wrong: asks the right price, whatever it is given
# says: says nothing about a mutant
def test_prices(price):
    assert [right_price(bags) for bags in (1, 9, 10, 100)] == [790, 7110, 7110, 71100]


tests = [test_prices]
