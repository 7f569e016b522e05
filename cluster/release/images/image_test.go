// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

func TestTheImageHoldsTheProgramAndWhatItNeeds(t *testing.T) {
	t.Parallel()
	const created = 1764000000
	want := []map[string]file{
		{
			"etc/":       {Mode: 0o755},
			"etc/ssl/":   {Mode: 0o755},
			"tmp/":       {Mode: 0o1777},
			"etc/group":  {Mode: 0o644, Content: "root:x:0:\nnonroot:x:65532:\n"},
			"etc/passwd": {Mode: 0o644, Content: "root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n"},

			"etc/ssl/certs/":                    {Mode: 0o755},
			"etc/ssl/certs/ca-certificates.crt": {Mode: 0o644, Content: "certificates"},
		},
		{
			"usr/":                   {Mode: 0o755, Time: created},
			"usr/local/":             {Mode: 0o755, Time: created},
			"usr/local/bin/":         {Mode: 0o755, Time: created},
			"usr/local/bin/provider": {Mode: 0o755, Content: "a binary", Time: created},
			"var/":                   {Mode: 0o755, Time: created},
			"var/lib/":               {Mode: 0o755, Time: created},
			"var/lib/db/":            {Mode: 0o755, Time: created},
			"var/lib/db/sbom/":       {Mode: 0o755, Time: created},
			"var/lib/db/sbom/provider-openai.spdx.json": {Mode: 0o644, Content: "a bill", Time: created},
		},
	}
	if diff := cmp.Diff(want, files(t, testImage(t, testRelease()))); diff != "" {
		t.Errorf("the image's layers, -want +got:\n%s", diff)
	}
}

func TestTheImageRunsTheProgramAsSomebodyElseThanRoot(t *testing.T) {
	t.Parallel()
	got, err := testImage(t, testRelease()).ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	want := &v1.ConfigFile{
		OS:           "linux",
		Architecture: "arm64",
		Author:       author,
		Created:      v1.Time{Time: time.Unix(1764000000, 0).UTC()},
		Config: v1.Config{
			// A number, since Kubernetes cannot verify by a name that the user is not root.
			User:         "65532:65532",
			Entrypoint:   []string{"/usr/local/bin/provider"},
			Env:          []string{"PATH=/usr/local/bin"},
			WorkingDir:   "/",
			ExposedPorts: map[string]struct{}{"8080/tcp": {}, "8081/tcp": {}},
			Labels: map[string]string{
				"org.opencontainers.image.title":         "provider-openai",
				"org.opencontainers.image.description":   "Crossplane provider for the OpenAI Administration API",
				"org.opencontainers.image.source":        source,
				"org.opencontainers.image.url":           source,
				"org.opencontainers.image.documentation": source + "/blob/main/README.md",
				"org.opencontainers.image.licenses":      "Apache-2.0",
				"org.opencontainers.image.vendor":        author,
				"org.opencontainers.image.version":       "v1.2.3",
				"org.opencontainers.image.revision":      "0123abc",
				"org.opencontainers.image.created":       "2025-11-24T16:00:00Z",
			},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(v1.ConfigFile{}, "RootFS", "History")); diff != "" {
		t.Errorf("the image's configuration, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(len(got.RootFS.DiffIDs), len(got.History)); diff != "" {
		t.Errorf("there is not one line of history for each layer, -layers +lines:\n%s", diff)
	}
}

func TestTheSameInputsGiveTheSameImage(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		change func(*release)
		// layers and image say whether the layers, and the image, are the same.
		layers []bool
		image  bool
	}{
		"Nothing": {
			reason: "An image can be built again to see that it is what its sources say.",
			change: func(*release) {},
			layers: []bool{true, true},
			image:  true,
		},
		"TimeZone": {
			reason: "Where it is built does not matter.",
			change: func(r *release) { r.created = r.created.In(time.FixedZone("elsewhere", 3600)) },
			layers: []bool{true, true},
			image:  true,
		},
		"AnotherVersion": {
			reason: "A node that has one version has the lower layer of the next.",
			change: func(r *release) { r.version, r.created = "v1.2.4", r.created.Add(time.Hour) },
			layers: []bool{true, false},
			image:  false,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := testRelease()
			c.change(&r)
			a, b := digests(t, testImage(t, testRelease())), digests(t, testImage(t, r))
			got := []bool{a[0] == b[0], a[1] == b[1], a[2] == b[2]}
			if diff := cmp.Diff(append(c.layers, c.image), got); diff != "" {
				t.Errorf("%s\nWhich layers, and whether the image, are the same, -want +got:\n%s", c.reason, diff)
			}
		})
	}
}

// digests of the layers of an image, and of the image itself.
func digests(t *testing.T, img v1.Image) []v1.Hash {
	t.Helper()
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	var all []v1.Hash
	for _, l := range layers {
		d, err := l.Digest()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	d, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return append(all, d)
}
