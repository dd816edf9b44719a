# Every target says in one sentence what it does; `make` alone lists them.
CARGO ?= cargo
.DEFAULT_GOAL := help
.PHONY: help run test check format build build-and-rules test-sqlite test-worlds test-postgres browser some time fmt openapi problems matrix bench bench-crises bench-duplicates bench-journal bench-matching bench-matching-api bench-reads bench-region bench-round bench-search bench-silence contract deny clean-data

# Cargo uses all cores by itself.
.NOTPARALLEL:

# A TEST_DATABASE_URL left in the environment would turn the SQLite run into a second PostgreSQL run.
ON_SQLITE := env -u TEST_DATABASE_URL
# Lints and build are one compilation: for our own crates clippy's driver stands in for rustc, and warnings are errors.
LINTED := RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings
# The whole workspace everywhere: one set of features, so that each crate is built once and the tests judge what production has.
BUILD := $(LINTED) $(CARGO) build --workspace --bins --tests --examples
TEST := $(LINTED) $(CARGO) test --workspace
# A test waits for its server, and that for its database: two tests for each core keep it busy.
THREADS = RUST_TEST_THREADS=$$(( $$(getconf _NPROCESSORS_ONLN) * 2 ))

help: ## Lists the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The profile `demo` of Cargo.toml: a newcomer waits for this build.
run: ## Starts the server with demonstration data.
	$(CARGO) build --profile demo --workspace --bin nastavnik
	$${CARGO_TARGET_DIR:-target}/demo/nastavnik serve --demo

test: build test-sqlite test-postgres ## Runs all tests on SQLite, then the black-box tests on a PostgreSQL of their own.

check: format build test-sqlite ## Checks format and lints, then runs all tests on SQLite.

format: ## Checks the format.
	$(CARGO) fmt --all --check

build: ## Builds everything that is tested, with our lints.
	$(BUILD)

# One thread compiles `persistence` for minutes, and the other cores have nothing else to do.
build-and-rules: ## Builds everything that is tested, and meanwhile runs the tests of the rules.
	tests/meanwhile.sh env $(BUILD)

test-sqlite: build ## Runs all tests on SQLite.
	$(ON_SQLITE) $(THREADS) $(TEST)

test-worlds: build ## Runs the black-box tests on SQLite.
	$(ON_SQLITE) $(THREADS) $(TEST) --test story --test whole

test-postgres: build ## Runs the black-box tests on a PostgreSQL of their own.
	tests/postgres.sh env $(THREADS) $(TEST) --test story --test whole

# make some T=meetings
some: build ## Runs the black-box tests whose names contain T, on SQLite.
	$(ON_SQLITE) $(TEST) --test story $(T)

browser: build ## Asks as a page of another site in a headless Chromium: of the machine, or named in CHROMIUM.
	$(ON_SQLITE) BROWSER_REQUIRED=1 $(TEST) --test story browser

# make time WHAT="run ci handler"
WHAT ?= run ci handler
time: ## Measures how long one waits: for the first start, for CI, for a test of a changed handler.
	tests/time.sh $(WHAT)

fmt: ## Formats the code.
	$(CARGO) fmt --all

# Written beside and moved, so that a failed build leaves the committed file whole.
openapi: ## Regenerates openapi.yaml from the code.
	$(LINTED) $(CARGO) build --workspace --bin nastavnik
	$${CARGO_TARGET_DIR:-target}/debug/nastavnik openapi > openapi.yaml.new && mv openapi.yaml.new openapi.yaml || { rm -f openapi.yaml.new; exit 1; }

problems: build ## Regenerates the codes of each operation from those that the tests meet; then make openapi.
	$(ON_SQLITE) $(TEST) --test story
	$(ON_SQLITE) UPDATE_MATRIX=1 $(TEST) --test whole

matrix: build ## Regenerates the committed matrices from the code.
	$(ON_SQLITE) UPDATE_MATRIX=1 $(TEST) --test story matrix

# The measuring client starts the product's own binary, so that neither is built for the other's sake.
BENCH = $(CARGO) build --release --workspace --bin nastavnik --bin bench && POSTGRES_DURABLE=1 tests/postgres.sh $${CARGO_TARGET_DIR:-target}/release/bench

bench: ## Measures the server beside the bare drivers, on SQLite and on a PostgreSQL that writes durably.
	$(BENCH)

bench-crises: ## Measures calls for help while 200 clients are busy, on SQLite and on a PostgreSQL that writes durably.
	$(BENCH) crises

bench-journal: ## Measures ways to order facts without a gap, on a PostgreSQL that writes durably.
	$(BENCH) journal

bench-matching-api: ## Measures candidates and a whole round through the API, on SQLite and on a PostgreSQL that writes durably.
	$(BENCH) matching

# SIZE 1 is a region of 100 000 beneficiaries.
bench-region: ## Fills a region of SIZE (0.1) and measures what it bears, on SQLite and on a PostgreSQL that writes durably.
	$(BENCH) region

bench-search: ## Measures the search by beginnings of names among 200 000 people at a steady pace, on both engines.
	$(BENCH) search

bench-reads: ## Measures the journal of reads, on SQLite and on a PostgreSQL that writes durably.
	$(CARGO) build --release --workspace --example reads && POSTGRES_DURABLE=1 tests/postgres.sh $${CARGO_TARGET_DIR:-target}/release/examples/reads

# SIZE 1 is a round of 20 000 who wait and 7 500 mentors.
bench-round: ## Measures a round of matching of SIZE (0.1): the time of each part and the memory, on SQLite.
	$(CARGO) build --release --workspace --bin nastavnik --example round && $${CARGO_TARGET_DIR:-target}/release/examples/round

bench-silence: ## Measures answers while PostgreSQL is silent under load, and how soon all is well again.
	$(BENCH) silence

# The whole takes half an hour; MATCHING="region large --seeds 1" a few minutes.
MATCHING ?= region large quarter district nation
bench-matching: ## Measures the engine of matching beside OR-Tools and scipy on the same instances.
	$(CARGO) build --release -p solver --example solve
	solver/benches/compare.sh $${CARGO_TARGET_DIR:-target}/release/examples/solve $(MATCHING)

bench-duplicates: ## Measures the comparison of people on 100 000 made ones, and beside Splink on 20 000.
	$(CARGO) build --release -p domain --example duplicates
	domain/benches/duplicates.sh $${CARGO_TARGET_DIR:-target}/release/examples/duplicates

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
