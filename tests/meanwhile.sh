#!/usr/bin/env bash
# Runs a build, and the tests of each library as soon as they are built, on cores that the build leaves idle.
#
#   tests/meanwhile.sh cargo build …
#
# Fails if the build fails or a test does. What the tests say follows the build.
#
# Written for bash 3.2 too, the one macOS has.
set -euo pipefail

folder=$(mktemp -d "${TMPDIR:-/tmp}/nastavnik-meanwhile.XXXXXX")
trap 'rm -rf "$folder"' EXIT

# The text between the given beginning and the next quote.
member() {
    local rest=${1#*"\"$2\":\""}
    printf '%s' "${rest%%\"*}"
}

# Cargo tells on its output what it has built, and complains on its error output as ever. The last line is its exit status.
status=1
tests=
while read -r told; do
    case $told in
    "ended "*) status=${told#ended } ;;
    *'"kind":["lib"]'*'"executable":"'*)
        program=$(member "$told" executable)
        # As cargo runs them: in the folder of their crate. One thread is enough beside a build of minutes.
        (
            cd "$(dirname "$(member "$told" manifest_path)")"
            RUST_TEST_THREADS=1 nice -n 19 "$program" >"$folder/${program##*/}" 2>&1 </dev/null
        ) &
        tests="$tests $!:${program##*/}"
        ;;
    esac
done < <(code=0; "$@" --message-format=json-render-diagnostics || code=$?; echo "ended $code")

for it in $tests; do
    failed=
    wait "${it%%:*}" || failed=yes
    if [ -n "$failed" ]; then
        cat "$folder/${it#*:}"
        status=1
    else
        printf '%s: ' "${it#*:}"
        grep '^test result' "$folder/${it#*:}"
    fi
done
exit "$status"
