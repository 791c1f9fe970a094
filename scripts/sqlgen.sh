#!/usr/bin/env bash
# Writes contexts/*/generated from contexts/*/queries and contexts/*/migrations, on a PostgreSQL of its own
# that lives for as long as this runs. Commit what it writes; `make test` says when it is stale.
set -euo pipefail
cd "$(dirname "$0")/.."

version=2.0.0
if [ "$(clorinde --version 2>/dev/null || true)" != "clorinde $version" ]; then
  echo "sqlgen: clorinde $version is needed: cargo install clorinde --version $version --locked" >&2
  exit 1
fi

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$bin" ]; then bin=$(dirname "$(command -v initdb)"); fi

directory=$(mktemp -d)
run_as=()
if [ "$(id -u)" -eq 0 ]; then # PostgreSQL refuses to run as root
  chown nobody "$directory"
  run_as=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
fi
stop() {
  (cd / && "${run_as[@]}" "$bin/pg_ctl" -D "$directory/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$directory"
}
trap stop EXIT

port=$((20000 + RANDOM % 20000))
options="-p $port -k $directory -c listen_addresses=127.0.0.1 -c fsync=off"
(
  cd /
  "${run_as[@]}" "$bin/initdb" -D "$directory/data" -U postgres -A trust -E UTF8 --locale=C >/dev/null
  "${run_as[@]}" "$bin/pg_ctl" -D "$directory/data" -o "$options" -l "$directory/log" -w start >/dev/null
)

for context in contexts/*/; do
  [ -d "${context}queries" ] || continue
  # Names sort in the order of application: 0001_…sql, 0002_…sql.
  mapfile -t migrations < <(find "${context}migrations" -name '*.sql' | LC_ALL=C sort)
  clorinde fresh --url "postgresql://postgres@127.0.0.1:$port" \
    --queries-path "${context}queries" --destination "${context}generated" "${migrations[@]}"
done
