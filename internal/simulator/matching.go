// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/google/cel-go/cel"
)

// assertionEnv is what the expressions of transformations can use: the claims.
var assertionEnv = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(cel.Variable("assertion", cel.MapType(cel.StringType, cel.DynType)))
})

func (t transformation) compile() (cel.Program, error) {
	env, err := assertionEnv()
	if err != nil {
		return nil, fmt.Errorf("cannot evaluate CEL: %w", err)
	}
	ast, issues := env.Compile(t.Expression)
	if err := issues.Err(); err != nil {
		return nil, err
	}
	return env.Program(ast)
}

// evaluate returns the derived attribute; false if there is none.
func (t transformation) evaluate(claims map[string]any) (any, bool) {
	program, err := t.compile()
	if err != nil {
		return nil, false
	}
	value, _, err := program.Eval(map[string]any{"assertion": claims})
	if err != nil {
		return nil, false
	}
	return value.Value(), true
}

// attributes are what matchers see: the claims, and the derived attributes. A derived
// attribute hides the claim of its name, even if its expression cannot be evaluated. That
// is undocumented; to match the claim instead would let tokens choose what is matched.
func (p identityProvider) attributes(claims map[string]any) map[string]any {
	all := maps.Clone(claims)
	for _, t := range p.Transformations {
		delete(all, t.Attribute)
		if value, ok := t.evaluate(claims); ok {
			all[t.Attribute] = value
		}
	}
	return all
}

// matches reports whether all matchers of the rule equal the attributes. A trailing * is a
// character like others: wildcards are documented for other rules only.
func (f federationRule) matches(attributes map[string]any) bool {
	for name, raw := range f.Matchers {
		var want any
		if err := json.Unmarshal(raw, &want); err != nil {
			return false
		}
		if got, there := scalar(attributes[name]); !there || got != want {
			return false
		}
	}
	return true
}

// scalar is a value as a matcher compares it, with all numbers of one type.
func scalar(v any) (any, bool) {
	switch v := v.(type) {
	case string, bool, float64:
		return v, true
	case int64:
		return float64(v), true
	case uint64:
		return float64(v), true
	}
	return nil, false
}

// enabledProvider returns the identity provider with an ID, of any organization.
func (s *Server) enabledProvider(id string) (*organization, identityProvider, error) {
	for _, org := range s.organizations {
		p, there := org.identityProviders().get(latest, id)
		switch {
		case !there:
			continue
		case !p.Enabled:
			return nil, p, fmt.Errorf("identity provider %q is disabled", id)
		}
		return org, p, nil
	}
	return nil, identityProvider{}, fmt.Errorf("there is no identity provider %q", id)
}

// matchingRule returns the one enabled rule for the service account that matches.
func (o *organization) matchingRule(p identityProvider, accountID string, claims map[string]any) (federationRule, error) {
	attributes := p.attributes(claims)
	var matching []federationRule
	for _, f := range o.federationRules(p.ID).all(latest) {
		if f.Enabled && f.ServiceAccountID == accountID && f.matches(attributes) {
			matching = append(matching, f)
		}
	}
	switch len(matching) {
	case 0:
		return federationRule{}, errors.New("no enabled federation rule for the service account matches the subject token")
	case 1:
		return matching[0], nil
	}
	return federationRule{}, errors.New("several federation rules match the subject token")
}

// canAct returns an error if nobody can act as the service account of a rule, as for its
// keys: its project is archived, or it is gone or has no role.
func (o *organization) canAct(f federationRule) error {
	if p, ok := o.projects().get(latest, f.ProjectID); !ok || p.archived() {
		return fmt.Errorf("project %q is not active", f.ProjectID)
	}
	a, ok := o.serviceAccounts(f.ProjectID).get(latest, f.ServiceAccountID)
	switch {
	case !ok:
		return fmt.Errorf("project %q has no service account %q", f.ProjectID, f.ServiceAccountID)
	case a.Role == roleNone:
		return fmt.Errorf("service account %q has no role in project %q", f.ServiceAccountID, f.ProjectID)
	}
	return nil
}
