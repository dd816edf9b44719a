# Every target says in one sentence what it does; `make` alone lists them.
CARGO ?= cargo
.DEFAULT_GOAL := help
.PHONY: help run test check fmt openapi matrix bench bench-journal bench-matching bench-matching-api contract deny clean-data

# A TEST_DATABASE_URL left in the environment would turn the SQLite run into a second PostgreSQL run.
ON_SQLITE := env -u TEST_DATABASE_URL
# The black-box tests start this binary, and cargo builds no other package's binary for them.
BUILD := $(CARGO) build -p api --bin nastavnik

help: ## Lists the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Starts the server, optimised, with demonstration data.
	$(CARGO) run --release -p api --bin nastavnik -- serve --demo

test: ## Runs all tests on SQLite, then the black-box tests on a PostgreSQL of their own.
	$(BUILD)
	$(ON_SQLITE) $(CARGO) test --workspace
	tests/postgres.sh $(CARGO) test -p persistence -p tests

check: ## Checks format and lints, then runs all tests on SQLite.
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	$(BUILD)
	$(ON_SQLITE) $(CARGO) test --workspace

fmt: ## Formats the code.
	$(CARGO) fmt --all

# Written beside and moved, so that a failed build leaves the committed file whole.
openapi: ## Regenerates openapi.yaml from the code.
	$(CARGO) run -p api --bin nastavnik -- openapi > openapi.yaml.new && mv openapi.yaml.new openapi.yaml || { rm -f openapi.yaml.new; exit 1; }

matrix: ## Regenerates the committed matrices from the code.
	$(BUILD)
	$(ON_SQLITE) UPDATE_MATRIX=1 $(CARGO) test -p tests matrix

bench: ## Measures the server beside the bare drivers, on SQLite and on a PostgreSQL that writes durably.
	POSTGRES_DURABLE=1 tests/postgres.sh $(CARGO) run --release -p tests --bin bench

bench-journal: ## Measures ways to order facts without a gap, on a PostgreSQL that writes durably.
	POSTGRES_DURABLE=1 tests/postgres.sh $(CARGO) run --release -p tests --bin bench -- journal

bench-matching-api: ## Measures candidates and a whole round through the API, on SQLite and on a PostgreSQL that writes durably.
	POSTGRES_DURABLE=1 tests/postgres.sh $(CARGO) run --release -p tests --bin bench -- matching

# The whole takes half an hour; MATCHING="region large --seeds 1" a few minutes.
MATCHING ?= region large quarter district nation
bench-matching: ## Measures the engine of matching beside OR-Tools and scipy on the same instances.
	$(CARGO) build --release -p solver --example solve
	solver/benches/compare.sh $${CARGO_TARGET_DIR:-target}/release/examples/solve $(MATCHING)

contract: ## Lints openapi.yaml, checks its examples and compiles the clients made of it.
	contract/check.sh

deny: ## Checks the dependencies' licences and known vulnerabilities.
	@if $(CARGO) deny --version >/dev/null 2>&1; then \
		$(CARGO) deny check; \
	else \
		echo 'cargo-deny is missing; install it with: cargo install --locked cargo-deny' >&2; exit 1; \
	fi

clean-data: ## Removes the local server's data, that is the folder data.
	rm -rf data
