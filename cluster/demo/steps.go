// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

const (
	systemNamespace = "crossplane-system"
	quickstart      = "examples/quickstart"

	// Names of the objects in examples/quickstart.
	namespace  = "team-a"
	projectKey = "projectapikey/checkout"
	keySecret  = "checkout-openai"

	// For 30 seconds after a create, crossplane-runtime does not believe that a resource is gone.
	waitFlag = "--timeout=90s"
)

// A demo is one run, step by step.
type demo struct {
	workdir workdir
	bin     string
	out     io.Writer
	kubectl *kubectl
	// real is nil if the simulator is used.
	real    *realOpenAI
	baseURL string
	// manifests is the folder of the manifests that are applied: the quickstart.
	manifests string
	// key is the current value in the Secret, previous the value before the rotation. Neither is
	// ever shown.
	key, previous credential
}

func newDemo(ctx context.Context, p workdir, bin string, out io.Writer) (*demo, error) {
	if _, err := os.Stat(quickstart); err != nil {
		return nil, fmt.Errorf("run the demo at the root of the checkout, as \"make demo\" does: %w", err)
	}
	bin, err := filepath.Abs(bin)
	if err != nil {
		return nil, fmt.Errorf("cannot make the folder %q absolute: %w", bin, err)
	}
	k, err := newKubectl(ctx, p, out)
	if err != nil {
		return nil, err
	}
	return &demo{workdir: p, bin: bin, out: out, kubectl: k, manifests: quickstart}, nil
}

func (d *demo) say(format string, args ...any) { _, _ = fmt.Fprintf(d.out, format+"\n", args...) }

func (d *demo) heading(format string, args ...any) { d.say("\n== "+format, args...) }

// runSteps runs all steps; with keep, without the cleanup.
func (d *demo) runSteps(ctx context.Context, keep bool) error {
	steps := []func(context.Context) error{
		d.startControlPlane,
		d.reachOpenAI,
		d.startProvider,
		d.configure,
		d.applyQuickstart,
		d.showSecret,
		d.narrow,
		d.rotate,
	}
	if !keep {
		steps = append(steps, d.deleteKey, d.deleteRest)
	}
	for _, step := range append(steps, d.searchLogs) {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) reachOpenAI(ctx context.Context) error {
	if d.real == nil {
		return d.startSimulator(ctx)
	}
	d.heading("Using the real OpenAI API")
	d.baseURL = d.real.BaseURL
	if err := d.workdir.rememberReal(d.real); err != nil {
		return err
	}
	d.manifests = relative(d.workdir.quickstart())
	return d.renameProject(ctx)
}

// renameProject copies the quickstart with a name for the project by which people recognize it in a
// real organization.
func (d *demo) renameProject(ctx context.Context) error {
	if err := os.CopyFS(d.workdir.quickstart(), os.DirFS(quickstart)); err != nil {
		return fmt.Errorf("cannot copy the quickstart: %w", err)
	}
	const file = "2-project.yaml"
	patch := fmt.Sprintf(`{"spec":{"forProvider":{"name":%q}}}`, d.real.Project)
	project, err := d.kubectl.get(ctx, "patch", "--local", "-f", filepath.Join(quickstart, file), "--type=merge", "-p", patch, "-o", "yaml")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(d.workdir.quickstart(), file), []byte(project), 0o600); err != nil {
		return fmt.Errorf("cannot name the project: %w", err)
	}
	d.say("The project will be called %q.", d.real.Project)
	return nil
}

// configure creates the Secret with the admin key, which is passed through standard input.
func (d *demo) configure(ctx context.Context) error {
	d.heading("Giving the provider an admin key")
	key := simulator.DefaultAdminKey
	if d.real != nil {
		key = d.real.adminKey
	}
	err := d.kubectl.runWith(ctx, key, `printf %%s "$OPENAI_ADMIN_KEY" | %s`, "create", "secret", "generic", "openai-admin", "-n", systemNamespace,
		"--from-file=OPENAI_ADMIN_KEY=/dev/stdin")
	if err != nil {
		return err
	}
	config := fmt.Sprintf(`apiVersion: openai.crossplane.io/v1alpha1
kind: ClusterProviderConfig
metadata:
  name: default
spec:
  credentials:
    source: Secret
    secretRef:
      namespace: %s
      name: openai-admin
      key: OPENAI_ADMIN_KEY
  baseURL: %s
`, systemNamespace, d.baseURL)
	return d.kubectl.runWith(ctx, config, "%s <<EOF\n"+config+"EOF", "apply", "-f", "-")
}

func (d *demo) applyQuickstart(ctx context.Context) error {
	d.heading("Applying the quickstart: a project, a service account and an API key")
	began := time.Now()
	if err := d.kubectl.run(ctx, "apply", "-f", d.manifests); err != nil {
		return err
	}
	if err := d.kubectl.run(ctx, "wait", "managed", "--all", "-n", namespace, "--for=condition=Ready", waitFlag); err != nil {
		return errors.Join(err, d.describeUnready(ctx))
	}
	d.say("All of it was ready after %s.", time.Since(began).Round(100*time.Millisecond))
	return d.kubectl.run(ctx, "get", "managed", "-A")
}

// describeUnready shows the conditions and events of objects that do not become Ready.
func (d *demo) describeUnready(ctx context.Context) error {
	objects, err := d.kubectl.get(ctx, "get", "managed", "-n", namespace, "-o",
		`jsonpath={range .items[*]}{.kind}/{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}`)
	if err != nil {
		return err
	}
	for line := range strings.Lines(objects) {
		object, ready, _ := strings.Cut(strings.TrimSpace(line), " ")
		if ready == "True" {
			continue
		}
		if err := d.kubectl.run(ctx, "describe", object, "-n", namespace); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) showSecret(ctx context.Context) error {
	d.heading("The key is in a Secret, ready for envFrom")
	if err := d.kubectl.run(ctx, "describe", "secret", keySecret, "-n", namespace); err != nil {
		return err
	}
	d.heading("OpenAI accepts it")
	if err := d.readKey(ctx); err != nil {
		return err
	}
	if err := d.expect(ctx, listModels, d.key, http.StatusOK); err != nil {
		return err
	}
	if d.real != nil {
		// The call would cost money, or fail for lack of credit.
		return nil
	}
	return d.expect(ctx, chat, d.key, http.StatusOK)
}

// readKey reads the key from its Secret, as a shell would.
func (d *demo) readKey(ctx context.Context) error {
	d.say(`$ %s=$(kubectl get secret %s -n %s -o go-template='{{.data.%[1]s | base64decode}}')`, keyVariable, keySecret, namespace)
	value, err := d.kubectl.get(ctx, "get", "secret", keySecret, "-n", namespace, "-o", "go-template={{.data."+keyVariable+" | base64decode}}")
	d.key = credential{keyVariable, value}
	return err
}

// narrow removes permissions from the key in place.
func (d *demo) narrow(ctx context.Context) error {
	d.heading("Narrowing the key from full permissions to listing models, in place")
	before, err := d.showKey(ctx)
	if err != nil {
		return err
	}
	if err := d.change(ctx, `{"spec":{"forProvider":{"permissions":{"models":"read"}}}}`, "{.status.atProvider.scopes[0]}=api.model.read"); err != nil {
		return err
	}
	after, err := d.showKey(ctx)
	if err != nil {
		return err
	}
	if after != before {
		return fmt.Errorf("the key was replaced: its ID was %q and is %q", before, after)
	}
	d.say("It is still the key %s.", after)

	d.heading("OpenAI refuses what the key may no longer do, and nothing else")
	refused := []int{http.StatusForbidden}
	if d.real != nil {
		// OpenAI was observed to answer with either status.
		refused = append(refused, http.StatusUnauthorized)
	}
	if err := d.expect(ctx, chat, d.key, refused...); err != nil {
		return err
	}
	return d.expect(ctx, listModels, d.key, http.StatusOK)
}

// change patches the ProjectAPIKey, and waits until its status has a value.
func (d *demo) change(ctx context.Context, patch, status string) error {
	for _, args := range [][]string{
		{"patch", projectKey, "-n", namespace, "--type=merge", "-p", patch},
		{"wait", projectKey, "-n", namespace, "--for=jsonpath=" + status, waitFlag},
	} {
		if err := d.kubectl.run(ctx, args...); err != nil {
			return errors.Join(err, d.kubectl.run(ctx, "describe", projectKey, "-n", namespace))
		}
	}
	return nil
}

// showKey shows the ID and the scopes of the key at OpenAI, and returns its ID.
func (d *demo) showKey(ctx context.Context) (string, error) {
	err := d.kubectl.run(ctx, "get", projectKey, "-n", namespace, "-o",
		"custom-columns=NAME:.metadata.name,KEY-ID:.status.atProvider.id,SCOPES:.status.atProvider.scopes")
	if err != nil {
		return "", err
	}
	return d.keyID(ctx)
}

func (d *demo) keyID(ctx context.Context) (string, error) {
	return d.kubectl.get(ctx, "get", projectKey, "-n", namespace, "-o", "jsonpath={.status.atProvider.id}")
}

func (d *demo) deleteKey(ctx context.Context) error {
	d.heading("Deleting the key: it is revoked, the previous one too, and its Secret goes with it")
	for _, args := range [][]string{
		{"delete", projectKey, "-n", namespace, waitFlag},
		{"wait", "secret/" + keySecret, "-n", namespace, "--for=delete", waitFlag},
	} {
		if err := d.kubectl.run(ctx, args...); err != nil {
			return err
		}
	}
	// kubectl wait would also succeed if there had never been a Secret.
	if out, err := d.kubectl.get(ctx, "get", "secrets", "-n", namespace, "-o", "name"); err != nil {
		return err
	} else if strings.Contains(out, keySecret) {
		return fmt.Errorf("the Secret %q is still there", keySecret)
	}
	return d.expectBoth(ctx, http.StatusUnauthorized)
}

func (d *demo) deleteRest(ctx context.Context) error {
	d.heading("Deleting the rest: the project is archived")
	for _, args := range [][]string{
		{"delete", "-f", d.manifests, "--ignore-not-found", waitFlag},
		{"delete", "clusterproviderconfig", "default", waitFlag},
		{"get", "managed", "-A"},
	} {
		if err := d.kubectl.run(ctx, args...); err != nil {
			return errors.Join(err, d.describeUnready(ctx))
		}
	}
	if d.real == nil {
		return nil
	}
	return d.workdir.archiveReal(ctx, d.out, d.real)
}

// explainHowToGoOn prints what users can do with a demo that keeps running.
func (d *demo) explainHowToGoOn(took time.Duration) {
	d.heading("Ready after %s, and everything keeps running. Go on with", took.Round(time.Second))
	d.say("export KUBECONFIG=%s PATH=%s:$PATH", quote([]string{d.workdir.kubeConfig()}), quote([]string{filepath.Dir(d.kubectl.path)}))
	d.say("kubectl get managed -A")
	d.say("The logs are in %s. Stop it all with", relative(d.workdir.logs()))
	d.say("make demo-stop")
}
