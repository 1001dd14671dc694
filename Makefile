# Two commands are enough: `make demo` and `make test`. `make help` lists the rest.

PREFIX ?= /usr/local
SWIFT ?= swift
# What a Debian 12 machine with Swift may lack.
PACKAGES := libcld2-dev libre2-dev libsimdjson-dev libsqlite3-dev libuchardet-dev libutf8proc-dev libxml2-dev libxxhash-dev libzstd-dev pkg-config zlib1g-dev
PIPE := .build/release/pipe

.PHONY: help demo test build install examples docs lint format benchmark fuzz chaos sanitize packages clean

help:
	@echo "make demo       build and clean the sample pages: before and after"
	@echo "make test       every test: units, stages, the command line"
	@echo "make build      install missing Debian packages, leave the release binary in $(PIPE)"
	@echo "make install    put a self-contained binary into PREFIX/bin (PREFIX=$(PREFIX))"
	@echo "make examples   build the example plugins and compare what they give (Python's come from PyPI)"
	@echo "make docs       write the generated pages, schemas and the man page anew"
	@echo "make lint       check the format of the sources; make format mends it"
	@echo "make benchmark  memory and speed on this machine (PAGES=folder for pages of your own)"
	@echo "make fuzz       look for pages that break it, for SECONDS=600"
	@echo "make chaos      kill, starve and unplug batches, RUNS=200 times, and compare what they leave"
	@echo "make sanitize   every test again under ThreadSanitizer and AddressSanitizer"
	@echo "make clean      remove what was built"

demo: build
	@scripts/demo $(PIPE)

test: packages
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

build: packages
	$(SWIFT) build -c release --product pipe

install: packages
	$(SWIFT) build -c release --product pipe --static-swift-stdlib
	install -D -m 755 $(PIPE) $(DESTDIR)$(PREFIX)/bin/pipe
	install -d $(DESTDIR)$(PREFIX)/share/pipeline/pipelines
	install -m 644 pipelines/*.json $(DESTDIR)$(PREFIX)/share/pipeline/pipelines
	install -d $(DESTDIR)$(PREFIX)/share/pipeline/schemas
	install -m 644 schemas/*.json $(DESTDIR)$(PREFIX)/share/pipeline/schemas
	install -D -m 644 docs/pipe.1 $(DESTDIR)$(PREFIX)/share/man/man1/pipe.1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	install -d $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(PIPE) --generate-completion-script bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/pipe
	$(PIPE) --generate-completion-script zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_pipe
	$(PIPE) --generate-completion-script fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/pipe.fish

examples: build
	@scripts/install-packages jq
	scripts/examples $(PIPE)

docs: build
	scripts/docs $(PIPE)

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Training Package.swift

format:
	$(SWIFT) format --in-place --recursive Sources Tests Training Package.swift

benchmark: build
	python3 Benchmarks/bars.py $(PIPE) $(if $(PAGES),--pages $(PAGES))
	python3 Benchmarks/linear.py $(PIPE)

fuzz: packages
	scripts/fuzz $(or $(SECONDS),600)

# The same product as pipe, with a stage that crashes, hangs and takes memory where a page says so.
chaos: packages
	$(SWIFT) build -c release --product faulty-pipe
	python3 Tests/Chaos/chaos.py .build/release/faulty-pipe --runs $(or $(RUNS),200) $(if $(SEED),--seed $(SEED))

# Optimised: slower builds pass time limits that the tests set.
sanitize: packages
	SANITIZER=thread TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/Sanitizers/thread.txt exitcode=66" $(SWIFT) test -c release -Xswiftc -enable-testing --sanitize thread --scratch-path .build-thread
	SANITIZER=address ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test -c release -Xswiftc -enable-testing --sanitize address --scratch-path .build-address

packages:
	@scripts/install-packages $(PACKAGES)

clean:
	rm -rf .build .build-thread .build-address out Examples/*/.build
