.PHONY: pictures upstream help build test race bench peers gallery fuzz golden matrices lint module real-engine newest-engine engine locks

# "make module PATH=..." sets PATH, and with it where the shell looks: find go before that.
GO := $(or $(shell command -v go),$(firstword $(wildcard /usr/local/go/bin/go /usr/lib/go/bin/go /usr/bin/go)))
GOLDEN := ./cmd/fermata/cli ./examples ./internal/loadreport ./internal/mutation ./internal/report ./model/history ./scenarios/catalogue ./sim/explore ./sim/world \
	./sweeper/...

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

build: ## build the command line
	go build -o fermata ./cmd/fermata

test: ## run every test
	go test ./...

race: ## run the short tests under the race detector
	go test -race -short ./...

engine: ## fetch a released engine: make engine GROUP=org.conductoross VERSION=3.21.14 BOOT=-Dboot (Maven, Java 17)
	mvn -q -B -f sim/gate/java/pom.xml package -Dconductor.group=$(GROUP) -Dconductor.version=$(VERSION) $(BOOT)

# 3.15.0 stands for 3.17.0 and 3.21.14 for 3.21.3: see docs/conformance.md.
real-engine: ## fetch the released engines, replay the race in them, hold the text against them
	$(MAKE) engine GROUP=com.netflix.conductor VERSION=3.13.8
	$(MAKE) engine GROUP=com.netflix.conductor VERSION=3.14.0
	$(MAKE) engine GROUP=com.netflix.conductor VERSION=3.15.0
	$(MAKE) engine GROUP=org.conductoross VERSION=3.21.14 BOOT=-Dboot
	$(GO) test ./internal/conformance -count=1 -v -run 'Released|Race|EveryStep|Fit'

# 3.22.0 stands for 3.22.3 and 3.32.3 for 3.31.2.
newest-engine: ## the same for the newest: make newest-engine JAVA_HOME=... (Java 21 or later)
	$(MAKE) engine GROUP=org.conductoross VERSION=3.22.0
	$(MAKE) engine GROUP=org.conductoross VERSION=3.32.3 BOOT=-Dboot
	env PATH="$(JAVA_HOME)/bin:$$PATH" $(GO) test ./internal/conformance -count=1 -v -run 'Released|EveryStep'

bench: ## steps and schedules a second, states of a proof
	go test -run '^$$' -bench . ./model/history ./sim/explore ./scenarios/catalogue ./sim/redis/... ./internal/conformance

locks: ## The released locks, for the tests that hold the model of the locks against them (Java 17, Maven)
	mvn -q -B -f testdata/locks/pom.xml package

peers: ## Fermata beside Spin, Stateright, Shuttle and Loom, in turns: make peers TURNS=5 ONLY='random walk'
	$(GO) run ./testdata/peers -turns $(or $(TURNS),5) -only '$(ONLY)'

gallery: ## measure schedules to the first bug and write docs/gallery.md: make gallery SEEDS=200 (minutes)
	$(GO) test ./sim/gallery -run XXX -bench Table -benchtime 1x -seeds $(or $(SEEDS),200) -write -timeout 90m

fuzz: ## fuzz every parser: make fuzz TIME=10m (each)
	.ci/fuzz $(or $(TIME),30s)

golden: ## rewrite the golden files, then show what changed: read the diff
	go test $(GOLDEN) -rewrite
	git diff --stat

# Those of the releases that differ there, and both ends of the fix: with all of them it would be too long for CI.
OTHERS := conductor-3.17.0,conductor-3.21.3,conductor-3.22.3,conductor-3.31.2,orkes-community,proposed,proposed-whole

matrices: build ## make the matrices of the other locks, queues and stores again: minutes; then make golden
	-./fermata matrix --engine $(OTHERS) --lock local,postgres,postgres-reentrant,noop,disabled --format json >testdata/matrix.locks.json
	-./fermata matrix --engine $(OTHERS) --queue orkes,sql --store redis,sql --format json >testdata/matrix.stores.json
	-./fermata matrix --engine $(OTHERS) --queue dyno --scope sweepers=1 --format json >testdata/matrix.dyno.json

pictures: build ## draw the race of the README again, from its schedule
	-./fermata replay testdata/schedules/stale-lookup.conductor-3.17.0.sched --svg docs/race.svg >/dev/null

upstream: ## write docs/upstream.md again: the reports for the engine's maintainers
	$(GO) test ./cmd/fermata/cli -run TestUpstreamPage -rewrite

lint: ## gofmt, vet and the rules of the house
	test -z "$$(gofmt -l .)"
	go vet ./... ./testdata/peers
	go test ./internal/tidy

module: ## rename the module: make module PATH=example.org/you/fermata
	$(GO) run ./internal/tidy/rename $(PATH)
