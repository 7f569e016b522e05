// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
)

// annotationCreated of a managed resource is its UID and the external name of what it itself created,
// with a slash in between. With the UID of another object, as in a copy, it proves nothing.
const annotationCreated = "openai.crossplane.io/created-external-name"

// MarkCreated marks in memory that an object itself created the resource with this external name.
func MarkCreated(mg resource.Managed, externalName string) {
	meta.AddAnnotations(mg, map[string]string{annotationCreated: string(mg.GetUID()) + "/" + externalName})
}

// Created reports whether an object itself created the resource with this external name. A resource
// that OpenAI does not find is only replaced if the object created it.
func Created(mg resource.Managed, externalName string) bool {
	return externalName != "" && mg.GetAnnotations()[annotationCreated] == string(mg.GetUID())+"/"+externalName
}

// createdIDs lists the ID of the resource that an object itself created last, if it created any.
func createdIDs(mg resource.Managed) []string {
	id, ok := strings.CutPrefix(mg.GetAnnotations()[annotationCreated], string(mg.GetUID())+"/")
	if !ok {
		return nil
	}
	return []string{id}
}
