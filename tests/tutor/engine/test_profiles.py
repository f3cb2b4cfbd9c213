"""What is said of a model before it is asked anything."""

import json

import pytest

from tutor.engine.profiles import Quality, Reasoning, profile_for
from tutor.engine.recommendations import GB, recommend, recommendations


@pytest.mark.parametrize("name", ["", "embedded", "SmolLM2-135M-Instruct"])
def test_embedded_model_only_phrases_and_only_in_english(name):
    profile = profile_for(name)
    assert profile.quality is Quality.PHRASING and profile.context_tokens == 8192
    assert profile.speaks("en") and not profile.speaks("zh-CN")
    assert not profile.writing and not profile.translation


@pytest.mark.parametrize(
    ("name", "family", "quality", "chinese", "reasoning"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", "Qwen2.5", Quality.GOOD, True, Reasoning.NONE),
        ("Qwen/Qwen3-32B", "Qwen3", Quality.STRONG, True, Reasoning.TAGGED),
        ("Qwen/Qwen3-0.6B", "Qwen3", Quality.PHRASING, True, Reasoning.TAGGED),
        ("Qwen/Qwen3-4B-Instruct-2507", "Qwen3", Quality.GOOD, True, Reasoning.NONE),
        ("Qwen/Qwen3-4B-Thinking-2507", "Qwen3", Quality.GOOD, True, Reasoning.OPENED),
        ("meta-llama/Llama-3.1-8B-Instruct", "Llama 3", Quality.GOOD, False, Reasoning.NONE),
        ("google/gemma-3-1b-it", "Gemma 3", Quality.BASIC, False, Reasoning.NONE),
        ("google/gemma-3-12b-it", "Gemma 3", Quality.GOOD, True, Reasoning.NONE),
        ("microsoft/phi-4", "Phi", Quality.GOOD, False, Reasoning.NONE),
        ("mistralai/Mistral-7B-Instruct-v0.3", "Mistral", Quality.GOOD, False, Reasoning.NONE),
        ("HuggingFaceTB/SmolLM2-1.7B-Instruct", "SmolLM2", Quality.BASIC, False, Reasoning.NONE),
        ("HuggingFaceTB/SmolLM3-3B", "SmolLM3", Quality.BASIC, False, Reasoning.TAGGED),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "R1", Quality.GOOD, True, Reasoning.OPENED),
    ],
)
def test_known_families_are_recognised(name, family, quality, chinese, reasoning):
    profile = profile_for(name)
    assert (profile.family, profile.quality) == (family, quality)
    assert (profile.speaks("zh-CN"), profile.reasoning) == (chinese, reasoning)


def test_unknown_model_is_promised_nothing():
    profile = profile_for("somebody/new-thing")
    assert profile.family == "unknown" and profile.context_tokens is None
    assert not profile.translation and not profile.vision and not profile.speaks("zh-CN")


def test_folder_is_known_by_its_configuration(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "qwen3"}))
    assert profile_for(str(tmp_path)).family == "Qwen3"


def test_only_what_this_project_ran_counts_as_measured():
    assert [row.model for row in recommendations() if row.measured] == [""]


@pytest.mark.parametrize(
    ("gigabytes", "cuda", "name"),
    [
        (64, False, "SmolLM2-135M-Instruct"),
        (4, True, "SmolLM2-135M-Instruct"),
        (8, True, "Qwen3-4B-Instruct-2507"),
        (12, True, "Qwen3-4B-Instruct-2507"),
        (24, True, "Qwen3-8B"),
        (80, True, "Qwen3-32B"),
    ],
)
def test_machine_gets_the_largest_model_that_fits(gigabytes, cuda, name):
    recommended = recommend(gigabytes * GB, cuda)
    assert recommended.name == name and recommended.licence == "Apache-2.0"
    assert recommended.profile.speaks("en")
