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
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// What the SDK's administration methods are for. A kind that exists is to use them; one
// that is planned will. What has neither has a reason of its own.
type methods struct {
	// of a service of the SDK, such as "New Get List".
	of string
	// kind that uses the methods.
	kind string
	// planned kind, which is not there yet.
	planned string
	// reason why no kind uses them.
	reason string
}

const (
	noObject = "it is a figure and no object: a metric at most"
	noLog    = "it is a log and no object"
)

// sdkMethods are all methods of the SDK's administration services, by service.
var sdkMethods = map[string][]methods{
	"AdminAPIKeys": {{of: "New Get List Delete", planned: "AdminAPIKey"}},
	"AuditLogs":    {{of: "List", reason: noLog}},
	"Certificates": {{of: "New Get Update List Delete Activate Deactivate", planned: "OrganizationCertificate"}},

	"DataRetention":   {{of: "Get Update", planned: "OrganizationDataRetention"}},
	"ExternalKeys":    {{of: "New Get List Delete Validate", planned: "ExternalKey"}},
	"ExternalStorage": {{of: "New Get List Delete Validate", planned: "ExternalStorage"}},

	"Groups":       {{of: "New Get Update List Delete", planned: "OrganizationGroup"}},
	"Groups.Roles": {{of: "New Get List Delete", planned: "OrganizationGroupRole"}},
	"Groups.Users": {{of: "New Get List Delete", planned: "OrganizationGroupUser"}},
	"Invites":      {{of: "New Get List Delete", planned: "OrganizationInvite"}},
	"Roles":        {{of: "New Get Update List Delete", planned: "OrganizationRole"}},
	"SpendAlerts":  {{of: "New Get Update List Delete", planned: "OrganizationSpendAlert"}},
	"SpendLimit":   {{of: "Get Update Delete", planned: "OrganizationSpendLimit"}},
	"Users":        {{of: "Get Update List Delete", planned: "OrganizationUser"}},
	"Users.Roles":  {{of: "New Get List Delete", planned: "OrganizationUserRole"}},

	"Projects":                         {{of: "New Get Update List Archive", kind: "Project"}},
	"Projects.APIKeys":                 {{of: "Get Update List Delete", kind: "ProjectAPIKey"}},
	"Projects.Certificates":            {{of: "List Activate Deactivate", planned: "ProjectCertificate"}},
	"Projects.DataRetention":           {{of: "Get Update", planned: "ProjectDataRetention"}},
	"Projects.Groups":                  {{of: "New Get List Delete", planned: "ProjectGroup"}},
	"Projects.Groups.Roles":            {{of: "New Get List Delete", planned: "ProjectGroupRole"}},
	"Projects.HostedToolPermissions":   {{of: "Get Update", planned: "ProjectHostedToolPermissions"}},
	"Projects.ModelPermissions":        {{of: "Get Update Delete", planned: "ProjectModelPermissions"}},
	"Projects.RateLimits":              {{of: "ListRateLimits UpdateRateLimit", planned: "ProjectRateLimit"}},
	"Projects.Roles":                   {{of: "New Get Update List Delete", planned: "ProjectRole"}},
	"Projects.ServiceAccounts":         {{of: "New Get Update List Delete", kind: "ProjectServiceAccount"}},
	"Projects.ServiceAccounts.APIKeys": {{of: "New", kind: "ProjectAPIKey"}},
	"Projects.ServiceTierSettings":     {{of: "Get Update", planned: "ProjectServiceTierSettings"}},
	"Projects.SpendAlerts":             {{of: "New Get Update List Delete", planned: "ProjectSpendAlert"}},
	"Projects.SpendLimit":              {{of: "Get Update Delete", planned: "ProjectSpendLimit"}},
	"Projects.Users":                   {{of: "New Get Update List Delete", planned: "ProjectUser"}},
	"Projects.Users.Roles":             {{of: "New Get List Delete", planned: "ProjectUserRole"}},

	"Usage": {{
		of: "AudioSpeeches AudioTranscriptions CodeInterpreterSessions Completions Costs Decisions Embeddings FileSearchCalls " +
			"Images Moderations VectorStores WebSearchCalls",
		reason: noObject,
	}},

	"WorkloadIdentityProviders":                 {{of: "New Get Update List Delete", planned: "WorkloadIdentityProvider"}},
	"WorkloadIdentityProviders.FederationRules": {{of: "New Get Update List Delete", planned: "FederationRule"}},
}

// TestEveryMethodOfTheSDKHasAKindOrAReason fails if a new SDK can do more, or less, than
// the table says.
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
		t.Errorf("administration methods: -table, +SDK: give a new one a kind or a reason, and take off what is gone:\n%s", diff)
	}
	// So that a mistake in looking for them does not find none.
	if len(got) < 143 {
		t.Errorf("want at least the 143 methods of openai-go v3.98.0, got %d", len(got))
	}
}

func TestMethodsOfTheSDKHaveTheRightKinds(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	kinds := scheme.KnownTypes(v1alpha1.SchemeGroupVersion)
	code := code(t)
	for _, service := range slices.Sorted(maps.Keys(sdkMethods)) {
		for _, m := range sdkMethods[service] {
			_, exists := kinds[m.kind]
			_, there := kinds[m.planned]
			switch {
			case (m.kind != "") == (m.planned != "" || m.reason != ""), m.planned != "" && m.reason != "":
				t.Errorf("%s: %s: want one of a kind, a planned kind and a reason, got %+v", service, m.of, m)
			case m.kind != "" && !exists:
				t.Errorf("%s: there is no kind %s", service, m.kind)
			case m.planned != "" && there:
				t.Errorf("%s: the planned kind %s is there: have it use %s, and say so in the table", service, m.planned, m.of)
			case m.kind != "":
				for method := range strings.FieldsSeq(m.of) {
					if !strings.Contains(code, "Organization."+service+"."+method+"(") {
						t.Errorf("%s.%s: %s does not use it: have it do so, or give the reason", service, method, m.kind)
					}
				}
			}
		}
	}
}

// methodsBelow a service of the SDK, and the services that it holds.
func methodsBelow(path string, service reflect.Type) []string {
	var found []string
	for m := range reflect.PointerTo(service).Methods() {
		// The SDK pages by itself with the other one.
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

// code of the provider, but for its tests and the simulator, which has no client.
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
