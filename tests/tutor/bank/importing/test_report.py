"""What is said about a file comes in the order of the file."""

from tutor.bank.importing.report import Notes


def test_remarks_are_in_the_order_of_their_places() -> None:
    notes = Notes()
    for place in ("line 10", "line 9: q", "line 2", "a/b.json"):
        notes.skip(place, "It asks nothing.")
        notes.remark(place, "It is long.")
    reading = notes.reading([])
    expected = ["a/b.json", "line 2", "line 9: q", "line 10"]
    assert [one.place for one in reading.not_taken] == expected
    assert [one.place for one in reading.remarks] == expected
