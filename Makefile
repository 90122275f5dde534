# One way to run each thing; CI calls these and adds nothing.

.PHONY: demo check test destroy

# The whole stack of stack.yaml on the local cloud: no AWS account needed.
demo:
	cargo run --quiet --package stackctl -- apply --local --yes

# What `make demo` made, taken away again.
destroy:
	cargo run --quiet --package stackctl -- destroy --local --yes

# Form: formatting, lints, documentation. Warnings are errors.
check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --quiet

# Function: everything, against a local cloud of the tests' own.
test:
	cargo build --workspace --bins --quiet
	cargo test --workspace
