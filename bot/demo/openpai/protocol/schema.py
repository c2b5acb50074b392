"""The shape of a job protocol, checked and complained about in the manner of ajv."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

Schema = Mapping[str, Any]

_NAME = r"^[a-zA-Z0-9_-]+$"
_ROLE = r"^[a-zA-Z_][a-zA-Z0-9_]*$"
_COUNT: Schema = {"type": ["integer", "null"], "minimum": -1}
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT, "minItems": 1}

_PREREQUISITE: Schema = {
    "type": "object",
    "properties": {
        "protocolVersion": {"type": ["string", "integer"]},
        "name": {"type": "string"},
        "type": {"type": "string", "enum": ["dockerimage", "script", "data", "output"]},
        "version": {"type": ["string", "number"]},
        "contributor": _TEXT,
        "description": _TEXT,
        "plugin": _TEXT,
        "uri": {"type": ["string", "array"]},
        "auth": {"type": "object"},
    },
    "required": ["name", "type", "uri"],
}

_TASK_ROLE: Schema = {
    "type": "object",
    "properties": {
        "instances": {"type": "integer", "minimum": 1},
        "completion": {
            "type": "object",
            "properties": {"minFailedInstances": _COUNT, "minSucceededInstances": _COUNT},
            "additionalProperties": False,
        },
        "taskRetryCount": {"type": "integer", "minimum": 0},
        "prerequisites": {"type": "array", "items": _TEXT},
        "dockerImage": _TEXT,
        "data": _TEXT,
        "output": _TEXT,
        "script": _TEXT,
        "extraContainerOptions": {
            "type": "object",
            "properties": {
                "shmMB": {"type": "integer", "minimum": 0},
                "infiniband": {"type": "boolean"},
            },
            "additionalProperties": False,
        },
        "resourcePerInstance": {
            "type": "object",
            "properties": {
                "cpu": {"type": "integer", "minimum": 0},
                "memoryMB": {"type": "integer", "minimum": 0},
                "gpu": {"type": "integer", "minimum": 0},
                "ports": {"type": "object"},
            },
            "required": ["cpu", "memoryMB", "gpu"],
        },
        "commands": _TEXTS,
    },
    "additionalProperties": False,
    "required": ["dockerImage", "resourcePerInstance", "commands"],
}

_HIVED: Schema = {
    "type": "object",
    "properties": {
        "jobPriorityClass": {"type": "string", "enum": ["prod", "test", "oppo"]},
        "taskRoles": {"type": "object"},
    },
}

PROTOCOL: Schema = {
    "type": "object",
    "properties": {
        "protocolVersion": {"enum": [2, "2"]},
        "name": {"type": "string", "pattern": _NAME, "maxLength": 255, "in": "base.json"},
        "type": {"type": "string", "enum": ["job"]},
        "version": {"type": ["string", "number"]},
        "contributor": _TEXT,
        "description": _TEXT,
        "prerequisites": {"type": "array", "items": _PREREQUISITE},
        "parameters": {"type": "object"},
        "secrets": {"type": "object"},
        "jobRetryCount": {"type": "integer", "minimum": 0},
        "taskRoles": {
            "type": "object",
            "patternProperties": {_ROLE: _TASK_ROLE},
            "additionalProperties": False,
            "minProperties": 1,
        },
        "deployments": {"type": "array"},
        "defaults": {
            "type": "object",
            "properties": {"deployment": _TEXT, "virtualCluster": _TEXT},
        },
        "extras": {
            "type": "object",
            "properties": {
                "hivedScheduler": _HIVED,
                "gangAllocation": {"type": "boolean"},
                "storages": {"type": "array"},
            },
        },
    },
    "additionalProperties": False,
    "required": ["protocolVersion", "name", "type", "taskRoles"],
}


def complaints(value: Any) -> list[dict[str, Any]]:
    """Every violation of the protocol's schema, as ajv's error objects."""
    return list(_check(value, PROTOCOL, "", "#"))


def _error(
    keyword: str, at: str, schema: str, params: Mapping[str, Any], message: str
) -> dict[str, Any]:
    return {
        "keyword": keyword,
        "dataPath": at,
        "schemaPath": f"{schema}/{keyword}",
        "params": params,
        "message": message,
    }


def _check(value: Any, schema: Schema, at: str, path: str) -> Iterator[dict[str, Any]]:
    if "type" in schema and not _is(value, schema["type"]):
        kind = schema["type"]
        told = kind if isinstance(kind, str) else ",".join(kind)
        yield _error("type", at, path, {"type": told}, f"should be {told}")
        return
    if "enum" in schema and not any(
        value == choice and type(value) is type(choice) for choice in schema["enum"]
    ):
        message = "should be equal to one of the allowed values"
        yield _error("enum", at, path, {"allowedValues": schema["enum"]}, message)
    if isinstance(value, str):
        yield from _check_text(value, schema, at, path)
    elif isinstance(value, dict):
        yield from _check_object(value, schema, at, path)
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            message = f"should NOT have fewer than {schema['minItems']} items"
            yield _error("minItems", at, path, {"limit": schema["minItems"]}, message)
        for index, item in enumerate(value):
            if "items" in schema:
                yield from _check(item, schema["items"], f"{at}[{index}]", f"{path}/items")
    elif isinstance(value, int) and "minimum" in schema and value < schema["minimum"]:
        limit = schema["minimum"]
        params = {"comparison": ">=", "limit": limit, "exclusive": False}
        yield _error("minimum", at, path, params, f"should be >= {limit}")


def _check_text(value: str, schema: Schema, at: str, path: str) -> Iterator[dict[str, Any]]:
    if "maxLength" in schema and len(value) > schema["maxLength"]:
        limit = schema["maxLength"]
        message = f"should NOT be longer than {limit} characters"
        yield _error("maxLength", at, path, {"limit": limit}, message)
    if "pattern" in schema and re.search(schema["pattern"], value) is None:
        pattern = schema["pattern"]
        yield _error("pattern", at, path, {"pattern": pattern}, f'should match pattern "{pattern}"')


def _check_object(
    value: dict[str, Any], schema: Schema, at: str, path: str
) -> Iterator[dict[str, Any]]:
    if len(value) < schema.get("minProperties", 0):
        limit = schema["minProperties"]
        message = f"should NOT have fewer than {limit} properties"
        yield _error("minProperties", at, path, {"limit": limit}, message)
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    if schema.get("additionalProperties") is False:
        for key in value:
            if key not in known and not any(re.search(each, str(key)) for each in patterns):
                yield _error(
                    "additionalProperties",
                    at,
                    path,
                    {"additionalProperty": key},
                    "should NOT have additional properties",
                )
    for key in schema.get("required", ()):
        if key not in value:
            message = f"should have required property '{key}'"
            yield _error("required", at, path, {"missingProperty": key}, message)
    for key, item in value.items():
        if key in known:
            home = f"{known[key]['in']}#" if "in" in known[key] else path
            yield from _check(item, known[key], f"{at}.{key}", f"{home}/properties/{key}")
        for pattern, inner in patterns.items():
            if re.search(pattern, str(key)):
                below = f"{path}/patternProperties/{quote(pattern, safe='*')}"
                yield from _check(item, inner, f"{at}['{key}']", below)


def _is(value: Any, kind: Any) -> bool:
    match kind:
        case list():
            return any(_is(value, each) for each in kind)
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "integer":
            whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            return whole and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case _:
            return value is None
