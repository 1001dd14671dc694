# Two commands are enough: `make demo` and `make test`. `make help` lists the rest.

PREFIX ?= /usr/local
SWIFT ?= swift
# What a Debian 12 machine with Swift may lack.
PACKAGES := libsimdjson-dev libuchardet-dev libutf8proc-dev libxml2-dev libzstd-dev pkg-config zlib1g-dev
PIPE := .build/release/pipe

.PHONY: help demo test build install lint format benchmark packages clean

help:
	@echo "make demo       build and clean the sample pages: before and after"
	@echo "make test       every test: units, stages, the command line"
	@echo "make build      install missing Debian packages, leave the release binary in $(PIPE)"
	@echo "make install    put a self-contained binary into PREFIX/bin (PREFIX=$(PREFIX))"
	@echo "make lint       check the format of the sources; make format mends it"
	@echo "make benchmark  memory and speed on this machine (PAGES=folder for pages of your own)"
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

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

benchmark: build
	python3 Benchmarks/bars.py $(PIPE) $(if $(PAGES),--pages $(PAGES))

packages:
	@scripts/install-packages $(PACKAGES)

clean:
	rm -rf .build out
