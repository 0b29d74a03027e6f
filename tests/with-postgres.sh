#!/bin/bash
# tests/with-postgres.sh COMMAND...
#
# Runs COMMAND with a throw-away PostgreSQL: an empty folder, a free port on the loopback, nothing kept. The
# command finds it in TABLEE_TEST_POSTGRES_URL; its exit code is ours. PostgreSQL refuses to run as root, so
# root runs it as `postgres`. TABLEE_POSTGRES_BIN names the folder of initdb and pg_ctl, if there are several.
set -euo pipefail

if [ $# -eq 0 ]; then
    echo "usage: tests/with-postgres.sh COMMAND..." >&2
    exit 2
fi

newest() {
    ls -d /usr/lib/postgresql/*/bin /usr/local/pgsql/bin 2>/dev/null | sort -V | tail -n 1
}
bin=${TABLEE_POSTGRES_BIN:-$(newest || true)}
if [ ! -x "$bin/initdb" ]; then
    echo "with-postgres: no PostgreSQL here; on Debian: apt-get install postgresql" >&2
    exit 2
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/tablee-postgres.XXXXXX")

as_owner() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

clean_up() {
    as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
fi
# The server starts in our folder: it may not be allowed to look into the caller's.
caller=$PWD
cd "$folder"

if ! as_owner "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
    >"$folder/initdb.log" 2>&1; then
    cat "$folder/initdb.log" >&2
    exit 2
fi

# Nothing here outlives the command, so nothing needs to reach the disk.
settings="-k $folder -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off \
-c synchronous_commit=off -c full_page_writes=off"

# A port that is free now may be taken a moment later: then another one is tried.
started=
for _ in 1 2 3 4 5 6 7 8; do
    port=$((RANDOM % 20000 + 30000))
    if as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 60 \
        -o "$settings -p $port" start >/dev/null 2>&1; then
        started=yes
        break
    fi
done
if [ -z "$started" ]; then
    cat "$folder/server.log" >&2
    exit 2
fi

cd "$caller"
export TABLEE_TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"

# In the background, so that a signal to us ends the wait and the clean-up runs. What runs in the background
# does not hear SIGINT, so it is always told SIGTERM.
"$@" &
command=$!
stop() {
    kill -TERM "$command" 2>/dev/null || true
    wait "$command" || true
    exit "$1"
}
trap 'stop 130' INT
trap 'stop 143' TERM HUP
status=0
wait "$command" || status=$?
exit "$status"
