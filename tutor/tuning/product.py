"""What a training makes, and what its data must be: the kinds of artifacts that people train.

Recipes of generators say so by their method; versions of pictures by their manifest. Pure.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

GAN = "gan"  # the method of a recipe
PICTURES = "pictures"  # the kind of a manifest


class Product(StrEnum):
    """The values are kinds of artifacts."""

    ADAPTER = "text_adapter"
    GENERATOR = "image_generator"


def product_of(recipe: Mapping[str, Any]) -> Product:
    """What a run with this recipe makes."""
    return Product.GENERATOR if recipe.get("method") == GAN else Product.ADAPTER


def product_from(manifest: Mapping[str, Any]) -> Product:
    """What can be trained on a version with this manifest."""
    return Product.GENERATOR if manifest.get("kind") == PICTURES else Product.ADAPTER


def product_reported(report: Mapping[str, Any] | None) -> Product:
    """What a stored report is about."""
    return Product((report or {}).get("product", Product.ADAPTER))
