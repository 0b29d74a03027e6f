#!/usr/bin/env bash
# The figures of the README, measured on this machine in one run. Not a test: nothing fails here.
set -euo pipefail
cd "$(dirname "$0")/../.."
tests/install.sh
export TABLEE_BINARY="$PWD/target/release/tablee"
exec npm --prefix tests run --silent bench
