#!/bin/sh
# Holds the comparison of people against Splink on the same made people: duplicates.sh PROGRAM [options of duplicates.py].
set -eu
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
export PYTHONDONTWRITEBYTECODE=1
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
program=$1
shift
"$folder/venv/bin/python" "$here/duplicates.py" "$program" "$folder" "$@"
