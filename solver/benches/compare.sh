#!/bin/sh
# Holds the engine of matching against other solvers: compare.sh ENGINE SIZE... [options of compare.py].
set -eu
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
export PYTHONDONTWRITEBYTECODE=1
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
engine=$1
shift
"$folder/venv/bin/python" "$here/compare.py" "$engine" "$folder" "$@"
