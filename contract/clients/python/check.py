"""Imports the whole generated package, reads every example as the model of its name and writes it back.

check.py PACKAGE_FOLDER EXAMPLES_JSON
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

folder, source = sys.argv[1:]
sys.path.insert(0, folder)
package = importlib.import_module("nastavnik_client")
modules = [importlib.import_module(it.name) for it in pkgutil.walk_packages(package.__path__, "nastavnik_client.")]
models = importlib.import_module("nastavnik_client.models")


def holds(example, again):
    """Whether what came back is the example; a model may add defaults."""
    if isinstance(example, dict) and isinstance(again, dict):
        return all(name in again and holds(it, again[name]) for name, it in example.items())
    if isinstance(example, list) and isinstance(again, list):
        return len(example) == len(again) and all(map(holds, example, again))
    # One instant may be written in two ways.
    return example == again or (isinstance(example, str) and example.replace("Z", "+00:00") == again)


wrong = 0
examples = json.loads(Path(source).read_text(encoding="utf-8"))
for name, example in examples.items():
    again = getattr(models, name).from_dict(example).to_dict()
    if not holds(example, again):
        wrong += 1
        print(f"{name}\n  was {example}\n  is  {again}")
print(f"{len(modules)} modules, {len(examples)} examples, {wrong} changed")
sys.exit(bool(wrong) or not examples)
