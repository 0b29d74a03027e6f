#!/usr/bin/env bash
# All that CI checks, from a fresh clone on a bare Debian machine. Prints one last line that counts the steps.
#
# Each step is timed and said. The first step that fails ends the run with its own exit code.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TERM_COLOR=never CARGO_INCREMENTAL=0 NO_COLOR=1
export TABLEE_REQUIRE_POSTGRES=1
# The same throws of the dice each time; another seed, or PROPTEST_CASES, looks for what nobody thought of.
export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20261122}"

passed=0
step() {
  local name=$1 began=$SECONDS
  shift
  echo
  echo "== $name"
  if ! "$@"; then
    echo "== $name: failed after $((SECONDS - began)) s"
    echo "$passed passed, 1 failed"
    exit 1
  fi
  passed=$((passed + 1))
  echo "== $name: $((SECONDS - began)) s"
}

step "install what the suites need" tests/install.sh
step "build the client" make --no-print-directory client
step "client: formatting, types, unit tests" npm --prefix client run --silent check
step "rust: formatting" cargo fmt --all --check
step "rust: lints" cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
step "rust: build" cargo build --workspace --all-targets --locked --quiet
step "rust: all suites, on SQLite and PostgreSQL" \
  tests/with-postgres.sh cargo test --workspace --locked --quiet
step "the real program: browsers, hostile tabs, kills, failing disks, random afternoons" \
  tests/with-postgres.sh npm --prefix tests test

echo
echo "$passed passed, 0 failed"
