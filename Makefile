# One way to run each thing; CI calls these and adds nothing.

.PHONY: demo check test test-web web destroy

STACKCTL = cargo run --quiet --package stackctl --

# The whole stack of stack.yaml on the local cloud: no AWS account needed.
demo:
	cargo run --quiet --package stackctl -- apply --local --yes

# What `make demo` made, taken away again.
destroy:
	cargo run --quiet --package stackctl -- destroy --local --yes

# The page at http://localhost:5173 with all of web/stack.yaml on the local cloud, from nothing; Ctrl-C ends it.
web:
	$(STACKCTL) apply --local --yes --file web/stack.yaml
	$(STACKCTL) outputs --local --file web/stack.yaml --format vite --write web/.env.local
	cd web && npm ci --silent
	@$(STACKCTL) user add demo --local --file web/stack.yaml 2>/dev/null || $(STACKCTL) user add demo --reset --local --file web/stack.yaml
	cd web && npx vite

# Form: formatting, lints, documentation. Warnings are errors.
check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --quiet

# Function: everything, against a local cloud of the tests' own.
test:
	cargo build --workspace --bins --quiet
	cargo test --workspace

# The page in a real browser: Debian's Chromium, or the one that CHROMIUM names.
test-web:
	cargo build --package stackctl --quiet
	cd web && npm ci --silent && tests/run ../target/debug/stackctl
