# make demo: build, plan the first instance, show the plan, check it.   make test: everything CI runs.
# Both install what the C++ solver's build needs (cmake, a C++ compiler, libclang) where it is missing, on Debian-like systems.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
RUNGS := target/release/rungs
PLAN := target/demo/operations-pathway.plan.json

.PHONY: demo test test-office test-report pictures tools lint bench bench-peers

demo: tools
	@began=$$SECONDS; echo "building (the solver is C++: 5 to 10 minutes the first time on two cores)"; \
	cargo build --release --locked; \
	mkdir -p target/demo; \
	$(RUNGS) plan instances/operations-pathway.json -o $(PLAN); \
	$(RUNGS) show instances/operations-pathway.json $(PLAN); \
	$(RUNGS) check instances/operations-pathway.json $(PLAN); \
	echo "demo: done in $$((SECONDS - began)) s"

test: tools
	@began=$$SECONDS; \
	cargo test --release --locked; \
	cargo test --locked --no-default-features --lib --test intake; \
	if command -v python3 > /dev/null; then python3 -m unittest discover -s tests/outside; else echo "python3 is missing: the outside checker's own tests are left out"; fi; \
	echo "test: done in $$((SECONDS - began)) s"

# Workbooks through LibreOffice and back (Debian: apt-get install libreoffice-calc).
test-office: tools
	cargo build --release --locked
	tests/outside/office.sh $(RUNGS)

# The report in Chromium (Debian: apt-get install chromium; else playwright's own is fetched). Pictures: target/report/shots.
test-report: tools
	cargo build --release --locked
	test -x target/report/venv/bin/python || python3 -m venv target/report/venv
	target/report/venv/bin/pip install --quiet -r tests/outside/requirements.txt
	chromium=$$(command -v chromium || true); \
	[ -n "$$chromium" ] || target/report/venv/bin/playwright install --with-deps chromium; \
	target/report/venv/bin/python tests/outside/report.py $(RUNGS) target/report $${chromium:+--chromium "$$chromium"}

# The pictures of the guide (Debian: apt-get install libreoffice-calc poppler-utils chromium).
pictures: tools
	cargo build --release --locked
	tests/outside/pictures.sh $(RUNGS)

lint: tools
	cargo fmt --check
	cargo clippy --release --all-targets --locked -- -D warnings
	cargo clippy --no-default-features --all-targets --locked -- -D warnings

bench: tools
	cargo bench --locked

# Side by side with HiGHS and CP-SAT, and how time grows: make bench-peers [PEERS="--sizes 20,50 --limit 60"] [MSS=folder with mss/, mss.py and known.csv]
bench-peers: tools
	cargo build --release --locked
	test -x target/peers/venv/bin/python || python3 -m venv target/peers/venv
	target/peers/venv/bin/pip install --quiet -r benches/peers/requirements.txt
	target/peers/venv/bin/python benches/peers/run.py $(PEERS)
	target/peers/venv/bin/python benches/peers/run.py --growth
	if [ -n "$(MSS)" ]; then target/peers/venv/bin/python benches/peers/run.py --published "$(MSS)/mss" --converter "$(MSS)/mss.py"; fi

# What highs-sys needs to build HiGHS.
tools:
	@missing=(); \
	command -v cargo > /dev/null || { echo "Rust is missing: see https://rustup.rs"; exit 1; }; \
	command -v cmake > /dev/null || missing+=(cmake); \
	command -v c++ > /dev/null || missing+=(g++); \
	ldconfig -p 2> /dev/null | grep -q 'libclang[-.0-9]*\.so' || compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' | grep -qv cpp || missing+=(libclang-dev); \
	if [ $${#missing[@]} -gt 0 ]; then \
		command -v apt-get > /dev/null || { echo "please install: $${missing[*]}"; exit 1; }; \
		echo "installing $${missing[*]}"; \
		as_root=(); [ "$$(id -u)" = 0 ] || as_root=(sudo); \
		"$${as_root[@]}" apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive "$${as_root[@]}" apt-get install -y -qq --no-install-recommends "$${missing[@]}"; \
	fi
