"""Holds every example of the contract against its schema, and writes down those of objects for the generated clients.

Beside them it writes the document as a server gives it at /openapi.json: openapi-generator refuses YAML of more than 3 MB.

examples.py OPENAPI EXAMPLES_JSON
"""

import json
import sys
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from ruamel.yaml import YAML

source, target = sys.argv[1:]
text = Path(source).read_text(encoding="utf-8")
document = yaml.safe_load(text)
complaints = []
count = 0

# Half of the tools read YAML 1.1, the other half 1.2: both must see the same. JSON has no dates, so this finds them too.
newer = YAML(typ="safe", pure=True)
newer.version = (1, 2)
as_json = json.dumps(document, ensure_ascii=False)
Path(target).with_name("openapi.json").write_text(as_json, encoding="utf-8")
if as_json != json.dumps(newer.load(text), ensure_ascii=False):
    complaints.append("YAML 1.1 and 1.2 read different documents")

resource = Resource(contents=document, specification=DRAFT202012)
registry = Registry().with_resource("urn:contract", resource)


def resolved(node):
    while "$ref" in node:
        place = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            place = place[part.replace("~1", "/").replace("~0", "~")]
        node = place
    return node


def hold(example, schema, place):
    """One example against one schema; `schema` is a path of the document, so that its `$ref`s resolve."""
    global count
    count += 1
    pointer = "".join("/" + str(it).replace("~", "~0").replace("/", "~1") for it in schema)
    validator = Draft202012Validator(
        {"$ref": f"urn:contract#{pointer}"}, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    for error in validator.iter_errors(example):
        complaints.append(f"{place}{''.join(f'/{it}' for it in error.absolute_path)}: {error.message}")


def examples_of(node):
    if "example" in node:
        yield node["example"]
    examples = node.get("examples", [])
    yield from examples if isinstance(examples, list) else (it["value"] for it in examples.values())


def in_schema(schema, path):
    place = "/".join(map(str, path))
    for example in examples_of(schema):
        hold(example, path, place)
    if "default" in schema:
        hold(schema["default"], path, f"{place} (default)")
    for name, it in schema.get("properties", {}).items():
        in_schema(it, [*path, "properties", name])
    if "items" in schema:
        in_schema(schema["items"], [*path, "items"])


def in_document(node, path):
    """Media types, parameters and headers: whatever has a `schema` beside its examples."""
    if isinstance(node, list):
        for index, it in enumerate(node):
            in_document(it, [*path, index])
    if not isinstance(node, dict):
        return
    if isinstance(node.get("schema"), dict):
        for example in examples_of(node):
            hold(example, [*path, "schema"], "/".join(map(str, path)))
        in_schema(node["schema"], [*path, "schema"])
        return
    for name, it in node.items():
        in_document(it, [*path, name])


schemas = document["components"]["schemas"]
for name, schema in schemas.items():
    validator_for(schema, Draft202012Validator).check_schema(schema)
    in_schema(schema, ["components", "schemas", name])
for part in ("parameters", "headers", "responses", "requestBodies"):
    in_document(document["components"].get(part, {}), ["components", part])
in_document(document["paths"], ["paths"])



def has_bytes(schema):
    """The form of an upload is sent in parts; clients make parameters of it and no model."""
    return any(it.get("format") == "binary" for it in schema.get("properties", {}).values())


objects = {name: it for name, it in schemas.items() if it.get("type") == "object" and not has_bytes(it)}
shown = {name: it["examples"][0] for name, it in objects.items() if it.get("examples")}
Path(target).write_text(json.dumps(shown, ensure_ascii=False, indent=1), encoding="utf-8")
print(*complaints, sep="\n")
print(f"{count} examples, {len(complaints)} wrong")
sys.exit(bool(complaints) or not shown)
