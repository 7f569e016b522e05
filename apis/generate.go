// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package apis holds the generators of the API packages below it, and of what is said
// of them in docs/api.md, docs/kinds.md and package/crossplane.yaml.
package apis

// All generators but kindgen live in a module of their own: they need a newer Kubernetes
// than crossplane-runtime does. What kindgen writes, the others read.

// What they made before must not stand in their way.

//go:generate sh -c "rm -rf ../package/crds v1alpha1/zz_generated.[!d]*.go"
//go:generate go run ../cluster/tools/kindgen -lists v1alpha1
//go:generate go tool -modfile=../cluster/tools/codegen/go.mod controller-gen object:headerFile=boilerplate.go.txt crd:crdVersions=v1 paths=./... output:crd:artifacts:config=../package/crds
//go:generate go tool -modfile=../cluster/tools/codegen/go.mod angryjet generate-methodsets --header-file=boilerplate.go.txt ./...
//go:generate go tool -modfile=../cluster/tools/codegen/go.mod crd-ref-docs --log-level=ERROR --source-path=. --config=../cluster/tools/codegen/api-reference/config.yaml --templates-dir=../cluster/tools/codegen/api-reference --renderer=markdown --output-path=../docs/api.md
