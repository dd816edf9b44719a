#!/usr/bin/env bash
# Runs a command against a throwaway PostgreSQL cluster, stopped and removed when the command ends.
#
#   tests/postgres.sh COMMAND [ARG…]
#
# COMMAND finds the empty database's address in TEST_DATABASE_URL; its exit status is this script's.
# It runs in a process group of its own and gets no input from a terminal.
#
# Environment:
#   TEST_DATABASE_URL   if set, COMMAND runs on that database as it is and nothing is started; the tests make
#                       databases beside it, which its user must be allowed to
#   PGBIN               the folder of initdb, postgres and pg_ctl, instead of the ones found
#   POSTGRES_DURABLE=1  keeps fsync, synchronous_commit and full_page_writes on, for benchmarks
#   TMPDIR              where the cluster's folder is made (/tmp if unset)
#
# Written for bash 3.2 too, the one macOS has.
set -euo pipefail

say() { printf 'tests/postgres.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

if [ $# -eq 0 ]; then
    say "usage: tests/postgres.sh COMMAND [ARG…]"
    exit 2
fi
if [ -n "${TEST_DATABASE_URL:-}" ]; then
    exec "$@"
fi

folder=   # holds everything that this script writes
bin=      # the folder of PostgreSQL's programs
as=self   # how to become the server's user: self, setpriv, runuser or su
owner=    # the server's user, where it isn't the caller
watcher=  # the process that cleans up if this script is killed outright

# Runs a program as the server's user, who may not be allowed into the caller's folder.
# Messages are searched below and macOS refuses to start without a valid locale, hence LC_ALL.
as_server() (
    cd "$folder" || exit
    export LC_ALL=C
    case $as in
    self) exec "$@" ;;
    setpriv) exec setpriv --reuid="$(id -u "$owner")" --regid="$(id -g "$owner")" --clear-groups -- "$@" ;;
    runuser) exec runuser -u "$owner" -- "$@" ;;
    su) exec su -s /bin/sh "$owner" -c "$(printf '%q ' "$@")" ;;
    esac
)

# Ends only the process whose id stands in this cluster's own folder (negative while initialisation runs).
# SIGQUIT is PostgreSQL's immediate shutdown, after which that file is gone; SIGKILL would leave shared memory behind.
stop_server() {
    local file="$folder/data/postmaster.pid" pid
    pid=$(head -n 1 "$file" 2>/dev/null) && pid=${pid#-} && [ -n "$pid" ] || return 0
    kill -QUIT "$pid" 2>/dev/null || return 0
    for _ in {1..100}; do
        [ -f "$file" ] || return 0
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
}

# Several tries, as a process that is just ending can still write a last file.
remove_cluster() {
    for _ in {1..5}; do
        stop_server
        if rm -rf "$folder" 2>/dev/null; then
            return
        fi
        sleep 1
    done
    say "could not remove $folder"
}

# Ends COMMAND's whole group, as a stopped test runner leaves its servers behind; it has 5 seconds to end by itself.
stop_command() {
    if [ -n "$1" ] && kill -TERM -- "-$1" 2>/dev/null; then
        for _ in {1..50}; do
            kill -0 -- "-$1" 2>/dev/null || return 0
            sleep 0.1
        done
        kill -KILL -- "-$1" 2>/dev/null || true
    fi
}

finish() {
    local status=$?
    trap - EXIT
    trap '' HUP INT TERM
    # The last background process is COMMAND, even if a signal came before its id was noted.
    if [ -n "$watcher" ]; then
        [ "$!" = "$watcher" ] || stop_command "$!"
        kill -KILL -- "-$watcher" 2>/dev/null || true
    fi
    if [ -n "$folder" ]; then
        remove_cluster
    fi
    exit "$status"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Makes the folder and, for root, finds an ordinary user for the server, as PostgreSQL refuses to run as root.
make_folder() {
    local parent
    parent=$(cd "${TMPDIR:-/tmp}" 2>/dev/null && pwd) || die "TMPDIR=$TMPDIR is not a folder that can be entered."
    if [ "$(id -u)" -ne 0 ]; then
        folder=$(mktemp -d "$parent/nastavnik-postgres.XXXXXX")
        return
    fi
    # Root's own TMPDIR may be closed to that user, hence /tmp as the second try.
    for parent in "$parent" /tmp; do
        folder=$(mktemp -d "$parent/nastavnik-postgres.XXXXXX")
        for owner in postgres nobody; do
            id -u "$owner" >/dev/null 2>&1 && chown "$owner" "$folder" 2>/dev/null || continue
            for as in setpriv runuser su; do
                if as_server test -w "$folder" >/dev/null 2>&1 </dev/null; then
                    return
                fi
            done
        done
        rm -rf "$folder"
        folder=
    done
    die "PostgreSQL refuses to run as root, and no switch to the user postgres or nobody worked (setpriv, runuser, su): run this as an ordinary user."
}

# All of them must run for the server's user: libpq's packages alone can leave a folder without the server.
usable() {
    local program
    for program in initdb postgres pg_ctl; do
        [ -x "$1/$program" ] && as_server "$1/$program" --version >/dev/null 2>&1 </dev/null || return 1
    done
}

# What is in PATH is the caller's choice and goes first; of the systems' usual folders, the newest version.
find_programs() {
    local candidate found
    for candidate in "$(dirname "$(command -v postgres || echo /)")" "$(pg_config --bindir 2>/dev/null || echo /)"; do
        if usable "$candidate"; then
            bin=$candidate
            return
        fi
    done
    found=$(
        for candidate in /usr/lib/postgresql/*/bin /usr/lib/postgresql*/bin /usr/libexec/postgresql* \
            /usr/pgsql-*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql*/bin \
            /usr/local/opt/postgresql*/bin /home/linuxbrew/.linuxbrew/opt/postgresql*/bin; do
            if usable "$candidate"; then
                # "postgres (PostgreSQL) 17.2 (Debian …)" → "17.2 /usr/lib/postgresql/17/bin"
                printf '%s %s\n' "$(as_server "$candidate/postgres" --version | awk '{print $3}')" "$candidate"
            fi
        done | sort -t . -k 1,1nr -k 2,2nr
    )
    [ -n "$found" ] || return 1
    found=${found%%$'\n'*}
    bin=${found#* }
}

install_programs() {
    local what="PostgreSQL's server programs (initdb, postgres, pg_ctl) are missing" how="" manager
    for manager in apt-get dnf yum apk pacman zypper brew; do
        command -v "$manager" >/dev/null 2>&1 || continue
        case $manager in
        apt-get) how="apt-get install postgresql" ;;
        dnf | yum) how="$manager install postgresql-server" ;;
        apk) how="apk add postgresql" ;;
        pacman) how="pacman -S postgresql" ;;
        zypper) how="zypper install postgresql-server" ;;
        brew) how="brew install postgresql@17" ;;
        esac
        break
    done
    if [ -z "$how" ]; then
        die "$what: install the PostgreSQL server, or set PGBIN to the folder they are in."
    fi

    local elevate=""
    if [ "$manager" = brew ]; then
        if [ "$(id -u)" -eq 0 ]; then
            die "$what: install them as an ordinary user (Homebrew refuses root) with: $how"
        fi
    elif [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true >/dev/null 2>&1 </dev/null; then
            die "$what: install them as root with: $how"
        fi
        elevate="sudo -n"
    fi

    say "$what; installing them ($how)…"
    local script
    case $manager in
    # The setting keeps Debian's package from making and starting a server of its own on port 5432.
    # A failed update can still leave usable lists, so the install is tried all the same.
    apt-get) script='
        export DEBIAN_FRONTEND=noninteractive
        setting=/etc/postgresql-common/createcluster.d/nastavnik-tests.conf
        apt-get -qq update
        mkdir -p "${setting%/*}" && echo "create_main_cluster = false" >"$setting" || exit
        apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=120 install postgresql
        status=$?
        rm -f "$setting"
        exit $status' ;;
    dnf | yum) script="$manager -q -y install postgresql-server" ;;
    apk) script="apk add --quiet --no-cache postgresql" ;;
    # New containers have no package lists, but refreshing them unasked would leave a desktop half upgraded.
    pacman) script="pacman -S --noconfirm --needed postgresql || pacman -Sy --noconfirm --needed postgresql" ;;
    zypper) script="zypper --quiet --non-interactive install postgresql-server" ;;
    brew) script="NONINTERACTIVE=1 brew install --quiet postgresql@17" ;;
    esac
    if ! $elevate sh -c "$script" >"$folder/log" 2>&1 </dev/null; then
        tail -n 30 "$folder/log" >&2
        die "$what and could not be installed: install them as an administrator with: $how"
    fi
    find_programs || die "$what even after \"$how\": set PGBIN to the folder they are in."
}

fail_with_log() {
    say "$1; the end of its log:"
    tail -n 30 "$folder/log" >&2
    exit 1
}

make_cluster() {
    local locale made=no
    # Not every system has C.UTF-8; plain C knows no letter case beyond ASCII, so macOS gets a UTF-8 character type.
    for locale in "--locale=C.UTF-8" "--locale=C --lc-ctype=en_US.UTF-8" "--locale=C"; do
        # Unquoted on purpose: the second choice is two options.
        if as_server "$bin/initdb" -D "$folder/data" -U nastavnik --auth=trust --encoding=UTF8 --no-sync \
            $locale >"$folder/log" 2>&1 </dev/null; then
            made=yes
            break
        fi
    done
    [ "$made" = yes ] || fail_with_log "initdb failed"

    # No Unix socket, as its path would have to be short; wal_level=minimal needs max_wal_senders=0.
    cat >>"$folder/data/postgresql.conf" <<'CONFIG'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = 256MB
wal_level = minimal
max_wal_senders = 0
CONFIG
    if [ "${POSTGRES_DURABLE:-}" != 1 ]; then
        # The cluster never outlives a crash, so nothing has to reach the disk. No database lives long enough to be tidied, and one
        # that is tidied cannot be copied meanwhile.
        cat >>"$folder/data/postgresql.conf" <<'CONFIG'
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
CONFIG
    fi

    # Single-user mode needs no client program, which some systems package apart.
    echo 'CREATE DATABASE nastavnik' |
        as_server "$bin/postgres" --single -D "$folder/data" postgres >"$folder/log" 2>&1 ||
        fail_with_log "creating the database failed"
}

# Only binding a port proves it free, so the server itself tries random ones, below the ranges of outgoing connections.
start_server() {
    local port
    for _ in {1..20}; do
        port=$((15000 + RANDOM % 17000))
        : >"$folder/log"
        if as_server "$bin/pg_ctl" -s -w -t 60 -D "$folder/data" -l "$folder/server.log" -o "-p $port" start \
            >"$folder/log" 2>&1 </dev/null; then
            export TEST_DATABASE_URL="postgres://nastavnik@127.0.0.1:$port/nastavnik"
            return
        fi
        cat "$folder/server.log" >>"$folder/log" 2>/dev/null || true
        grep -q 'could not bind' "$folder/log" || fail_with_log "the server did not start"
        rm -f "$folder/server.log"
    done
    fail_with_log "no free port found in 20 tries"
}

make_folder

# Job control gives the watcher and COMMAND process groups of their own, so that each can be ended whole.
# The watcher stands in where no trap can run: when this script is ended by SIGKILL.
set -m
(
    trap - EXIT
    trap '' HUP INT TERM
    while kill -0 $$ 2>/dev/null; do sleep 1; done
    stop_command "$(cat "$folder/command" 2>/dev/null)"
    remove_cluster
) >/dev/null 2>&1 </dev/null &
watcher=$!
# Without this bash would report the watcher's end.
disown "$watcher"
set +m

if [ -n "${PGBIN:-}" ]; then
    bin=$(cd "$PGBIN" 2>/dev/null && pwd) && usable "$bin" ||
        die "PGBIN=$PGBIN has no initdb, postgres and pg_ctl that run."
else
    find_programs || install_programs
fi
make_cluster
start_server

# A process group in the background that reads from the terminal would be stopped for ever.
if [ -t 0 ]; then
    exec </dev/null
fi
set -m
"$@" <&0 &
command=$!
set +m
echo "$command" >"$folder/command"
status=0
wait "$command" || status=$?
exit "$status"
