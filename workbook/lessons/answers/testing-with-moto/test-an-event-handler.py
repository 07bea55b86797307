# %% right: one event for each thing that can go wrong
def test_keep_photos(keep_photos):
    rows = {}
    keep_photos(shop_events.upload("espresso beans.png", size=7), rows)
    assert rows == {"espresso beans.png": 7}
    keep_photos(shop_events.upload("a+b & 100%.png", size=8), rows)
    assert rows == {"espresso beans.png": 7, "a+b & 100%.png": 8}
    keep_photos(shop_events.upload("espresso beans.png", size=7), rows)
    assert rows == {"espresso beans.png": 7, "a+b & 100%.png": 8}
    both = shop_events.upload("c.png", size=1)
    both["Records"] += shop_events.upload("d.png", size=2)["Records"]
    keep_photos(both, rows)
    assert rows["c.png"] == 1 and rows["d.png"] == 2


# %% right: one large event, delivered twice
def test_keep_photos(keep_photos):
    names = ["mill.png", "milk jug.png", "50%+.png"]
    records = [shop_events.upload(name, size=9)["Records"][0] for name in names]
    rows = {"old.png": 1}
    for _ in range(2):
        keep_photos({"Records": records}, rows)
        assert rows == {"old.png": 1, "mill.png": 9, "milk jug.png": 9, "50%+.png": 9}


# %% wrong: an event made by hand, with less in it than S3 sends
# says: KeyError
def test_keep_photos(keep_photos):
    rows = {"old.png": 1}
    objects = [{"key": "espresso+beans.png", "size": 7}, {"key": "a%2Bb.png", "size": 8}]
    for _ in range(2):
        keep_photos({"Records": [{"s3": {"object": each}} for each in objects]}, rows)
    assert rows == {"old.png": 1, "espresso beans.png": 7, "a+b.png": 8}


# %% wrong: a name that reads the same however it is written
# says: as S3 wrote it
def test_keep_photos(keep_photos):
    records = [shop_events.upload(name, size=9)["Records"][0] for name in ("a.png", "b.png")]
    rows = {"old.png": 1}
    for _ in range(2):
        keep_photos({"Records": records}, rows)
    assert rows == {"old.png": 1, "a.png": 9, "b.png": 9}


# %% wrong: one record only
# says: first record
def test_keep_photos(keep_photos):
    rows = {"old.png": 1}
    for _ in range(2):
        keep_photos(shop_events.upload("a b+c.png", size=9), rows)
    assert rows == {"old.png": 1, "a b+c.png": 9}


# %% wrong: looks at the names and not at the sizes
# says: when an event comes twice
def test_keep_photos(keep_photos):
    records = [shop_events.upload(name)["Records"][0] for name in ("a b.png", "c+d.png")]
    rows = {"old.png": 1}
    for _ in range(2):
        keep_photos({"Records": records}, rows)
    assert set(rows) == {"old.png", "a b.png", "c+d.png"}


# %% wrong: believes that the key arrives as it was uploaded
# says: looking for a bug that is not there
def test_keep_photos(keep_photos):
    rows = {}
    keep_photos(shop_events.upload("espresso beans.png", size=7), rows)
    assert rows == {"espresso+beans.png": 7}


# %% wrong: delivers once
# says: when an event comes twice
def test_keep_photos(keep_photos):
    records = [shop_events.upload(name, size=9)["Records"][0] for name in ("a b.png", "c+d.png")]
    rows = {"old.png": 1}
    keep_photos({"Records": records}, rows)
    assert rows == {"old.png": 1, "a b.png": 9, "c+d.png": 9}


# %% right: names of every kind in one event, and a handler that may keep what it is given
def test_keep_photos(keep_photos):
    import json

    given = {"a.png": 1, "espresso beans.png": 2, "a+b & 100%.png": 3, "2026/müll/größe.png": 0}
    uploads = [shop_events.upload(name, size=size) for name, size in given.items()]
    event = json.dumps({"Records": [record for each in uploads for record in each["Records"]]})
    rows = {"mill.png": 48}
    for _ in range(2):
        keep_photos(json.loads(event), rows)
        assert rows == {"mill.png": 48, **given}
        assert all(type(size) is int for size in rows.values())


# %% wrong: a table that is always empty
# says: forgets the photos that were there
def test_keep_photos(keep_photos):
    event = shop_events.upload("espresso beans.png", size=7)
    event["Records"] += shop_events.upload("a+b.png", size=1)["Records"]
    rows = {}
    keep_photos(event, rows)
    assert rows == {"espresso beans.png": 7, "a+b.png": 1}


# %% wrong: a name with a space, and none with another sign
# says: decodes the plus of a name and not its percent signs
def test_keep_photos(keep_photos):
    event = shop_events.upload("a b.png", size=1)
    event["Records"] += shop_events.upload("c.png", size=2)["Records"]
    rows = {"mill.png": 48}
    keep_photos(event, rows)
    keep_photos(event, rows)
    assert rows == {"mill.png": 48, "a b.png": 1, "c.png": 2}
