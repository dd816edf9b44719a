#!/usr/bin/env bash
# Measures how long one waits, on a fresh clone of the last commit in a temporary folder.
#
#   tests/time.sh [run] [ci] [handler]
#
#   run       the first `make run` until it serves, and the next start
#   ci        the steps of .ci/run
#   handler   a black-box test of a handler that was changed
#
# Wall time belongs to the machine and what else it does; processor seconds by the number of cores are steadier.
# Crates are fetched before: downloading belongs to the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
unset CARGO_TARGET_DIR
[ $# -gt 0 ] || set -- run ci handler

folder=$(mktemp -d "${TMPDIR:-/tmp}/nastavnik-time.XXXXXX")
# A compiler that was just ended can still write.
trap 'rm -rf "$folder" || { sleep 2; rm -rf "$folder"; }' EXIT
git clone -q . "$folder/clone"
cd "$folder/clone"
cargo fetch --locked >/dev/null 2>&1

table=
line() { table+=$(printf '%-44s %9s %12s' "$1" "$2" "$3")$'\n'; }
TIMEFORMAT='== took %R s, processor %U + %S s'

# Adds a line from what `time` said last in a file.
took() {
    line "$1" $(awk '/^== took/ { wall = $3; processor = $6 + $8 } END { printf "%.1f %.1f", wall, processor }' "$2")
}

# Starts the server and ends it, with its whole process group, as soon as it serves.
serve() {
    local server
    set -m
    NASTAVNIK_LISTEN=127.0.0.1:0 make run >"$folder/out" 2>"$folder/err" </dev/null &
    server=$!
    set +m
    until grep -q 'serves at' "$folder/out"; do
        if ! kill -0 "$server" 2>/dev/null; then
            tail -n 20 "$folder/err" >&2
            return 1
        fi
        sleep 0.1
    done
    kill -TERM -- "-$server"
    wait "$server" || true
}

# Puts a statement into a handler, another one each time.
change() {
    local file
    file=$(grep -rl 'async fn list_organizations' api/src)
    awk -v statement="    log::trace!(\"measured by time.sh: $1\");" '
        /measured by time.sh/ { next }
        { print }
        /^async fn list_organizations/ { inside = 1 }
        inside && /{$/ { print statement; inside = 0 }' "$file" >"$folder/changed"
    cp "$folder/changed" "$file"
    grep -q "measured by time.sh: $1" "$file"
}

for what in "$@"; do
    case $what in
    run)
        { time serve; } 2>"$folder/took"
        took 'first make run on a fresh clone' "$folder/took"
        { time serve; } 2>"$folder/took"
        took 'the next start' "$folder/took"
        ;;
    ci)
        .ci/run 2>&1 | tee "$folder/log"
        while read -r name; do
            awk -v name="== $name" '$0 == name { here = 1 } here && /^== took/ { print; exit }' "$folder/log" >"$folder/took"
            took ".ci/run: $name" "$folder/took"
        done < <(sed -n 's/^== \(make .*\)/\1/p' "$folder/log")
        ;;
    handler)
        # Compiles incrementally from here on, as whoever changes a handler has compiled before.
        change first
        make some T=organizations
        change second
        { time make some T=organizations; } >"$folder/took" 2>&1
        took 'a changed handler under test' "$folder/took"
        ;;
    *)
        echo "tests/time.sh: '$what' is none of run, ci, handler" >&2
        exit 2
        ;;
    esac
done
printf '\n%s cores\n' "$(getconf _NPROCESSORS_ONLN)"
printf '%-44s %9s %12s\n%s' '' 'wall, s' 'processor, s' "$table"
