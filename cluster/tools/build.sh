#!/usr/bin/env bash
# Copyright 2026 The provider-openai Authors.
# SPDX-License-Identifier: Apache-2.0

# Builds the programs that tests, lint and the demo run, each from its own
# source and its own pinned module, once. All it needs is Go and git.
#
#   build.sh TOOL...      build what is missing of each tool
#   build.sh path TOOL    print the folder that the tool's programs are in
#   build.sh list         print the tools that there are
#
# The programs land in .cache/ of the checkout, or in TOOLS_CACHE where that is
# set. A folder's name carries the version and a hash of everything that
# decides what is built, so a changed pin means another folder, and several
# checkouts can share one cache.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${TOOLS_CACHE:-$(cd "$here/../.." && pwd)/.cache}

# The tools, one function each. A tool's module is the folder of its name beside
# this script; the function says which of its pins names the version, and lists
# the programs: name, package, and how long a first build takes on two cores.

tool_kubernetes() {
	pin k8s.io/kubernetes
	local minor=${version#v1.}
	ldflags="-X k8s.io/component-base/version.gitVersion=$version"
	ldflags+=" -X k8s.io/component-base/version.gitMajor=1"
	ldflags+=" -X k8s.io/component-base/version.gitMinor=${minor%%.*}"
	provided_by KUBEBUILDER_ASSETS
	program etcd go.etcd.io/etcd/server/v3 "1 minute"
	program kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver "4 minutes"
	program kube-controller-manager k8s.io/kubernetes/cmd/kube-controller-manager "1 minute"
	program kubectl k8s.io/kubernetes/cmd/kubectl "1 minute"
}

tool_golangci-lint() {
	pin github.com/golangci/golangci-lint/v2
	program golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint "3 minutes"
}

# Crossplane's command line, from the last release that has one.
tool_crank() {
	pin github.com/crossplane/crossplane/v2
	program crank github.com/crossplane/crossplane/v2/cmd/crank "2 minutes"
}

tool_crossplane() {
	pin github.com/crossplane/crossplane/v2
	# Packages say which versions of Crossplane they are for.
	ldflags="-X github.com/crossplane/crossplane-runtime/v2/pkg/version.version=$version"
	program crossplane github.com/crossplane/crossplane/v2/cmd/crossplane "3 minutes"
}

tool_function-patch-and-transform() {
	pin github.com/crossplane-contrib/function-patch-and-transform
	program function-patch-and-transform github.com/crossplane-contrib/function-patch-and-transform "2 minutes"
}

tool_crane() {
	pin github.com/google/go-containerregistry
	program crane github.com/google/go-containerregistry/cmd/crane "20 seconds"
}

# What the functions above say it with.

pin() {
	version=$(awk -v module="$1" '$1 == module && $2 ~ /^v/ { print $2; exit }' "$module_dir/go.mod")
	[[ -n $version ]] || fail "$module_dir/go.mod pins no version of $1"
}

program() {
	names+=("$1")
	packages+=("$2")
	durations+=("$3")
}

# provided_by names an environment variable with a folder of ready programs:
# only what is missing there is built.
provided_by() {
	provider=$1
	provided=${!1:-}
	[[ -z $provided || -d $provided ]] || fail "$1=$provided is not a folder: correct it, or unset it to build from source"
}

say() { printf '%s\n' "tools: $*" >&2; }

fail() {
	say "$*"
	exit 1
}

# load sets what the rest of the script knows about one tool.
load() {
	tool=$1
	module_dir=$here/$tool
	if ! declare -F "tool_$tool" >/dev/null; then
		fail "there is no tool \"$tool\"; there are: $(list | tr '\n' ' ')"
	fi
	version='' ldflags='' provider='' provided=''
	names=() packages=() durations=()
	"tool_$tool"
	# -buildvcs and -mod outrank whatever GOFLAGS says, and a tool runs on this
	# machine whatever GOOS and GOARCH say: a build depends on its pins alone.
	environment=(CGO_ENABLED=0 GOWORK=off "GOOS=$(go env GOHOSTOS)" "GOARCH=$(go env GOHOSTARCH)")
	flags=(-trimpath -buildvcs=false -mod=readonly -ldflags "-s -w $ldflags")
	local hash
	hash=$({
		printf '%s\n' "${environment[@]}" "${flags[@]}" "${names[@]}" "${packages[@]}"
		cat "$module_dir/go.mod" "$module_dir/go.sum"
	} | git hash-object --stdin)
	home=$cache/$tool-$version-${hash:0:12}
}

list() { declare -F | sed -n 's/^declare -f tool_//p'; }

child='' work='' held=''

cleanup() {
	[[ -z $child ]] || kill "$child" 2>/dev/null || true
	[[ -z $work ]] || rm -rf "$work"
	[[ -z $held ]] || rm -rf "$held"
}

# lock waits until no other build of the same tool is running.
lock() {
	if command -v flock >/dev/null; then
		exec 9>"$1"
		flock -n 9 && return
		say "another build of $tool is running, waiting for it"
		flock 9
		return
	fi
	local owner waiting=''
	until mkdir "$1.d" 2>/dev/null; do
		owner=$(cat "$1.d/pid" 2>/dev/null || true)
		if [[ -n $owner ]] && ! kill -0 "$owner" 2>/dev/null; then
			# Two that find the same dead owner may both build: that costs time
			# and nothing else, because a finished program is moved into place.
			rm -rf "$1.d"
			continue
		fi
		[[ -n $waiting ]] || say "another build of $tool is running, waiting for it"
		waiting=yes
		sleep 1
	done
	held=$1.d
	echo $$ >"$held/pid"
}

unlock() {
	exec 9>&-
	[[ -z $held ]] || rm -rf "$held"
	held=''
}

build_program() {
	local name=$1 package=$2 duration=$3 log=$home/$1.log began=$SECONDS spoken=$SECONDS
	say "building $name of $tool $version (a first build takes about $duration on two cores)"
	work=$(mktemp -d "$home/build.XXXXXX")
	(cd "$module_dir" && exec env "${environment[@]}" go build "${flags[@]}" -o "$work/$name" "$package") >"$log" 2>&1 &
	child=$!
	while kill -0 "$child" 2>/dev/null; do
		sleep 0.5
		if ((SECONDS - spoken >= 15)); then
			say "  $name: $((SECONDS - began)) s $(tail -n 1 "$log")"
			spoken=$SECONDS
		fi
	done
	if ! wait "$child"; then
		child=''
		tail -n 20 "$log" >&2
		fail "building $name failed, the whole output is in $log"
	fi
	child=''
	mv "$work/$name" "$home/bin/$name"
	rm -rf "$work"
	work=''
	say "  $name: done in $((SECONDS - began)) s"
}

# is_ready says whether a program needs no build: it is built, or provided.
is_ready() { [[ -x $home/bin/$1 || (-n $provided && -x $provided/$1) ]]; }

all_ready() {
	local name
	for name in "${names[@]}"; do
		is_ready "$name" || return 1
	done
}

build() {
	load "$1"
	[[ -z $provided ]] || say "using the programs in $provided ($provider)"
	! all_ready || return 0
	local began=$SECONDS i
	mkdir -p "$home/bin"
	lock "$home/lock"
	for i in "${!names[@]}"; do
		is_ready "${names[i]}" || build_program "${names[i]}" "${packages[i]}" "${durations[i]}"
	done
	unlock
	say "$tool $version is ready in $home/bin after $((SECONDS - began)) s"
}

main() {
	trap cleanup EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	case ${1:-} in
	path)
		[[ $# -eq 2 ]] || fail "usage: build.sh path TOOL"
		load "$2"
		printf '%s\n' "$home/bin"
		;;
	list) list ;;
	'' | -*) fail "usage: build.sh TOOL... | path TOOL | list; the tools are: $(list | tr '\n' ' ')" ;;
	*)
		local name
		for name in "$@"; do
			build "$name"
		done
		;;
	esac
}

main "$@"
