# make run     a relay with the demo campaign, and the app
# make test    every test
# make check   formatting, lints, types, generated files
# make deb     the Debian package of the window
# make android the Android project; building it needs an SDK (docs/mobile.md)
# make clean   removes what was built and the demo

.PHONY: run test check ui build bindings screenshots deb android clean

# The window needs a display to be of any use; elsewhere a browser shows the same.
ifneq ($(DISPLAY)$(WAYLAND_DISPLAY),)
run_window = window
endif

# With the features that the whole workspace has, so that the tests compile as little as they can again.
run:
	@scripts/install $(run_window)
	@scripts/ui
	cargo build --workspace --bin palier --bin palier-relay $(run_window:window=--bin palier-window)
	@exec scripts/run

test:
	@scripts/install window browser test
	@scripts/ui
	@scripts/test

# Built in one go, so that nothing is compiled twice with other features.
build: ui
	cargo build --workspace --bins --tests

ui:
	@scripts/ui

check: ui
	@scripts/install window
	cargo fmt --all --check
	cargo fmt --check --manifest-path fuzz/Cargo.toml
	cargo clippy --workspace --all-targets --locked -- -D warnings
	scripts/fuzz build
	scripts/bindings
	npm --prefix ui run check

# Writes the interface's types again.
bindings:
	cargo test --workspace --lib export_bindings

# The pictures of the README, from the tests of the interface and of the window.
screenshots: build
	@scripts/install window browser test
	npm --prefix ui run test:browser
	npm --prefix ui run test:window
	scripts/screenshots

deb:
	@scripts/install window test
	@scripts/deb

android: ui
	@scripts/android

clean:
	cargo clean
	rm -rf artifacts run ui/dist ui/node_modules src-tauri/gen src-tauri/permissions
