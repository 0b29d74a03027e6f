#!/usr/bin/env bash
# tests/soak/fuzz.sh [SECONDS]: runs each fuzz target of tests/fuzz for so long. Needs a nightly compiler and
# cargo-fuzz, which `make test` does not: where they are missing it says so, and that nothing was fuzzed.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-60}
missing() {
  echo "fuzz: nothing was fuzzed: $1 is missing here ($2)"
  exit 0
}
[ -f tests/fuzz/Cargo.toml ] || missing "tests/fuzz" "no targets in this tree"
cargo +nightly --version >/dev/null 2>&1 || missing "a nightly compiler" "rustup toolchain install nightly"
cargo +nightly fuzz --version >/dev/null 2>&1 || missing "cargo-fuzz" "cargo install cargo-fuzz"

# What a target starts from: what is kept in the tree. What it finds on its way goes to a folder of its own.
seeds() {
  case $1 in
    awareness) echo fixtures/frames ;;
    *) echo fixtures/documents/corpus/updates ;;
  esac
}

count=0
for target in $(cargo +nightly fuzz list --fuzz-dir tests/fuzz); do
  echo "== $target, $seconds s"
  mkdir -p "tests/fuzz/corpus/$target"
  # Allocations that only overcommit would forgive must show.
  cargo +nightly fuzz run --fuzz-dir tests/fuzz "$target" "$PWD/tests/fuzz/corpus/$target" "$PWD/$(seeds "$target")" \
    -- -max_total_time="$seconds" -rss_limit_mb=1024
  count=$((count + 1))
done
echo "fuzz: $count targets, $seconds s each, nothing found"
