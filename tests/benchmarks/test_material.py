"""The benchmark of retrieval finds what stands in its own documents."""

import json

from benchmarks.material import DATA, figures, measure, read_long


async def test_words_alone_find_most_pages_and_little_else() -> None:
    data = json.loads(DATA.read_text("utf-8"))
    measured = figures(await measure(data, by_meaning=False), len(data["unrelated"]))
    assert measured["recall_at_4_en"] >= 0.7
    assert measured["recall_at_4_zh"] >= 0.85
    assert measured["unrelated_with_source"] <= 1


async def test_a_long_document_is_read_page_by_page() -> None:
    measured = await read_long(["Leaves catch light."])
    assert measured["long_pages"] == measured["long_passages"] == 300
