# Kvit. `make help` lists the targets.
SHELL := /bin/bash
GO ?= go
TOOLS := $(GO) tool -modfile=tools.mod
export CGO_ENABLED ?= 1

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

build: ## the binary ./kvit
	CGO_ENABLED=0 $(GO) build -trimpath -o kvit ./cmd/kvit

demo: build ## a city of 2,000 households on http://127.0.0.1:8080
	./kvit demo

check: ## everything CI runs: format, vet, ranks, both databases, browser, race; ends with «N passed, N failed»
	@./test/check.sh

nightly: ## the long sets: 50 kills of each kind, a minute of each fuzz target (up to 60 min)
	@./test/nightly.sh

test: ## all tests once, without race detector and fuzzing
	$(GO) test ./...

bench: build ## benchmarks beside the raw limit of the database, in one run
	./test/bench.sh

screens: ## every state of every page as a picture in ./screens, and those of docs/screens, while each is checked in a browser
	KVIT_SCREENS=$(CURDIR)/screens $(GO) test ./internal/web ./internal/portal/view ./internal/console/view -run TestScreens -count=1 -timeout 30m
	KVIT_DOCS_SCREENS=$(CURDIR)/docs/screens $(GO) test ./test/whole -run TestDemoPagesAreFitForPeople -count=1

vitals: ## how fast the main pages are on a phone with a poor connection, as a table for docs/performance.md
	KVIT_VITALS=1 $(GO) test ./test/whole -run TestVitals -count=1 -timeout 15m

generate: ## pages from templates
	$(TOOLS) templ generate ./internal/...

fmt: ## format the code
	$(TOOLS) gofumpt -l -w $$(git ls-files '*.go' | grep -v _templ.go)

lint: ## static analysis
	$(GO) vet ./... && $(TOOLS) staticcheck ./...

.PHONY: help build demo check nightly test bench screens vitals generate fmt lint
