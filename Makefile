# make run     install what is missing, build, start everything with sample data on loopback
# make test    install what the tests need, and run them all
# The other targets are for those who change the code; CONTRIBUTING.md says when.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help run test fmt screenshots bench-dict bench-gateway bench-trade bench-web drill sqlgen

help:
	@grep -E '^# make' Makefile | cut -c3-

run:
	@. scripts/env.sh
	scripts/install.sh run
	scripts/web.sh build
	cargo build --release --locked -p bgc
	exec "$$target/release/bgc" up --sample

test:
	@. scripts/env.sh
	scripts/install.sh test
	cargo fmt --all --check
	scripts/web.sh test
	features="--features bgc/k8s,bgc/pulsar"
	excluded="--exclude trade-queries --exclude identity-queries --exclude gateway-queries --exclude dict-queries"
	cargo clippy --workspace --all-targets $$features --locked -- -D warnings
	cargo test --workspace $$features $$excluded --all-targets --locked --no-run
	scripts/web.sh browser "$$target/debug/bgc"
	scripts/schemathesis.sh "$$target/debug/bgc"
	cargo test --workspace $$features $$excluded --all-targets --locked --no-fail-fast

fmt:
	@. scripts/env.sh
	cargo fmt --all

# Every page and state, desktop and 360 px, light and dark, into target/screenshots.
screenshots:
	@. scripts/env.sh
	scripts/install.sh test
	scripts/web.sh build
	cargo build --locked -p bgc
	scripts/web.sh screenshots "$$target/debug/bgc"

# Every figure beside its rival from the same run; the JSON and the table are printed at the end.
bench-trade:
	@. scripts/env.sh
	scripts/install.sh run
	cargo build --release --locked -p bgc -p bench
	exec "$$target/release/bench" trade

# The cache of outside answers, beside a bare Redis.
bench-gateway:
	@. scripts/env.sh
	scripts/install.sh test
	cargo build --release --locked -p bench
	exec "$$target/release/bench" gateway

# PIX keys written and looked up through the binary, beside pgbench and a bare gRPC echo. Ten million keys:
# make bench-dict BENCH_DICT="--thousands 10000 --claims 100000"
bench-dict:
	@. scripts/env.sh
	scripts/install.sh test
	cargo build --release --locked -p bgc -p bench
	exec "$$target/release/bench" dict $(BENCH_DICT)

# What takes longer than a test may: the two crash tests of dict for DRILL_SECONDS (60) each.
drill:
	@. scripts/env.sh
	scripts/install.sh test
	BGC_DRILL_SECONDS="$${DRILL_SECONDS:-60}" cargo test -p bgc --features bgc/k8s,bgc/pulsar --test it --locked nothing_is_lost_and_nothing_is_twice -- --nocapture --test-threads 1

# The page in Chromium against a release build: script of the first load, time to a form that answers, click to ten
# cards. BGC_DATA_DIR=DIR measures on that data, which must be there; otherwise on the sample.
bench-web:
	@. scripts/env.sh
	scripts/install.sh test
	scripts/web.sh build
	cargo build --release --locked -p bgc
	scripts/web.sh bench "$$target/release/bgc"

# Regenerates the typed functions of every context from its migrations and queries/*.sql.
sqlgen:
	@. scripts/env.sh
	scripts/install.sh run
	scripts/sqlgen.sh
