// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	extensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	// tooLong is a length in bytes that no string field accepts.
	tooLong = 100_000
	// tooMany is a number of items that no list or map accepts.
	tooMany = 10_000
)

// aUsage is the manifest of a usage: the provider creates them, so that no example has one.
const aUsage = `
apiVersion: openai.crossplane.io/v1alpha1
kind: ProviderConfigUsage
metadata: {name: bounds, namespace: NAMESPACE}
providerConfigRef: {kind: ProviderConfig, name: full}
resourceRef: {apiVersion: openai.crossplane.io/v1alpha1, kind: Project, name: full, uid: 5f0c8d0e-4c39-4c29-9f6b-2f5a4f0d7b7e}
`

func TestEveryFieldHasABound(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	objects := slices.Concat(everyField(tn), examplesInFull(tn), tn.documents(strings.ReplaceAll(aUsage, "NAMESPACE", tn.namespace)))
	for _, o := range objects {
		if err := kube.Create(t.Context(), o.DeepCopy(), client.DryRunAll); err != nil {
			t.Fatalf("%s %q is to be refused for what is changed below, and is refused as it is: %v", o.GetKind(), o.GetName(), err)
		}
	}
	for _, crd := range packageCRDs(tn) {
		for _, e := range oversizedFieldsOf(crd) {
			t.Run(e.name, func(t *testing.T) {
				t.Parallel()
				err := errors.New("no manifest has the field")
				for _, o := range objects {
					if o = o.DeepCopy(); o.GetKind() == crd.Spec.Names.Kind && e.apply(o.Object) {
						err = kube.Create(t.Context(), o, client.DryRunAll)
						break
					}
				}
				if !refusedFor(err, e.field()) {
					t.Errorf("%s: want it refused as invalid, with a message about %s, got: %.1000v", e.name, e.field(), err)
				}
			})
		}
	}
}

// refusedFor reports whether a refusal names a field, or something in it, as a cause. The refusal
// of a rule about several fields names the object that contains them, and the fields in its
// message.
func refusedFor(err error, field string) bool {
	var status kerrors.APIStatus
	if !kerrors.IsInvalid(err) || !errors.As(err, &status) || status.Status().Details == nil {
		return false
	}
	in := field[:strings.LastIndex(field, ".")]
	return slices.ContainsFunc(status.Status().Details.Causes, func(c metav1.StatusCause) bool {
		if c.Field == in {
			return strings.Contains(c.Message, field[len(in)+1:])
		}
		return c.Message != "" && (c.Field == field || strings.HasPrefix(c.Field, field+".") || strings.HasPrefix(c.Field, field+"["))
	})
}

// An oversizedField is a field with a value that is larger than any valid one.
type oversizedField struct {
	name string
	// path of the field; an asterisk stands for the items of a list.
	path []string
	// of returns the oversized value for the value in a manifest.
	of func(was any) any
}

// field is the path as the API server writes it, with indexes for items of lists.
func (e oversizedField) field() string {
	return strings.ReplaceAll(strings.Join(e.path, "."), ".*", "[0]")
}

// apply sets the oversized value in a manifest. It reports whether the manifest has the field.
func (e oversizedField) apply(object map[string]any) bool {
	var at any = object
	for _, name := range e.path[:len(e.path)-1] {
		if at = child(at, name); at == nil {
			return false
		}
	}
	last := e.path[len(e.path)-1]
	was := child(at, last)
	if was == nil {
		return false
	}
	switch at := at.(type) {
	case map[string]any:
		at[last] = e.of(was)
	case []any:
		at[0] = e.of(was)
	}
	return true
}

// child returns a field of a map, or the first item of a list; nil if there is none.
func child(value any, name string) any {
	switch v := value.(type) {
	case map[string]any:
		return v[name]
	case []any:
		if name == "*" && len(v) > 0 {
			return v[0]
		}
	}
	return nil
}

// oversizedFieldsOf returns an oversizedField for each string, list and map in the spec of a kind.
func oversizedFieldsOf(crd *extensionsv1.CustomResourceDefinition) []oversizedField {
	root := crd.Spec.Versions[0].Schema.OpenAPIV3Schema
	var all []oversizedField
	for _, name := range slices.Sorted(maps.Keys(root.Properties)) {
		if !slices.Contains([]string{"apiVersion", "kind", "metadata", "status"}, name) {
			p := root.Properties[name]
			all = append(all, oversizedFieldsIn(&p, name)...)
		}
	}
	for i := range all {
		all[i].name = crd.Spec.Names.Kind + "." + all[i].name
	}
	return all
}

func oversizedFieldsIn(schema *extensionsv1.JSONSchemaProps, path ...string) []oversizedField {
	name := strings.Join(path, ".")
	switch {
	case schema.Type == "string" && schema.Enum == nil && schema.Format == "":
		return []oversizedField{{name, path, func(any) any { return longText(schema) }}}
	case schema.Type == "array":
		items := schema.Items.Schema
		return append([]oversizedField{{name + " (items)", path, func(was any) any { return repeatedItems(was.([]any), items) }}}, oversizedFieldsIn(items, append(slices.Clone(path), "*")...)...)
	case schema.AdditionalProperties != nil:
		return []oversizedField{
			{name + " (entries)", path, func(was any) any { return repeatedEntries(was.(map[string]any)) }},
			{name + " (key)", path, func(was any) any { return map[string]any{strings.Repeat("a", tooLong): anyValue(was.(map[string]any))} }},
			// The prefix of a label's name has a limit of its own.
			{name + " (prefix)", path, func(was any) any {
				return map[string]any{strings.Repeat("a", tooLong) + "/a": anyValue(was.(map[string]any))}
			}},
			{name + " (value)", path, func(any) any { return map[string]any{"a": longText(schema.AdditionalProperties.Schema)} }},
		}
	}
	var all []oversizedField
	for _, child := range slices.Sorted(maps.Keys(schema.Properties)) {
		p := schema.Properties[child]
		all = append(all, oversizedFieldsIn(&p, append(slices.Clone(path), child)...)...)
	}
	return all
}

// longText is a string that is too long, and otherwise valid for its schema.
func longText(schema *extensionsv1.JSONSchemaProps) string {
	for _, part := range []string{"a", "1h", "https://"} {
		long := strings.Repeat(part, tooLong/len(part))
		if schema.Pattern == "" || regexp.MustCompile(schema.Pattern).MatchString(long) {
			return long
		}
	}
	panic("no text that is tried has the form " + schema.Pattern)
}

// repeatedItems is a list of too many items, which differ from each other if they are strings.
func repeatedItems(was []any, schema *extensionsv1.JSONSchemaProps) []any {
	items := slices.Repeat([]any{was[0]}, tooMany)
	if schema.Type == "string" && schema.Enum == nil {
		for i := range items {
			items[i] = fmt.Sprint("a", i)
		}
	}
	return items
}

func repeatedEntries(was map[string]any) map[string]any {
	m := map[string]any{}
	for i := range tooMany {
		m[fmt.Sprint("a", i)] = anyValue(was)
	}
	return m
}

// anyValue returns one of the values of a map.
func anyValue(m map[string]any) any {
	for _, v := range m {
		return v
	}
	return "a"
}
