#!/usr/bin/env bash
# tests/soak/run.sh: the proofs of `make test` again, for hours. Each says its figures in lines of JSON.
#
# TABLEE_PLANS, TABLEE_KILL_ROUNDS (for each database), TABLEE_MUTANTS (for each role), TABLEE_DISK_ROUNDS and
# TABLEE_OUTAGE_ROUNDS say how much; arguments choose suites: `tests/soak/run.sh convergence kill`.
set -euo pipefail
cd "$(dirname "$0")/../.."

tests/install.sh
export TABLEE_BINARY="${TABLEE_BINARY:-$PWD/target/release/tablee}"
export TABLEE_REQUIRE_POSTGRES=1
export TABLEE_PLANS="${TABLEE_PLANS:-10000}"
export TABLEE_KILL_ROUNDS="${TABLEE_KILL_ROUNDS:-600}"
export TABLEE_MUTANTS="${TABLEE_MUTANTS:-100000}"
export TABLEE_DISK_ROUNDS="${TABLEE_DISK_ROUNDS:-20}"
export TABLEE_OUTAGE_ROUNDS="${TABLEE_OUTAGE_ROUNDS:-20}"

suites=("$@")
[ ${#suites[@]} -gt 0 ] || suites=(convergence kill disk outage hostile-mutants)

figures=$(mktemp)
trap 'rm -f "$figures"' EXIT
failed=0
for suite in "${suites[@]}"; do
  echo "== $suite"
  tests/with-postgres.sh npm --prefix tests test -- "/$suite.spec.ts" 2>&1 | tee -a "$figures" || failed=1
done

echo
echo "== figures, on $(nproc) cores, at $(git rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
grep -h '^{"proof"' "$figures" || true
exit $failed
