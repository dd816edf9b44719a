"""Writes the examples of the contract as constants of the generated types, for tsc to hold one against the other.

examples.py EXAMPLES_JSON EXAMPLES_TS
"""

import json
import sys
from pathlib import Path

source, target = sys.argv[1:]
lines = ['import type { components } from "./fetch/api.js";', 'import type * as hey from "./hey/types.gen.js";', ""]
for name, example in json.loads(Path(source).read_text(encoding="utf-8")).items():
    text = json.dumps(example, ensure_ascii=False)
    lines.append(f'export const {name}: components["schemas"]["{name}"] = {text};')
    lines.append(f"export const hey{name}: hey.{name} = {text};")
Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")
