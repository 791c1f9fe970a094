#!/usr/bin/env bash
# The page. `scripts/web.sh build` installs what package-lock.json names and writes web/dist, which the binary carries;
# `scripts/web.sh test` also checks it: lint, types, components, the size of the first load. `browser BINARY` drives it
# in Chromium against that bgc, `screenshots BINARY` takes its pictures and `bench BINARY` its times.
set -euo pipefail
if [ -n "${2:-}" ]; then
  BGC_BINARY=$(realpath "$2")
  export BGC_BINARY
fi
cd "$(dirname "$0")/../web"

# npm writes the second file when it has installed all of the first.
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund
  touch node_modules/.package-lock.json
fi

case "${1:-}" in
  build) npm run --silent build ;;
  test)
    npm run --silent types
    npm run --silent lint
    npm run --silent build
    npm run --silent size
    npm test --silent
    ;;
  browser) npm run --silent e2e ;;
  screenshots) npm run --silent screenshots ;;
  bench) npm run --silent bench ;;
  *) echo "say what: scripts/web.sh build|test|browser BINARY|screenshots BINARY|bench BINARY" >&2; exit 2 ;;
esac
