# Everything a person types here. `make run` to try it, `make test` for all that CI checks.

SHELL := /bin/bash
PROFILE ?= release
ifeq ($(PROFILE),release)
  CARGO_PROFILE := --release
  BINARY := target/release/tablee
else
  CARGO_PROFILE :=
  BINARY := target/debug/tablee
endif

.PHONY: run build client test soak fuzz sabotage lint format bench fixtures clean

run: build
	@TABLEE_FIRST_IMPORT="$${TABLEE_FIRST_IMPORT:-fixtures/inventaire.xlsx}" exec $(BINARY) serve

build: client
	@scripts/need cargo "https://www.rust-lang.org/tools/install"
	cargo build --locked $(CARGO_PROFILE) --bin tablee

client: client/dist/.vite/manifest.json

client/node_modules/.package-lock.json: client/package.json client/package-lock.json
	@scripts/need npm "Node.js 20 or later, https://nodejs.org"
	cd client && npm ci --no-audit --no-fund

client/dist/.vite/manifest.json: client/node_modules/.package-lock.json client/vite.config.ts \
		$(shell find client/src -type f 2>/dev/null)
	cd client && npm run --silent build

# All that CI checks, from a fresh clone: installs what it needs, runs every suite.
test:
	tests/run-all.sh

# The same proofs for hours: 10,000 afternoons, 1,200 kills, 300,000 hostile updates. Figures as lines of JSON.
soak: build
	tests/soak/run.sh

# SECONDS_EACH for each target of tests/fuzz, where a nightly compiler and cargo-fuzz are.
SECONDS_EACH ?= 60
fuzz:
	tests/soak/fuzz.sh $(SECONDS_EACH)

# Breaks the program in named ways; each must turn the test it names red, and no other of its suite.
sabotage:
	tests/install.sh
	cd client && npm ci --no-audit --no-fund --silent
	node tests/sabotage/run.mjs $(ONLY)

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cd client && npm run --silent lint

format:
	cargo fmt --all
	cd client && npm run --silent format

bench: build
	tests/bench/run.sh
	cargo bench --locked -p tablee-document -p tablee-storage

clean:
	rm -rf target client/dist client/node_modules
