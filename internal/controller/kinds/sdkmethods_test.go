// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds_test

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// methods of the SDK, and the kind that uses them or the reason why none does.
type methods struct {
	// of a service of the SDK, such as "New Get List".
	of string
	// kind that uses the methods. It is planned if it does not exist yet.
	kind string
	// reason why no kind uses them.
	reason string
}

const (
	noObject = "it is a figure and not an object: a metric at most"
	noLog    = "it is a log and not an object"
)

// sdkMethods are all methods of the SDK's administration services, by service.
var sdkMethods = map[string][]methods{
	"AdminAPIKeys": {{of: "New Get List Delete", kind: "AdminAPIKey"}},
	"AuditLogs":    {{of: "List", reason: noLog}},
	"Certificates": {{of: "New Get Update List Delete Activate Deactivate", kind: "OrganizationCertificate"}},

	"DataRetention":   {{of: "Get Update", kind: "OrganizationDataRetention"}},
	"ExternalKeys":    {{of: "New Get List Delete Validate", kind: "ExternalKey"}},
	"ExternalStorage": {{of: "New Get List Delete Validate", kind: "ExternalStorage"}},

	"Groups":       {{of: "New Get Update List Delete", kind: "OrganizationGroup"}},
	"Groups.Roles": {{of: "New Get List Delete", kind: "OrganizationGroupRole"}},
	"Groups.Users": {{of: "New Get List Delete", kind: "OrganizationGroupUser"}},
	"Invites":      {{of: "New Get List Delete", kind: "OrganizationInvite"}},
	"Roles":        {{of: "New Get Update List Delete", kind: "OrganizationRole"}},
	"SpendAlerts":  {{of: "New Get Update List Delete", kind: "OrganizationSpendAlert"}},
	"SpendLimit":   {{of: "Get Update Delete", kind: "OrganizationSpendLimit"}},
	"Users":        {{of: "Get Update List Delete", kind: "OrganizationUser"}},
	"Users.Roles":  {{of: "New Get List Delete", kind: "OrganizationUserRole"}},

	"Projects":                         {{of: "New Get Update List Archive", kind: "Project"}},
	"Projects.APIKeys":                 {{of: "Get Update List Delete", kind: "ProjectAPIKey"}},
	"Projects.Certificates":            {{of: "List Activate Deactivate", kind: "ProjectCertificate"}},
	"Projects.DataRetention":           {{of: "Get Update", kind: "ProjectDataRetention"}},
	"Projects.Groups":                  {{of: "New Get List Delete", kind: "ProjectGroup"}},
	"Projects.Groups.Roles":            {{of: "New Get List Delete", kind: "ProjectGroupRole"}},
	"Projects.HostedToolPermissions":   {{of: "Get Update", kind: "ProjectHostedToolPermissions"}},
	"Projects.ModelPermissions":        {{of: "Get Update Delete", kind: "ProjectModelPermissions"}},
	"Projects.RateLimits":              {{of: "ListRateLimits UpdateRateLimit", kind: "ProjectRateLimit"}},
	"Projects.Roles":                   {{of: "New Get Update List Delete", kind: "ProjectRole"}},
	"Projects.ServiceAccounts":         {{of: "New Get Update List Delete", kind: "ProjectServiceAccount"}},
	"Projects.ServiceAccounts.APIKeys": {{of: "New", kind: "ProjectAPIKey"}},
	"Projects.ServiceTierSettings":     {{of: "Get Update", kind: "ProjectServiceTierSettings"}},
	"Projects.SpendAlerts":             {{of: "New Get Update List Delete", kind: "ProjectSpendAlert"}},
	"Projects.SpendLimit":              {{of: "Get Update Delete", kind: "ProjectSpendLimit"}},
	"Projects.Users":                   {{of: "New Get Update List Delete", kind: "ProjectUser"}},
	"Projects.Users.Roles":             {{of: "New Get List Delete", kind: "ProjectUserRole"}},

	"Usage": {{
		of: "AudioSpeeches AudioTranscriptions CodeInterpreterSessions Completions Costs Decisions Embeddings FileSearchCalls " +
			"Images Moderations VectorStores WebSearchCalls",
		reason: noObject,
	}},

	"WorkloadIdentityProviders":                 {{of: "New Get Update List Delete", kind: "WorkloadIdentityProvider"}},
	"WorkloadIdentityProviders.FederationRules": {{of: "New Get Update List Delete", kind: "FederationRule"}},
}

// TestEveryMethodOfTheSDKHasAKindOrAReason fails if a new version of the SDK adds or removes
// methods.
func TestEveryMethodOfTheSDKHasAKindOrAReason(t *testing.T) {
	var want []string
	for service, all := range sdkMethods {
		for _, m := range all {
			for method := range strings.FieldsSeq(m.of) {
				want = append(want, service+"."+method)
			}
		}
	}
	slices.Sort(want)
	got := methodsBelow("", reflect.TypeFor[openai.AdminOrganizationService]())
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("administration methods: -table, +SDK: give a new one a kind or a reason, and remove what no longer exists:\n%s", diff)
	}
	// A mistake in finding the methods must not pass with none.
	if len(got) < 143 {
		t.Errorf("want at least the 143 methods of openai-go v3.98.0, got %d", len(got))
	}
}

// TestEveryKindUsesTheMethodsThatAreForIt fails if a kind uses too few methods, or if a kind is
// in no row of the table.
func TestEveryKindUsesTheMethodsThatAreForIt(t *testing.T) {
	missing := map[string]bool{}
	for _, k := range v1alpha1.Kinds() {
		missing[k.Kind] = true
	}
	exists := maps.Clone(missing)
	code := code(t)
	for _, service := range slices.Sorted(maps.Keys(sdkMethods)) {
		for _, m := range sdkMethods[service] {
			delete(missing, m.kind)
			if (m.kind == "") == (m.reason == "") {
				t.Errorf("%s: %s: want a kind or a reason, got %+v", service, m.of, m)
			}
			if !exists[m.kind] {
				continue
			}
			for method := range strings.FieldsSeq(m.of) {
				if !strings.Contains(code, "Organization."+service+"."+method+"(") {
					t.Errorf("%s.%s: %s does not use it: have it do so, or give the reason", service, method, m.kind)
				}
			}
		}
	}
	for kind := range missing {
		t.Errorf("%s is for no method: give it those that it uses", kind)
	}
}

// methodsBelow returns the methods of a service of the SDK and of the services in it.
func methodsBelow(path string, service reflect.Type) []string {
	var found []string
	for m := range reflect.PointerTo(service).Methods() {
		// AutoPaging methods call the List method of the same service.
		calls := m.Type.NumIn() > 1 && m.Type.In(1) == reflect.TypeFor[context.Context]()
		if calls && !strings.HasSuffix(m.Name, "AutoPaging") {
			found = append(found, path+m.Name)
		}
	}
	for field := range service.Fields() {
		if field.IsExported() && strings.HasSuffix(field.Type.Name(), "Service") {
			found = append(found, methodsBelow(path+field.Name+".", field.Type)...)
		}
	}
	return found
}

var comment = regexp.MustCompile(`(?m)^\s*//.*$`)

// code of the provider without comments, tests and the simulator.
func code(tb testing.TB) string {
	tb.Helper()
	var all strings.Builder
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		all.Write(comment.ReplaceAll(b, nil))
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return all.String()
}
