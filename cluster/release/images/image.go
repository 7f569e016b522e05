// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

const (
	source = "https://github.com/crossplane-contrib/provider-openai"
	author = "The provider-openai Authors"

	// user is not root; its number is distroless images' convention. Only a number lets Kubernetes
	// verify that it is not root. Crossplane runs providers as another user, who may read all
	// files, too.
	user = "65532"
)

// A release is what all images of one version have in common.
type release struct {
	version string
	// revision is the commit that the version was built from; empty: unknown.
	revision string
	created  time.Time
}

// image builds an image from scratch: a program with what it needs to reach OpenAI, and its own
// bill of materials.
func image(r release, p program, trusted roots, sbom []byte) (v1.Image, error) {
	// The time zone of the builder must not change the image.
	r.created = r.created.UTC()

	// The base files change rarely. With a fixed time they form the same layer in every version,
	// which nodes pull only once.
	base, err := layer(baseFiles(trusted), time.Unix(0, 0))
	if err != nil {
		return nil, err
	}
	top, err := layer(programFiles(p, sbom), r.created)
	if err != nil {
		return nil, err
	}
	img, err := mutate.Append(empty.Image,
		mutate.Addendum{Layer: base, History: r.history("certificate authorities and users")},
		mutate.Addendum{Layer: top, History: r.history("the provider, and its bill of materials")})
	if err != nil {
		return nil, fmt.Errorf("cannot put the layers together: %w", err)
	}
	file, err := img.ConfigFile()
	if err != nil {
		return nil, fmt.Errorf("cannot read the image's configuration: %w", err)
	}
	file = file.DeepCopy()
	platform := p.platform()
	file.OS, file.Architecture = platform.OS, platform.Architecture
	file.Author = author
	file.Created = v1.Time{Time: r.created}
	file.Config = v1.Config{
		User:       user + ":" + user,
		Entrypoint: []string{p.path()},
		Env:        []string{"PATH=" + binFolder},
		WorkingDir: "/",
		// Metrics and health probes.
		ExposedPorts: map[string]struct{}{"8080/tcp": {}, "8081/tcp": {}},
		Labels:       r.labels(),
	}
	img, err = mutate.ConfigFile(img, file)
	if err != nil {
		return nil, fmt.Errorf("cannot write the image's configuration: %w", err)
	}
	return img, nil
}

// labels are those that the OCI image specification predefines.
func (r release) labels() map[string]string {
	const prefix = "org.opencontainers.image."
	labels := map[string]string{
		prefix + "title":         "provider-openai",
		prefix + "description":   "Crossplane provider for the OpenAI Administration API",
		prefix + "source":        source,
		prefix + "url":           source,
		prefix + "documentation": source + "/blob/main/README.md",
		prefix + "licenses":      "Apache-2.0",
		prefix + "vendor":        author,
		prefix + "version":       r.version,
		prefix + "created":       r.created.Format(time.RFC3339),
	}
	if r.revision != "" {
		labels[prefix+"revision"] = r.revision
	}
	return labels
}

func (r release) history(comment string) v1.History {
	return v1.History{Author: author, Created: v1.Time{Time: r.created}, CreatedBy: "cluster/release/images", Comment: comment}
}
