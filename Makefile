# The single entry. `make run` and `make test` need nothing prepared: `tools` installs what is missing.
#
#   make run                        a demo Kafka of three brokers, filled, and Steward over it on http://127.0.0.1:8080
#   make run BOOTSTRAP=host:9092    Steward over a cluster of yours
#   make test                       everything: units, real brokers, a real browser
#   make check                      quick: format, lints (native and wasm), the model's tests
#   make crash                      kills Steward at every place of a job that is carried out, cancelled, rolled back; takes half an hour or more
#   make bench                      measures; needs a quiet machine
#   make build                      the self-contained release binary: <target folder>/release/steward
#   make screenshots                every page, both themes, both widths, into docs/screenshots

BOOTSTRAP ?=
LISTEN ?= 127.0.0.1:8080
TARGET := $(or $(CARGO_TARGET_DIR),target)

.PHONY: run test unit browser check crash bench build site tools screenshots

run: tools site
	@echo "Building Steward (some minutes the first time, seconds later) …"
	cargo build --package server --package cluster
	TARGET="$(TARGET)" end2end/run.sh "$(LISTEN)" "$(BOOTSTRAP)"

test: check unit browser

unit: tools site
	cargo test --workspace
	STEWARD_CASES=10000 cargo test --package model --test suite plans_of_small

browser: tools site
	cargo build --package server --package cluster
	cd end2end && TARGET="$(abspath $(TARGET))" npx playwright test

check: tools
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets -- --deny warnings
	cargo clippy --quiet --package app --target wasm32-unknown-unknown --features hydrate -- --deny warnings
	cargo test --quiet --package model

crash: tools site
	STEWARD_TEST_ALL=1 cargo test --package server --test moves -- --nocapture --test-threads 1 crash::

bench: tools site
	cargo build --release --package server --package bench --package plans
	TARGET="$(abspath $(TARGET))" end2end/bench.sh

build: tools site
	cargo build --release --package server --features vendored
	@ls -l "$(TARGET)/release/steward"

site: tools
	@echo "Building the browser's half …"
	cargo site

screenshots: tools site
	cargo build --package server --package cluster
	cd end2end && TARGET="$(abspath $(TARGET))" npx playwright test --config screenshots.config.ts

tools:
	@end2end/tools.sh
