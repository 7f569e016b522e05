// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package shapes holds the generators of the kinds below it, which tests alone have: one for each
// shape that a resource of the OpenAI Administration API has, with as few fields as show it.
package shapes

//go:generate sh -c "rm -rf crds v1alpha1/zz_generated.[!d]*.go"
//go:generate go run ../../tools/kindgen v1alpha1
//go:generate go tool -modfile=../../tools/codegen/go.mod controller-gen object:headerFile=../../../apis/boilerplate.go.txt crd:crdVersions=v1 paths=./... output:crd:artifacts:config=crds
//go:generate go tool -modfile=../../tools/codegen/go.mod angryjet generate-methodsets --header-file=../../../apis/boilerplate.go.txt ./v1alpha1
