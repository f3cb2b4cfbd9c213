"""What Slack refuses: sizes of texts and blocks, ids, alt texts, in Slack's own error words."""

from collections.abc import Mapping, Sequence
from typing import Any

MOST_BLOCKS = 50
MOST_MARKDOWN = 12_000
MOST_SECTION = 3_000
MOST_ID = 255
KNOWN_BLOCKS = {
    "actions", "context", "context_actions", "divider", "header", "image", "input", "markdown",
    "rich_text", "section", "table",
}  # fmt: skip


def message_error(payload: Mapping[str, Any], file_ids: Sequence[str] = ()) -> str | None:
    """Why Slack would refuse this message; None if it would not."""
    blocks = payload.get("blocks") or []
    if not (payload.get("text") or blocks or payload.get("markdown_text")):
        return "no_text"
    if len(payload.get("text") or "") > 40_000:
        return "msg_too_long"
    if len(payload.get("markdown_text") or "") > MOST_MARKDOWN:
        return "msg_too_long"
    return blocks_error(blocks, file_ids)


def blocks_error(
    blocks: Sequence[Mapping[str, Any]], file_ids: Sequence[str] = (), most: int = MOST_BLOCKS
) -> str | None:
    if len(blocks) > most:
        return "invalid_blocks"
    markdown = sum(len(b.get("text", "")) for b in blocks if b.get("type") == "markdown")
    if markdown > MOST_MARKDOWN or sum(b.get("type") == "table" for b in blocks) > 1:
        return "invalid_blocks"
    wrong = any(not _block_is_valid(block, file_ids) for block in blocks)
    return "invalid_blocks" if wrong else None


def _block_is_valid(block: Mapping[str, Any], file_ids: Sequence[str]) -> bool:
    kind = block.get("type")
    if kind not in KNOWN_BLOCKS or len(block.get("block_id") or "") > MOST_ID:
        return False
    if kind == "section":
        return 0 < len(block["text"]["text"]) <= MOST_SECTION
    if kind == "markdown":
        return bool(block.get("text"))
    if kind == "table":
        rows = block["rows"]
        return len(rows) <= 100 and all(0 < len(row) <= 20 for row in rows)
    if kind == "image":
        alt = block.get("alt_text") or ""
        file = block.get("slack_file") or {}
        return 0 < len(alt) <= 2000 and (bool(block.get("image_url")) or file.get("id") in file_ids)
    if kind in ("actions", "context_actions"):
        return _elements_are_valid(block, 25 if kind == "actions" else 5)
    return True


def _elements_are_valid(block: Mapping[str, Any], most: int) -> bool:
    elements = block.get("elements") or []
    ids = [element.get("action_id") for element in elements]
    if not 0 < len(elements) <= most or len(set(ids)) != len(ids):
        return False
    return all(_element_is_valid(element) for element in elements)


def _element_is_valid(element: Mapping[str, Any]) -> bool:
    if len(element.get("action_id") or "") > MOST_ID:
        return False
    if element.get("type") == "button":
        text, value = element["text"]["text"], element.get("value", "")
        styles = (None, "primary", "danger")
        return 0 < len(text) <= 75 and len(value) <= 2000 and element.get("style") in styles
    if element.get("type") == "feedback_buttons":
        pair = (element.get("positive_button"), element.get("negative_button"))
        return all(button and 0 < len(button["text"]["text"]) <= 75 for button in pair)
    if element.get("type") == "static_select":
        options = element.get("options") or []
        return 0 < len(options) <= 100 and all(len(o["value"]) <= 150 for o in options)
    return True


def view_error(view: Mapping[str, Any]) -> str | None:
    """Why Slack would refuse this modal or page."""
    if view.get("type") == "home":
        return blocks_error(view.get("blocks") or [], most=100)
    titles = [view.get(name) for name in ("title", "submit", "close")]
    if not view.get("title") or any(t and not 0 < len(t["text"]) <= 24 for t in titles):
        return "invalid_arguments"
    if len(view.get("private_metadata") or "") > 3000:
        return "invalid_arguments"
    names = [block.get("block_id") for block in view.get("blocks") or []]
    return "invalid_arguments" if len(set(names)) != len(names) else None
