# Read by the Makefile's recipes (`. scripts/env.sh`): finds cargo, and build output that an earlier clone left.

if [ -z "${HOME:-}" ] || [ ! -d "$HOME" ]; then
  HOME=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6)
  export HOME="${HOME:-/tmp}"
fi
if ! command -v cargo >/dev/null 2>&1 && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
  export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
fi

# A continuous-integration machine clones anew each time: its build output outlives the clone here.
# Elsewhere the directory is used when it exists, and never made without being asked.
if [ -z "${CARGO_TARGET_DIR:-}" ]; then
  shared="${XDG_CACHE_HOME:-$HOME/.cache}/bgc/target"
  if [ "${CI:-}" = true ]; then mkdir -p "$shared" 2>/dev/null || true; fi
  if [ -d "$shared" ] && [ -w "$shared" ]; then export CARGO_TARGET_DIR="$shared"; fi
fi
target="${CARGO_TARGET_DIR:-target}"
