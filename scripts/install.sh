#!/usr/bin/env bash
# Installs from Debian what `make run` and `make test` need and this machine does not have.
#
#   scripts/install.sh run     PostgreSQL, which bgc starts for itself
#   scripts/install.sh test    that, Redis, protoc for the client of Pulsar, Prometheus for promtool, Chromium for the page,
#                              Python for schemathesis
#
# Nothing is installed where it is already there, and no service is started: packages start theirs when
# they are installed, and a PostgreSQL nobody asked for would hold port 5432.
set -euo pipefail

mark="held by bgc's scripts/install.sh"

say() { printf '%s\n' "install: $*" >&2; }
fail() { say "$*"; exit 1; }

has_postgres() {
  local directory
  for directory in /usr/lib/postgresql/*/bin /usr/local/pgsql/bin /usr/pgsql-*/bin; do
    if [ -x "$directory/postgres" ] && [ -x "$directory/initdb" ]; then return 0; fi
  done
  command -v postgres >/dev/null 2>&1 && command -v initdb >/dev/null 2>&1
}

# A version manager's python3 may be a script that only complains; Debian's does then.
has_python() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

require() { # command, least version, where to get it
  command -v "$1" >/dev/null 2>&1 || fail "$1 is missing: $3"
  local have
  have=$("$1" --version | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1)
  if [ "$(printf '%s\n%s\n' "$2" "$have" | sort -V | head -n 1)" != "$2" ]; then
    fail "$1 is $have, at least $2 is needed: $3"
  fi
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Keeps packages from starting services while they are installed (policy-rc.d answers 101: not allowed),
# and puts back whatever was there before.
hold_services() {
  policy=/usr/sbin/policy-rc.d
  saved="$policy.before-bgc"
  if grep -qs "$mark" "$policy"; then as_root rm -f "$policy"; fi # an earlier run was killed
  if [ -e "$policy" ]; then as_root mv "$policy" "$saved"; fi
  trap release_services EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}

release_services() {
  as_root rm -f "$policy"
  if [ -e "$saved" ]; then as_root mv "$saved" "$policy"; fi
}

# postgresql-common would also create a cluster in /var/lib/postgresql; bgc makes its own.
no_default_cluster() {
  local file=/etc/postgresql-common/createcluster.conf
  if [ -e "$file" ] || dpkg -s postgresql-common >/dev/null 2>&1; then return 0; fi
  as_root mkdir -p "${file%/*}"
  printf 'create_main_cluster = false\n' | as_root tee "$file" >/dev/null
}

# A package list that is missing or a week old does not lead to today's packages.
refresh_lists() {
  if [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -mtime -7 -print -quit 2>/dev/null)" ]; then
    local package
    for package in "$@"; do
      apt-cache show "$package" >/dev/null 2>&1 || { apt_get update; return; }
    done
  else
    apt_get update
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" >&2
}

main() {
  case "${1:-}" in run | test) ;; *) fail "say what for: scripts/install.sh run|test" ;; esac
  require cargo 1.95 "install Rust from https://rustup.rs"
  require node 20.19 "install Node.js from https://nodejs.org"
  require npm 9.0 "it comes with Node.js"

  local missing=()
  command -v cc >/dev/null 2>&1 || missing+=(gcc libc6-dev)
  has_postgres || missing+=(postgresql)
  if [ "$1" = test ]; then
    command -v promtool >/dev/null 2>&1 || missing+=(prometheus)
    command -v redis-server >/dev/null 2>&1 || missing+=(redis-server)
    command -v protoc >/dev/null 2>&1 || missing+=(protobuf-compiler)
    command -v chromium >/dev/null 2>&1 || missing+=(chromium)
    # Flags beside names are drawn with it.
    [ -n "$(find /usr/share/fonts -name 'NotoColorEmoji*' -print -quit 2>/dev/null)" ] || missing+=(fonts-noto-color-emoji)
    has_python || missing+=(python3 python3-venv)
  fi
  [ ${#missing[@]} -gt 0 ] || exit 0

  command -v apt-get >/dev/null 2>&1 ||
    fail "this is not Debian: install ${missing[*]} yourself (postgres and initdb; redis-server, protoc, promtool, chromium and python3 with venv for the tests) and run this again"
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
    fail "neither root nor sudo: ask someone who is to run: apt-get install ${missing[*]}"
  fi

  say "installing ${missing[*]}; their services are not started"
  hold_services
  no_default_cluster
  refresh_lists "${missing[@]}"
  if ! apt_get install --no-install-recommends "${missing[@]}"; then
    apt_get update
    apt_get install --no-install-recommends "${missing[@]}"
  fi
  # What was held now would still start with the machine.
  if command -v systemctl >/dev/null 2>&1; then
    local service
    for service in prometheus redis-server; do
      [[ " ${missing[*]} " == *" $service "* ]] || continue
      as_root systemctl disable "$service" >/dev/null 2>&1 || true
    done
  fi
  has_postgres || fail "postgresql was installed, and still there is no /usr/lib/postgresql/*/bin/initdb"
}

main "$@"
