"""Values made up from a JSON schema, as the OpenAPI document has them: some fit, some nearly do.

It knows the keywords that the service's models use, and refuses any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]

KNOWN = {
    "title",
    "description",
    "default",
    "type",
    "enum",
    "anyOf",
    "$ref",
    "pattern",
    "properties",
}
KNOWN |= {"minLength", "maxLength", "minimum", "maximum", "items", "minItems", "maxItems"}
KNOWN |= {"required", "additionalProperties"}

ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def fitting(schema: Schema, components: Schema, known: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema takes.

    Args:
        known: strategies by a property's name, tried as often as the schema's own: ids that exist.
    """
    assert schema.keys() <= KNOWN, f"unknown keywords: {schema.keys() - KNOWN}"
    if "$ref" in schema:
        return fitting(components[schema["$ref"].rsplit("/", 1)[-1]], components, known)
    if "anyOf" in schema:
        return st.one_of(*(fitting(each, components, known) for each in schema["anyOf"]))
    match schema["type"]:
        case "object":
            required = set(schema.get("required", ()))
            properties = {
                name: fitting(each, components, known) | known.get(name, st.nothing())
                for name, each in schema["properties"].items()
            }
            return st.fixed_dictionaries(
                {name: each for name, each in properties.items() if name in required},
                optional={name: each for name, each in properties.items() if name not in required},
            )
        case "array":
            items = fitting(schema["items"], components, known)
            return st.lists(items, min_size=schema.get("minItems", 0), max_size=4)
        case "string":
            return _text(schema)
        case "integer":
            return st.integers(schema.get("minimum"), schema.get("maximum"))
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
    raise AssertionError(f"unknown type: {schema['type']}")


def near(values: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that would fit, but for one property that is gone, is new, or is anything."""
    return st.builds(
        _spoilt, values, st.sampled_from(["gone", "new", "other"]), ANYTHING, st.data()
    )


def _spoilt(value: dict[str, Any], how: str, other: Any, data: st.DataObject) -> dict[str, Any]:
    name = data.draw(st.sampled_from(sorted(value)))
    if how == "gone":
        return {each: value[each] for each in value if each != name}
    return {**value, name if how == "other" else "unheard_of": other}


def _text(schema: Schema) -> st.SearchStrategy[str]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    longest = schema.get("maxLength", 60)
    if "pattern" in schema:
        return st.from_regex(schema["pattern"]).filter(lambda text: len(text) <= longest)
    return st.text(min_size=schema.get("minLength", 0), max_size=longest)
