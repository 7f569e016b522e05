// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// start is when the fixtures' clocks stand until they are advanced.
var start = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// always asks for lists as of now.
var always = time.Now().Add(time.Hour)

// values matches a key's value, but not its redacted form.
var values = regexp.MustCompile(`sk-[A-Za-z0-9_.-]{12,}`)

// A fixture is a ProjectAPIKey between a simulated OpenAI and a fake API server.
type fixture struct {
	*simulator.HTTP
	conn    *adminapi.Connection
	project string
	account string

	// kube is the API server itself. The client of keyClient may be intercepted.
	kube      client.WithWatch
	keyClient *keyClient
	cr        *v1alpha1.ProjectAPIKey

	mu      sync.Mutex
	journal []string
	events  []string

	// onIssue runs when OpenAI has carried out, but not yet answered, the POST that
	// issues a key.
	onIssue func()

	// later runs after the first reconcile that does what a test asks for.
	later func()
}

// newFixture has an active service account and no key. Events are checked for values of keys.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{}
	f.HTTP = simulator.NewHTTP(simulator.WithClock(func() time.Time { return start }), simulator.WithCallSink(f.logCall))
	t.Cleanup(f.Close)

	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, apiextensionsv1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(s); err != nil {
			t.Fatalf("cannot build scheme: %v", err)
		}
	}
	base := f.BaseURL()
	f.cr = newKey("uid-1", "checkout")
	f.kube = fake.NewClientBuilder().WithScheme(s).WithStatusSubresource(&v1alpha1.ClusterProviderConfig{}).WithInterceptorFuncs(f.withJournal()).WithObjects(
		f.cr,
		&corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Namespace: "crossplane-system", Name: "openai"},
			Data:       map[string][]byte{"admin": []byte(simulator.DefaultAdminKey)},
		},
		&v1alpha1.ClusterProviderConfig{
			ObjectMeta: metav1.ObjectMeta{Name: "default"},
			Spec: v1alpha1.ClusterProviderConfigSpec{
				BaseURL: &base,
				Credentials: v1alpha1.ClusterCredentials{SecretRef: &v1alpha1.SecretKeyReference{
					Namespace: "crossplane-system", LocalSecretKeyReference: v1alpha1.LocalSecretKeyReference{Name: "openai", Key: "admin"},
				}},
			},
		},
	).Build()

	access := f.connect(t)
	conn, err := access.OfProject(t.Context(), "")
	if err != nil {
		t.Fatalf("OfProject: %v", err)
	}
	p, err := conn.Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "team-a"})
	if err != nil {
		t.Fatalf("cannot create project: %v", err)
	}
	f.project = p.ID
	if f.conn, err = access.InProject(t.Context(), &p.ID); err != nil {
		t.Fatalf("InProject: %v", err)
	}
	f.account = f.newAccount(t, "robot")
	f.cr.Spec.ForProvider.ProjectID = &f.project
	f.cr.Spec.ForProvider.ServiceAccountID = &f.account
	f.apply(t)

	f.keyClient = &keyClient{conn: f.conn, ownership: reconciler.NewOwnership(f.kube), now: f.Now, clockOffset: func() time.Duration { return 0 }, memory: &memory{}, listedSince: always, emit: func(e event) {
		f.events = append(f.events, e.reason)
		noValue(t, e.message)
	}}
	f.intercept(interceptor.Funcs{})
	f.ResetCalls()
	f.journal = nil
	return f
}

// connect as a provider does that was just started.
func (f *fixture) connect(t *testing.T) *connect.Access {
	t.Helper()
	connector, err := connect.NewConnector(f.kube, f.kube, adminapi.DefaultBaseURL, connect.WithoutRateLimiting())
	if err != nil {
		t.Fatalf("NewConnector: %v", err)
	}
	access, err := connector.Connect(t.Context(), f.cr, nil)
	if err != nil {
		t.Fatalf("Connect: %v", err)
	}
	return access
}

func newKey(uid types.UID, name string) *v1alpha1.ProjectAPIKey {
	cr := &v1alpha1.ProjectAPIKey{ObjectMeta: metav1.ObjectMeta{Namespace: "team-a", Name: name, UID: uid}}
	cr.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: "default"}
	cr.Spec.WriteConnectionSecretToReference = &xpv2.LocalSecretReference{Name: name + "-openai"}
	return cr
}

// newAccount creates a service account with a role.
func (f *fixture) newAccount(t *testing.T, name string) string {
	t.Helper()
	a, err := f.conn.Organization.Projects.ServiceAccounts.New(t.Context(), f.project, openai.AdminOrganizationProjectServiceAccountNewParams{
		Name: name, CreateServiceAccountOnly: openai.Bool(true),
	})
	if err != nil {
		t.Fatalf("cannot create service account: %v", err)
	}
	if _, err := f.conn.Organization.Projects.ServiceAccounts.Update(t.Context(), f.project, a.ID, openai.AdminOrganizationProjectServiceAccountUpdateParams{
		Role: openai.AdminOrganizationProjectServiceAccountUpdateParamsRoleMember,
	}); err != nil {
		t.Fatalf("cannot give service account a role: %v", err)
	}
	return a.ID
}

// issueBehindItsBack creates a key at OpenAI that the provider does not know of.
func (f *fixture) issueBehindItsBack(t *testing.T, name string) (id, value string) {
	t.Helper()
	k, err := f.conn.Organization.Projects.ServiceAccounts.APIKeys.New(t.Context(), f.project, f.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String(name)})
	if err != nil {
		t.Fatalf("cannot create key: %v", err)
	}
	return k.ID, k.Value
}

// intercept the calls of keyClient to the API server.
func (f *fixture) intercept(funcs interceptor.Funcs) {
	c := interceptor.NewClient(f.kube, funcs)
	f.keyClient.kube, f.keyClient.apiReader = c, c
}

func (f *fixture) external() *external {
	return &external{keyClient: f.keyClient, timing: timing{inFlightGrace: InFlightGrace}}
}

// observe the object as the test has changed it.
func (f *fixture) observe(t *testing.T) observed {
	t.Helper()
	f.apply(t)
	o, err := f.external().observe(t.Context(), f.cr)
	if err != nil {
		t.Fatalf("look: %v", err)
	}
	return o
}

// issueKey a key for the object as it is now, and check the error for values.
func (f *fixture) issueKey(t *testing.T) (string, error) {
	t.Helper()
	return f.issueKeyFrom(t.Context(), t, f.observe(t))
}

func (f *fixture) issueKeyFrom(ctx context.Context, t *testing.T, o observed) (string, error) {
	t.Helper()
	id, err := f.keyClient.issueKey(ctx, f.cr, o, decision{current: decide(o).current, issueReason: "the test wants it"})
	noValue(t, text(err))
	return id, err
}

// mustIssue is for arranging.
func (f *fixture) mustIssue(t *testing.T) string {
	t.Helper()
	id, err := f.issueKey(t)
	if err != nil {
		t.Fatalf("issue: %v", err)
	}
	meta.SetExternalName(f.cr, id) // As Create does.
	f.events, f.journal = nil, nil
	f.ResetCalls()
	return id
}

// apply the object as the test has changed it, as kubectl does.
func (f *fixture) apply(t *testing.T) {
	t.Helper()
	stored := &v1alpha1.ProjectAPIKey{}
	if err := f.kube.Get(t.Context(), client.ObjectKeyFromObject(f.cr), stored); err != nil {
		t.Fatalf("cannot get ProjectAPIKey: %v", err)
	}
	stored.Spec, stored.Annotations = f.cr.Spec, f.cr.Annotations
	if err := f.kube.Update(t.Context(), stored); err != nil {
		t.Fatalf("cannot update ProjectAPIKey: %v", err)
	}
	f.cr.ResourceVersion = stored.ResourceVersion
}

// secret of the object; nil if there is none.
func (f *fixture) secret(t *testing.T) *corev1.Secret {
	t.Helper()
	s := &corev1.Secret{}
	err := f.kube.Get(context.WithoutCancel(t.Context()), f.secretKey(), s)
	if kerrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		t.Fatalf("cannot get Secret: %v", err)
	}
	return s
}

func (f *fixture) secretKey() types.NamespacedName {
	return types.NamespacedName{Namespace: f.cr.Namespace, Name: f.cr.Spec.WriteConnectionSecretToReference.Name}
}

// keyState of the object's Secret.
func (f *fixture) keyState(t *testing.T) keyState {
	t.Helper()
	state, err := readKeyState(f.secret(t))
	if err != nil {
		t.Fatalf("readRecord: %v", err)
	}
	return state
}

// change the object's Secret as somebody else would.
func (f *fixture) change(t *testing.T, change func(*corev1.Secret)) {
	t.Helper()
	s := f.secret(t)
	change(s)
	if err := f.kube.Update(t.Context(), s); err != nil {
		t.Errorf("cannot change Secret: %v", err)
	}
}

// remove the object's Secret as somebody else would.
func (f *fixture) remove(t *testing.T) {
	t.Helper()
	if err := f.kube.Delete(t.Context(), f.secret(t)); err != nil {
		t.Errorf("cannot delete Secret: %v", err)
	}
}

// live are the IDs of the keys that OpenAI accepts.
func (f *fixture) live() []string {
	ids := []string{}
	for _, k := range f.LiveKeys(f.project) {
		ids = append(ids, k.ID)
	}
	return ids
}

// holds fails unless the Secret holds the value of a key, which works.
func (f *fixture) holds(t *testing.T, id string) {
	t.Helper()
	s := f.secret(t)
	if s == nil {
		t.Fatal("there is no Secret")
	}
	value := string(s.Data[dataAPIKey])
	k, ok := f.KeyByValue(value)
	if !ok || k.ID != id || !k.Works {
		t.Errorf("the Secret holds key %q (works: %t), want %q", k.ID, k.Works, id)
	}
	if got := f.keyState(t).keyID; got != id {
		t.Errorf("the Secret names key %q, want %q", got, id)
	}
}

// withJournal logs the writes of Secrets that reach the API server.
func (f *fixture) withJournal() interceptor.Funcs {
	return interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.CreateOption) error {
			f.logWrite("create", o)
			return c.Create(ctx, o, opts...)
		},
		Update: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
			f.logWrite("update", o)
			return c.Update(ctx, o, opts...)
		},
	}
}

func (f *fixture) logWrite(verb string, o client.Object) {
	s, ok := o.(*corev1.Secret)
	if !ok {
		return
	}
	state, _ := readKeyState(s)
	f.log(fmt.Sprintf("%s Secret: serial %d, pending %d, value %t", verb, state.serial, state.pending, len(s.Data[dataAPIKey]) > 0))
}

func (f *fixture) logCall(c simulator.Call) {
	if !c.Mutating() {
		return
	}
	method, path, _ := strings.Cut(string(c.Route), " ")
	f.log(method + " " + path[strings.LastIndex(strings.TrimSuffix(path, "/{api_key_id}"), "/")+1:])
	if c.Route == simulator.RouteCreateServiceAccountAPIKey && c.CarriedOut && f.onIssue != nil {
		on := f.onIssue
		f.onIssue = nil
		on()
	}
}

func (f *fixture) log(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.journal = append(f.journal, what)
}

func (f *fixture) fault(t *testing.T, fault simulator.Fault) {
	t.Helper()
	if _, err := f.AddFault(fault); err != nil {
		t.Fatalf("AddFault: %v", err)
	}
}

// noValue fails if a text holds the value of a key.
func noValue(t *testing.T, s string) {
	t.Helper()
	if found := values.FindString(s); found != "" {
		t.Errorf("a text holds a key's value: %q", s)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// ids of revocations.
func ids(rs []revocation) []string {
	var out []string
	for _, r := range rs {
		out = append(out, r.id)
	}
	slices.Sort(out)
	return out
}

func duration(d time.Duration) *metav1.Duration { return &metav1.Duration{Duration: d} }

var yes = new(true)
