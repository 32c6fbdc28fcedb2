.PHONY: help build test race bench golden lint module

# "make module PATH=..." sets PATH, and with it where the shell looks: find go before that.
GO := $(or $(shell command -v go),$(firstword $(wildcard /usr/local/go/bin/go /usr/lib/go/bin/go /usr/bin/go)))
GOLDEN := ./cmd/fermata/cli ./internal/report ./scenarios ./sim/explore ./sim/world ./sweeper/...

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

build: ## build the command line
	go build -o fermata ./cmd/fermata

test: ## run every test
	go test ./...

race: ## run the short tests under the race detector
	go test -race -short ./...

bench: ## steps and schedules a second, states of a proof
	go test -run '^$$' -bench . ./sim/explore ./scenarios

golden: ## rewrite the golden files, then show what changed: read the diff
	go test $(GOLDEN) -rewrite
	git diff --stat

lint: ## gofmt, vet and the rules of the house
	test -z "$$(gofmt -l .)"
	go vet ./...
	go test ./internal/tidy

module: ## rename the module: make module PATH=example.org/you/fermata
	$(GO) run ./internal/tidy/rename $(PATH)
