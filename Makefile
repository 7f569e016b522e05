# Copyright 2026 The provider-openai Authors.
# SPDX-License-Identifier: Apache-2.0

# Needs Go, git and GNU make, and a way to fetch Go modules. Everything else is
# built from source. "make help" lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# Go uses all cores by itself, and the order of check's parts is meant.
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

MODULE := github.com/crossplane-contrib/provider-openai
OUTPUT := _output
TOOLS := cluster/tools/build.sh

# Modules of their own, whose dependencies nothing else needs.
TRUTH_TABLE := cluster/test/truthtable
SPEC_CHECK := cluster/test/speccheck
RELEASE := cluster/release
MODULES := $(TRUTH_TABLE) $(SPEC_CHECK) $(RELEASE)

# Where tests record what they and the API say to each other, for "make spec-check".
EXCHANGES_FOLDER := $(CURDIR)/$(OUTPUT)/exchanges

# How many digits git needs for a commit depends on the clone: ask for a number.
VERSION ?= $(shell git describe --tags --always --dirty --abbrev=12 2>/dev/null || echo v0.0.0-dev)
REVISION ?= $(shell git rev-parse HEAD 2>/dev/null)

# Built files get the time of the commit, so that they are the same each time.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

# What makes images of binaries.
IMAGES := $(OUTPUT)/bin/images

# The platforms that packages are built for.
PLATFORMS := linux_amd64 linux_arm64
PACKAGES := $(PLATFORMS:%=$(OUTPUT)/xpkg/%/provider-openai.xpkg)

# Neither the folder nor the state of the checkout gets into a binary.
BUILD_FLAGS = -trimpath -buildvcs=false -ldflags '-s -w -X $(MODULE)/internal/version.Version=$(VERSION)'

# The race detector needs a C compiler, which not everybody has.
RACE = $(shell [ "$$(go env CGO_ENABLED)" = 1 ] && command -v "$$(go env CC)" >/dev/null && echo -race)

# Checksums of what "make generate" writes; a folder may not be there yet.
GENERATED = { find apis internal/controller package docs/api.md docs/kinds.md cluster/test/shapes \( -name 'zz_generated*' -o -path 'package/*' \
		-o -path 'docs/*' -o -path '*/crds/*' \) -type f 2>/dev/null || true; } \
	| LC_ALL=C sort | xargs -r cksum

say = @printf '== %s\n'

##@ Everyday

.PHONY: help
help: ## List the targets.
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build the provider and the simulator into _output/bin (VERSION=v1.2.3).
	$(say) 'building the provider and the simulator, $(VERSION)'
	@mkdir -p $(OUTPUT)/bin
	@CGO_ENABLED=0 go build $(BUILD_FLAGS) -o $(OUTPUT)/bin/ ./cmd/provider ./cmd/simulator

.PHONY: generate
generate: ## Generate kinds, deep copies, methods, CRDs, docs/api.md and docs/kinds.md.
	$(say) 'generating code, CRDs and the API reference'
	@go generate ./apis/... ./cluster/test/shapes/...

.PHONY: unit
unit: ## Run the tests that need no control plane: all outside of cluster/.
	$(say) 'running unit tests'
	@go test -short -timeout 5m $$(go list ./... | grep -v '/cluster/')

# Its hundreds of cases share one provider, which the race detector makes too slow for them. What
# they have in common with other tests is tried with it there.
CONFORMANCE := cluster/test/conformance

.PHONY: test
test: tools ## Run all tests, with a real control plane, and for data races if there is a C compiler.
	$(say) 'running all tests $(RACE)'
	@export KUBEBUILDER_ASSETS="$${KUBEBUILDER_ASSETS:-$$($(TOOLS) path kubernetes)}"; \
		export EXCHANGES='$(EXCHANGES_FOLDER)/test.jsonl'; mkdir -p "$${EXCHANGES%/*}"; rm -f "$$EXCHANGES"; \
		go test $(RACE) -timeout 20m $$(go list ./... | grep -v '/$(CONFORMANCE)$$'); \
		go test -timeout 10m ./$(CONFORMANCE); \
		for module in $(SPEC_CHECK) $(RELEASE); do go -C "$$module" test $(RACE) -timeout 5m ./...; done

# How long each fuzz target runs.
FUZZTIME ?= 5s

# What Go finds interesting it keeps in its cache, for the next run. What makes a target fail
# goes into testdata/fuzz, to be committed. "go test -fuzz" would link the tests again for each
# target, and have the code of all dependencies guide it, which takes its time. Where the time of
# a target ends while an input is tried, Go calls that a failure without an input: it is tried
# once more.
.PHONY: fuzz
fuzz: ## Feed each fuzz target with made-up input (FUZZTIME=1m for longer).
	$(say) 'fuzzing each target for $(FUZZTIME)'
	@mkdir -p $(OUTPUT)/fuzz; cache=$$(go env GOCACHE)/fuzz/$(MODULE); \
	for folder in $$(git grep -l --untracked '^func Fuzz' -- '*_test.go' | xargs -n 1 dirname | sort -u); do \
		tests="$(CURDIR)/$(OUTPUT)/fuzz/$$(basename "$$folder").test"; \
		go test -c -gcflags '$(MODULE)/...=-d=libfuzzer' -o "$$tests" "./$$folder"; \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\)(.*/\1/p' "$$folder"/*_test.go); do \
			for try in 1 2; do \
				out=$$(cd "$$folder" && "$$tests" -test.run '^$$' -test.fuzz "^$$target\$$" -test.fuzztime $(FUZZTIME) \
					-test.fuzzcachedir "$$cache/$$folder" 2>&1) && break; \
				if [ $$try = 2 ] || grep -q 'Failing input' <<<"$$out" || ! grep -qx ' *context deadline exceeded' <<<"$$out"; then \
					echo "$$out"; exit 1; \
				fi; \
			done; \
			echo "$$out" | sed -n "s/^fuzz: elapsed: \(.*\)/$$target: \1/p" | tail -n 1; \
		done; \
	done

# Go prints more lines after the one that counts.
CRASH = export KUBEBUILDER_ASSETS="$${KUBEBUILDER_ASSETS:-$$($(TOOLS) path kubernetes)}"; \
	mkdir -p $(OUTPUT); failed=0; \
	go test -v -count=1 -timeout 3h $(1) | tee $(OUTPUT)/crash.log | grep -v '^crash points:' || failed=1; \
	grep '^crash points:' $(OUTPUT)/crash.log | tail -n 1; exit $$failed

.PHONY: crash
crash: tools ## Kill and disturb the provider at every request that it makes (about an hour).
	$(say) 'replaying every scenario at every request'
	@$(call CRASH,-tags soak ./cluster/test/crash -crash.full)

.PHONY: crash-subset
crash-subset: tools ## The same at a fixed choice of points (less than ten minutes).
	$(say) 'replaying every scenario at a fixed choice of requests'
	@$(call CRASH,./cluster/test/crash -crash.subset)

# Go prints what a test says, whether or not it passes, only if it is told no package.
.PHONY: conformance
conformance: tools ## Print how each kind stands every trouble (two minutes; CASE=Project/reply_lost for less).
	$(say) 'running every kind through every trouble'
	@export KUBEBUILDER_ASSETS="$${KUBEBUILDER_ASSETS:-$$($(TOOLS) path kubernetes)}"; \
		export EXCHANGES='$(EXCHANGES_FOLDER)/conformance.jsonl'; mkdir -p "$${EXCHANGES%/*}"; rm -f "$$EXCHANGES"; \
		go -C cluster/test/conformance test -count=1 -timeout 15m -run 'TestConformance/$(CASE)'

.PHONY: truth-table
truth-table: tools ## Print what kubectl, kstatus and Argo CD make of objects in every state (a minute).
	$(say) 'asking tools about objects in every state'
	@export KUBEBUILDER_ASSETS="$${KUBEBUILDER_ASSETS:-$$($(TOOLS) path kubernetes)}"; \
		go -C $(TRUTH_TABLE) test -timeout 5m

# A command line can be read by every user of the machine.
ifeq ($(origin OPENAI_ADMIN_KEY),command line)
$(error OPENAI_ADMIN_KEY must not be on the command line: have OPENAI_ADMIN_KEY_FILE name a file that holds the key)
endif

.PHONY: contract
contract: ## Try what is assumed about the API, at the simulator, or at OpenAI (OPENAI_ADMIN_KEY_FILE=file CONFIRM=yes).
	$(say) 'trying what is assumed about the Administration API'
	@mkdir -p '$(EXCHANGES_FOLDER)'; rm -f '$(EXCHANGES_FOLDER)/contract.jsonl'
	@EXCHANGES='$(EXCHANGES_FOLDER)/contract.jsonl' OPENAI_ADMIN_KEY_FILE='$(OPENAI_ADMIN_KEY_FILE)' \
		BASE_URL='$(BASE_URL)' CONFIRM='$(CONFIRM)' go run ./cluster/test/contract

# It needs exchanges that are not older than the code.
.PHONY: spec-check
spec-check: $(if $(SPEC),contract) ## Compare recorded exchanges with OpenAI's OpenAPI document (SPEC=file).
	$(say) "comparing exchanges with OpenAI's document"
	@if [ -z '$(SPEC)' ]; then echo 'not checked: no document'; else \
		go -C $(SPEC_CHECK) run . -spec '$(abspath $(SPEC))' '$(EXCHANGES_FOLDER)'/*.jsonl; fi

.PHONY: e2e
e2e: tools crossplane-tools build xpkg ## Install the package on a real Crossplane, and use it (about five minutes; E2E=-rotations=20 for more rotations).
	$(say) 'proving the package on a real Crossplane'
	@go run ./cluster/test/e2e -xpkg "$(OUTPUT)/xpkg/linux_$$(go env GOARCH)/provider-openai.xpkg" $(E2E)

.PHONY: bench
bench: tools ## Measure the provider with up to 10,000 keys (more than an hour; BENCH='-sizes 100' for less).
	$(say) 'measuring the provider'
	@export KUBEBUILDER_ASSETS="$${KUBEBUILDER_ASSETS:-$$($(TOOLS) path kubernetes)}"; \
		go run ./cluster/test/bench -out $(OUTPUT)/bench $(BENCH)

.PHONY: fmt
fmt: golangci-lint ## Format all Go code.
	$(say) 'formatting'
	@"$$($(TOOLS) path golangci-lint)/golangci-lint" fmt

##@ Checks

# It calls nobody but the simulator, whatever the environment names.
check: override OPENAI_ADMIN_KEY_FILE :=
check: override BASE_URL :=
.PHONY: check
check: secrets-check fmt-check mod-check generate-check vet lint xpkg-check test contract spec-check fuzz truth-table e2e crash-subset ## Run everything that must hold before a merge.
	$(say) 'all checks passed'

.PHONY: lint
lint: golangci-lint ## Lint the modules.
	$(say) 'linting'
	@# Findings in its cache carry the paths of the checkout that they were made in.
	@export GOLANGCI_LINT_CACHE="$(CURDIR)/.cache/golangci-lint"; \
		lint="$$($(TOOLS) path golangci-lint)/golangci-lint"; \
		"$$lint" run; \
		for module in $(MODULES); do (cd "$$module"; "$$lint" run); done

.PHONY: vet
vet: ## Run go vet.
	$(say) 'vetting'
	@go vet ./...
	@for module in $(MODULES); do go -C "$$module" vet ./...; done

.PHONY: fmt-check
fmt-check: ## Fail if a Go file is not formatted.
	$(say) 'checking formatting'
	@unformatted=$$(git ls-files --cached --others --exclude-standard '*.go' | xargs -r gofmt -l); \
		[ -z "$$unformatted" ] || { echo "run make fmt, these are not formatted:"; echo "$$unformatted"; exit 1; }

.PHONY: mod-check
mod-check: ## Fail if a go.mod is not tidy, or a downloaded module has been changed.
	$(say) 'checking go.mod'
	@for module in . $(MODULES); do \
		go -C "$$module" mod tidy -diff || { echo "run go mod tidy in $$module and commit"; exit 1; }; \
		go -C "$$module" mod verify >/dev/null; \
	done

.PHONY: generate-check
generate-check: ## Fail if generated files are not what make generate makes.
	@before=$$($(GENERATED)); \
		$(MAKE) generate; \
		diff <(echo "$$before") <($(GENERATED)) || { \
			echo "generated files were out of date and have been rewritten: run make generate and commit"; exit 1; }

# A key that somebody pasted is random; a fixture has a word in it that says what
# it is.
.PHONY: secrets-check
secrets-check: ## Fail if a file seems to contain an API key.
	$(say) 'looking for API keys'
	@found=$$(git grep --untracked -noIE '(^|[^A-Za-z0-9])sk-[A-Za-z0-9_-]{7,}[A-Za-z0-9]' \
			| grep -viE ':[^:]*sk-[a-z0-9_-]*(canary|dummy|example|fake|fixture|invalid|redacted|simulat|test|unknown|wrong)[^:]*$$' || true); \
		[ -z "$$found" ] || { \
			echo "these look like API keys; if they are made up, put a word like fake or test into them:"; \
			echo "$$found"; exit 1; }

##@ Package

# Variables that would change a binary are set, whatever they are outside.
CROSS = env CGO_ENABLED=0 GOFLAGS= GOWORK=off GOEXPERIMENT= GOAMD64=v1 GOARM64=v8.0

.PHONY: xpkg
xpkg: crank ## Build images, SBOMs and Crossplane packages into _output/xpkg (VERSION=v1.2.3).
	$(say) 'building packages, $(VERSION)'
	@for platform in $(PLATFORMS); do \
		$(CROSS) GOOS=$${platform%_*} GOARCH=$${platform#*_} \
			go build $(BUILD_FLAGS) -o "$(OUTPUT)/bin/$$platform/provider" ./cmd/provider; \
	done
	@go -C $(RELEASE) build -buildvcs=false -o '$(CURDIR)/$(IMAGES)' ./images
	@$(IMAGES) build -version '$(VERSION)' -revision '$(REVISION)' -created '$(SOURCE_DATE_EPOCH)' \
		-out $(OUTPUT)/images $(PLATFORMS:%=$(OUTPUT)/bin/%/provider)
	@crank="$$($(TOOLS) path crank)/crank"; \
	for platform in $(PLATFORMS); do \
		mkdir -p "$(OUTPUT)/xpkg/$$platform"; \
		cp "$(OUTPUT)/images/$$platform/provider-openai.spdx.json" "$(OUTPUT)/xpkg/$$platform/"; \
		"$$crank" xpkg build --package-root=package --examples-root=examples \
			--embed-runtime-image-tarball="$(OUTPUT)/images/$$platform/provider-openai.tar" \
			--package-file="$(OUTPUT)/xpkg/$$platform/provider-openai.xpkg" >/dev/null; \
	done
	@$(IMAGES) digest $(PACKAGES)

# The other folder has another path, another age and no git.
.PHONY: xpkg-check
xpkg-check: xpkg ## Fail if a package comes out different in another folder.
	$(say) 'building packages in another folder'
	@other=$$(mktemp -d); trap 'rm -rf "$$other"' EXIT; \
		git ls-files -z --cached --others --exclude-standard | tar -c --null -T - | tar -x -C "$$other"; \
		TOOLS_CACHE="$${TOOLS_CACHE:-$(CURDIR)/.cache}" $(MAKE) -C "$$other" xpkg \
			VERSION='$(VERSION)' REVISION='$(REVISION)' SOURCE_DATE_EPOCH='$(SOURCE_DATE_EPOCH)' >/dev/null; \
		for built in $(PACKAGES) $(PLATFORMS:%=$(OUTPUT)/xpkg/%/provider-openai.spdx.json); do \
			cmp "$$built" "$$other/$$built" || { \
				echo "$$built is not the same each time that it is built: what gets into it besides its sources?"; exit 1; }; \
		done

##@ Demo

.PHONY: demo
demo: tools build ## Show the provider at work (KEEP=1 leaves it running, REAL=1 uses the real API).
	@KEEP='$(KEEP)' REAL='$(REAL)' go run ./cluster/demo

.PHONY: demo-stop
demo-stop: ## Stop what make demo KEEP=1 left running.
	@go run ./cluster/demo stop

##@ Tools

.PHONY: tools
tools: ## Build etcd, kube-apiserver, kube-controller-manager and kubectl, once, into .cache (TOOLS_CACHE).
	@$(TOOLS) kubernetes

.PHONY: crank
crank: ## Build Crossplane's command line tool, once, into .cache.
	@$(TOOLS) crank

.PHONY: crossplane-tools
crossplane-tools: ## Build Crossplane, its CLI, crane and function-patch-and-transform, once, into .cache.
	@$(TOOLS) crossplane crank crane function-patch-and-transform

.PHONY: golangci-lint
golangci-lint: ## Build golangci-lint, once, into .cache.
	@$(TOOLS) golangci-lint

.PHONY: clean
clean: ## Delete what make build produced. Built tools stay.
	@rm -rf $(OUTPUT)

.PHONY: clean-tools
clean-tools: ## Delete the built tools too; building them again takes minutes.
	@rm -rf .cache
