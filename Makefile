# One way to run each thing; CI calls these and adds nothing.

.PHONY: demo destroy web check check-web check-docs check-dist lighthouse test soak test-web test-dist test-examples dist pictures audit fuzz bench bench-uploads

TARGET = $(or $(CARGO_TARGET_DIR),target)
STACKCTL = $(TARGET)/debug/stackctl
# Always the whole workspace: another choice of packages is another choice of features, and the SDK is built again.
BUILD = cargo build --workspace --bins
# Node.js of this machine, or the one that web/tests/needs puts there.
export PATH := $(CURDIR)/target/node/bin:$(PATH)

# The whole stack of stack.yaml on the local cloud: no AWS account needed.
demo:
	$(BUILD)
	$(STACKCTL) apply --local --yes

# What `make demo` made, taken away again.
destroy:
	$(BUILD) --quiet
	$(STACKCTL) destroy --local --yes

# The page's packages, as its lock file has them; a page that is being served keeps its own while that is the same.
PACKAGES = web/node_modules/.package-lock.json
$(PACKAGES): web/package-lock.json
	web/tests/needs
	cd web && npm ci --silent && touch node_modules/.package-lock.json

# The page at http://localhost:5173 with all of web/stack.yaml on the local cloud, from nothing; Ctrl-C ends it.
web: $(PACKAGES)
	web/tests/needs
	$(BUILD)
	$(STACKCTL) apply --local --yes --file web/stack.yaml
	$(STACKCTL) outputs --local --file web/stack.yaml --format vite --write web/.env.local
	@$(STACKCTL) user add demo --local --file web/stack.yaml 2>/dev/null || $(STACKCTL) user add demo --reset --local --file web/stack.yaml
	cd web && npx vite

# Form: formatting, lints, documentation, types. Warnings are errors.
check: check-web check-docs check-dist
	cargo fmt --all --check
	cargo fmt --manifest-path fuzz/Cargo.toml --check
	cargo fmt --manifest-path examples/thumbnails/Cargo.toml --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --quiet
	# As cargo-fuzz has it, but for the C++ of libFuzzer, which only a run needs.
	CUSTOM_LIBFUZZER_PATH=/none/none RUSTFLAGS="-D warnings --cfg fuzzing" \
	  cargo check --manifest-path fuzz/Cargo.toml --quiet

check-web: $(PACKAGES)
	web/tests/needs
	cd web && npm run --silent check

# The links of the pages; the book of docs/ in target/book, where mdbook is installed (`cargo install mdbook`).
check-docs:
	docs/tools/links
	if command -v mdbook >/dev/null; then mdbook build docs; fi

# The scripts, the workflows and the action.
check-dist:
	dist/check

# Function: everything, against a local cloud of the tests' own, and the page in a real browser.
test:
	web/tests/needs browser
	$(BUILD) --quiet
	cargo test --workspace
	$(MAKE) --no-print-directory test-examples
	$(MAKE) --no-print-directory test-dist
	$(MAKE) --no-print-directory test-web

# The functions of the examples, by their own tests. `cargo test` tries the examples on the local cloud.
test-examples:
	cargo test --quiet --manifest-path examples/thumbnails/Cargo.toml
	cd examples/thumbnails-node/function && npm ci --silent && npm test --silent

# What people install, from the debug build: the wheel, the npm packages, install.sh and the action; and a new
# project with the wheel, up to an upload in Chromium.
test-dist: $(PACKAGES)
	web/tests/needs browser
	dist/tests/run

# What people install, for this platform, from the release build: target/dist.
dist: $(PACKAGES)
	dist/needs
	web/tests/needs
	dist/build target/dist

# What `make test` tries a part of: each request of each command with each fault, a thousand random lives, fifty pairs
# of runs that stand still at random, and the templates of 400 stacks. And 5 GB through the page, for which the emulator
# needs 16 GB of memory.
soak: $(PACKAGES)
	web/tests/needs browser
	$(BUILD) --quiet
	STACKCTL_SOAK=1 cargo test --workspace --test it sweep:: -- --test-threads 1
	STACKCTL_SOAK=1 cargo test --workspace --test it random::
	STACKCTL_SOAK=1 cargo test --workspace --test it lock::random_freezes
	STACKCTL_SOAK=1 cargo test --workspace --test it export::cfn_lint
	cd web && tests/run $(abspath $(STACKCTL)) large/soak.mjs

# The page alone, in Debian's Chromium, or the one that CHROMIUM names.
test-web: $(PACKAGES)
	web/tests/needs browser
	$(BUILD) --quiet
	cd web && tests/run $(abspath $(STACKCTL))

# The built page, measured by Lighthouse; npx fetches it.
lighthouse: $(PACKAGES)
	web/tests/needs browser
	web/tests/lighthouse

# The pictures of docs/: the page in Chromium, and a terminal.
pictures: $(PACKAGES)
	web/tests/needs browser
	$(BUILD) --quiet
	cd web && SCREENSHOTS=$(abspath $(TARGET))/pictures tests/run $(abspath $(STACKCTL)) look/states.test.mjs
	cp $(TARGET)/pictures/desk-light-files.png docs/page.png
	cp $(TARGET)/pictures/desk-dark-files.png docs/page-dark.png
	docs/tools/terminal $(STACKCTL) docs/terminal.svg

# The presign function as people write it for Node.js, for comparison.
NODE_PRESIGN = crates/bench/node-presign
$(NODE_PRESIGN)/node_modules/.package-lock.json: $(NODE_PRESIGN)/package-lock.json
	web/tests/needs
	cd $(NODE_PRESIGN) && npm ci --silent && touch node_modules/.package-lock.json

# What `stackctl dev` is compared with, from PyPI.
CARGO_LAMBDA = $(TARGET)/bench/venv/bin/cargo-lambda
$(CARGO_LAMBDA):
	python3 -m venv $(TARGET)/bench/venv
	$(TARGET)/bench/venv/bin/pip install --quiet cargo-lambda==1.9.2

# How fast it is: the release build, on local clouds of the benchmarks' own; into docs/benchmarks.md.
bench: $(NODE_PRESIGN)/node_modules/.package-lock.json $(CARGO_LAMBDA)
	cd $(NODE_PRESIGN) && npm run --silent build -- --outfile=$(abspath $(TARGET))/bench/handler.cjs
	cargo build --profile lambda --package presign --package presign-floor
	$(BUILD) --release
	$(MAKE) --no-print-directory dist
	$(TARGET)/release/bench --into docs/benchmarks.md

# The page beside Uppy and curl, in Chromium, with the release build; into docs/benchmarks.md.
bench-uploads: $(PACKAGES)
	web/tests/needs browser
	$(BUILD) --release
	cd web && tests/large/throughput $(abspath $(TARGET)/release/stackctl) 200 5 $(abspath docs/benchmarks.md)

# The dependencies: licences, sources and what must not be among them; what is known against them, where its database
# can be reached. deny.toml says what is allowed. cargo-deny's own release profile takes ten minutes to build.
DENY = target/tools/bin/cargo-deny --log-level error
# What has a Cargo.lock of its own.
DENY_FUZZ = $(DENY) --manifest-path fuzz/Cargo.toml
DENY_EXAMPLE = $(DENY) --manifest-path examples/thumbnails/Cargo.toml
UNUSED = --allow license-not-encountered --allow license-exception-not-encountered --allow unmatched-skip --allow unmatched-skip-root
audit:
	CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_OPT_LEVEL=1 \
	  cargo install --quiet --debug --locked --root target/tools cargo-deny@0.20.2
	$(DENY) check $(UNUSED) bans licenses sources
	crates/stackctl/licences.py --check
	$(DENY_FUZZ) check $(UNUSED) bans licenses sources
	$(DENY_EXAMPLE) check $(UNUSED) bans licenses sources
	@if $(DENY) fetch db; then \
		$(DENY) check advisories && $(DENY_FUZZ) check advisories && $(DENY_EXAMPLE) check advisories; \
	else \
		echo "advisories NOT CHECKED: their database can't be reached from here" >&2; \
	fi

# The crates that `stackctl version -v` lists, by licence.
licences:
	crates/stackctl/licences.py

# Anything at all, a minute for each target, into what takes things apart. What is found becomes a test.
FUZZ_SECONDS ?= 60
fuzz:
	FUZZ_SECONDS=$(FUZZ_SECONDS) fuzz/run
