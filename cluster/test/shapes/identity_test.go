// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package shapes

import (
	"testing"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	root "github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/shapes/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// open a connection to the organization of a simulated OpenAI.
func open(tb testing.TB) (*simulator.HTTP, *connect.Access) {
	tb.Helper()
	sim := simulator.NewHTTP()
	tb.Cleanup(sim.Close)
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, root.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(s); err != nil {
			tb.Fatal(err)
		}
	}
	pc := &root.ProviderConfig{ObjectMeta: metav1.ObjectMeta{Namespace: "team-a", Name: "default"}}
	pc.Spec.Credentials.SecretRef = root.LocalSecretKeyReference{Name: "openai", Key: "admin"}
	kube := fake.NewClientBuilder().WithScheme(s).WithStatusSubresource(pc).WithObjects(pc, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team-a", Name: "openai"},
		Data:       map[string][]byte{"admin": []byte(simulator.DefaultAdminKey)},
	}).Build()
	c, err := connect.NewConnector(kube, kube, sim.BaseURL())
	if err != nil {
		tb.Fatal(err)
	}
	user := &v1alpha1.Group{ObjectMeta: metav1.ObjectMeta{Namespace: "team-a", Name: "user", UID: "uid-of-user"}}
	user.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: root.ProviderConfigKind, Name: "default"}
	access, err := c.Connect(tb.Context(), user, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return sim, access
}

// What an object manages is told by its ID, which was claimed: its spec may lead to what is
// another's by the time it is deleted.
func TestAnAssignmentIsReadAndEndedByItsID(t *testing.T) {
	t.Parallel()
	sim, access := open(t)
	conn, err := access.InOrganization(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	user, err := sim.AddUser(simulator.User{Email: "ada@example.org", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"own", "others"} {
		g, err := conn.Organization.Groups.New(t.Context(), openai.AdminOrganizationGroupNewParams{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Organization.Groups.Users.New(t.Context(), g.ID, openai.AdminOrganizationGroupUserNewParams{UserID: user}); err != nil {
			t.Fatal(err)
		}
		ids[name] = g.ID
	}
	cr := &v1alpha1.GroupUser{}
	cr.Spec.ForProvider.GroupID, cr.Spec.ForProvider.UserID = new(ids["others"]), user

	o, err := groupUser.Get(t.Context(), conn, cr, ids["own"]+"/"+user)
	if err != nil || o.GroupID != ids["own"] {
		t.Errorf("Get: want the member of %q, got %+v, error %v", ids["own"], o, err)
	}
	if err := groupUser.Delete(t.Context(), conn, cr, ids["own"]+"/"+user); err != nil {
		t.Errorf("Delete: %v", err)
	}
	for name, members := range map[string]int{"own": 0, "others": 1} {
		l, err := conn.Organization.Groups.Users.List(t.Context(), ids[name], openai.AdminOrganizationGroupUserListParams{})
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Data) != members {
			t.Errorf("members of the group %q: want %d, got %d", name, members, len(l.Data))
		}
	}
}

// One assignment has one ID, however its role was written: two objects would have it otherwise.
func TestAPredefinedRoleHasOneID(t *testing.T) {
	t.Parallel()
	sim, access := open(t)
	project := sim.DefaultProjectID(simulator.DefaultOrganizationID)
	conn, err := access.InProject(t.Context(), &project)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason string
		role   string
		want   string
	}{
		"Short":         {reason: "It is written for all projects.", role: "role-api-project-owner", want: "user-1/role-api-project-owner"},
		"AsOpenAILists": {reason: "OpenAI appends the project.", role: "role-api-project-owner__api-project__" + project, want: "user-1/role-api-project-owner"},
		"Custom":        {reason: "OpenAI appends nothing.", role: "role_1", want: "user-1/role_1"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cr := &v1alpha1.UserRole{}
			cr.Spec.ForProvider.UserID, cr.Spec.ForProvider.RoleID = "user-1", tc.role
			if id, err := userRole.ID(t.Context(), conn, cr); err != nil || id != tc.want {
				t.Errorf("\n%s\nID: want %q, got %q, error %v", tc.reason, tc.want, id, err)
			}
		})
	}
}
