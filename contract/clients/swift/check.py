"""Parses the generated Swift and looks for every member and operation in it: a generator drops what it cannot express.

There is no Swift compiler to be had from the package registries, so types are not proven here, only syntax and completeness.

check.py SOURCES_FOLDER OPENAPI_JSON
"""

import json
import re
import sys
from pathlib import Path

import tree_sitter_swift
from tree_sitter import Language, Parser

sources, document = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
parser = Parser(Language(tree_sitter_swift.language()))
complaints = []


def errors(node):
    if node.type == "ERROR" or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from errors(child)


# What is in Infrastructure is the same for every contract, and newer than the grammar.
files = [it for folder in ("Models", "APIs") for it in sorted((sources / folder).glob("*.swift"))]
for file in files:
    for node in errors(parser.parse(file.read_bytes()).root_node):
        complaints.append(f"{file.name}:{node.start_point.row + 1}: no Swift")

for name, schema in document["components"]["schemas"].items():
    members = schema.get("properties", {})
    # The form of an upload is sent in parts: its members are parameters of the call.
    if ("properties" not in schema and "enum" not in schema) or any(it.get("format") == "binary" for it in members.values()):
        continue
    file = sources / "Models" / f"{name}.swift"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if not re.search(rf"public (struct|enum) {name}\b", text):
        complaints.append(f"{name}: not there")
    for member in [*members, *schema.get("enum", [])]:
        if not re.search(rf'case (`?{re.escape(member)}`?|\w+ = "{re.escape(member)}")$', text, re.MULTILINE):
            complaints.append(f"{name}.{member}: dropped")

calls = "".join(it.read_text(encoding="utf-8") for it in files if it.parent.name == "APIs")
operations = [it["operationId"] for path in document["paths"].values() for it in path.values() if "operationId" in it]
complaints += [f"{it}: no such call" for it in operations if not re.search(rf"func {it}\(", calls)]

print(*complaints, sep="\n")
print(f"{len(files)} files, {len(operations)} operations, {len(complaints)} complaints")
sys.exit(bool(complaints) or not files or not operations)
