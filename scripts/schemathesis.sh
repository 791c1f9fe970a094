#!/usr/bin/env bash
# Asks a running server whatever its OpenAPI document allows and forbids, and compares the answers with the document.
# The document itself is checked against the meta-schema of OpenAPI 3.1 first.
#
#   scripts/schemathesis.sh BINARY     the bgc to start, with sample data on free ports of the loopback
#
# What it needs of Python is installed once into ${XDG_CACHE_HOME:-~/.cache}/bgc/venv, as scripts/requirements.txt names it.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=${1:?say which bgc: scripts/schemathesis.sh target/debug/bgc}
cache="${XDG_CACHE_HOME:-$HOME/.cache}/bgc"
venv="$cache/venv"

say() { printf '%s\n' "schemathesis: $*" >&2; }
fail() { say "$*"; exit 1; }

# The first Python that works. A version manager's `python3` may be a script that only complains, and may change its
# mind with the directory, so the program behind it is asked for.
find_python() {
  local candidate
  for candidate in python3 /usr/bin/python3 /usr/local/bin/python3 python3.13 python3.12 python3.11; do
    "$candidate" -c 'import ensurepip, sys, venv
if sys.version_info < (3, 11): raise SystemExit(1)
print(sys.executable)' 2>/dev/null && return 0
  done
  return 1
}

prepare() {
  local python
  python=$(find_python) || fail "no python3 of at least 3.11 with venv; run scripts/install.sh test"
  local wanted
  wanted="$python $(sha256sum < scripts/requirements.txt)"
  if [ "$(cat "$venv/made-for" 2>/dev/null || true)" = "$wanted" ] && "$venv/bin/python" -c 'import schemathesis' 2>/dev/null; then
    return 0
  fi
  say "installing into $venv"
  rm -rf "$venv"
  "$python" -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input -r scripts/requirements.txt
  printf '%s\n' "$wanted" > "$venv/made-for"
}

mkdir -p "$cache"
# Two runs at once must not install into one directory.
exec 9> "$cache/venv.lock"
flock 9
prepare
exec 9>&-

"$venv/bin/python" -m openapi_spec_validator docs/api/openapi.json docs/api/gateway-openapi.json
# The connectors against the schema that editors check them with.
"$venv/bin/python" -c '
import glob, json, jsonschema, yaml
schema = jsonschema.Draft202012Validator(json.load(open("connectors/connector.schema.json")))
for name in sorted(glob.glob("connectors/*.yaml")):
    schema.validate(yaml.safe_load(open(name)))
    print(f"{name}: OK")
'

work=$(mktemp -d)
server=
stop() {
  if [ -n "$server" ] && kill -TERM "$server" 2>/dev/null; then wait "$server" || true; fi
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

env BGC_HTTP_LISTEN=127.0.0.1:0 BGC_GATEWAY_LISTEN=127.0.0.1:0 BGC_OPERATIONS_LISTEN=127.0.0.1:0 \
  BGC_DICT_LISTEN=127.0.0.1:0 \
  "$binary" --data-dir "$work/data" up --sample > "$work/printed" 2> "$work/log" &
server=$!
address=
for _ in $(seq 600); do
  address=$(sed -n 's|.* on \(http://[0-9.:]*\).*|\1|p' "$work/printed" | head -n 1)
  [ -z "$address" ] || break
  kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; fail "bgc up ended"; }
  sleep 0.2
done
[ -n "$address" ] || { cat "$work/log" >&2; fail "bgc up was not ready within two minutes"; }

# Free simulations are few a day, so premium callers ask: one by a token, and one who signed in, for what only a person
# at a browser may do. Signing out ends a session of its own, so that the others go on.
email=schemathesis@example.com
session() { # route, body: the cookie that it sets
  curl --silent --show-error --fail --max-time 30 --output /dev/null --dump-header - "$address$1" \
    --header 'content-type: application/json' --data "$2" | sed -n 's/^set-cookie: bgc_session=\([^;]*\);.*/\1/p'
}
password=$(head -c 18 /dev/urandom | base64)
BGC_SESSION=$(session /v1/account "{\"name\":\"Ana\",\"email\":\"$email\",\"password\":\"$password\"}")
BGC_LAST_SESSION=$(session /v1/session "{\"email\":\"$email\",\"password\":\"$password\"}")
"$binary" --data-dir "$work/data" user tier "$email" premium > /dev/null
# The same token speaks for the institution whose PIX keys are asked about.
scopes=dict.key.read,dict.key.write,dict.claim.read,dict.claim.write,dict.lookup.display,dict.possession
BGC_TOKEN=$("$binary" --data-dir "$work/data" token issue --sub schemathesis --tier premium --ttl 1h \
  --ispb 99999008 --scope "$scopes")
export BGC_SESSION BGC_LAST_SESSION BGC_TOKEN

cd "$work"
"$venv/bin/schemathesis" --config-file "$OLDPWD/scripts/schemathesis.toml" run "$address/openapi.json" \
  || { grep -E '"level":"(error|warn)"' "$work/log" | tail -n 20 >&2 || true; fail "the server and its document differ"; }
