// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// A prometheusRule has the fields of the Prometheus Operator's kind that are used.
type prometheusRule struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Spec struct {
		Groups []struct {
			Name  string  `json:"name"`
			Rules []alert `json:"rules"`
		} `json:"groups"`
	} `json:"spec"`
}

type alert struct {
	Alert       string            `json:"alert"`
	Expr        string            `json:"expr"`
	For         string            `json:"for"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// labelInText matches a label in an annotation.
var labelInText = regexp.MustCompile(`\$labels\.(\w+)`)

func TestAlertsUseWhatIsExported(t *testing.T) {
	t.Parallel()
	families := realFamilies(t)
	for _, a := range alerts(t) {
		labels, err := check(families, a.Expr)
		if err != nil {
			t.Errorf("%s: %v in\n%s", a.Alert, err, a.Expr)
			continue
		}
		for _, text := range a.Annotations {
			for _, m := range labelInText.FindAllStringSubmatch(text, -1) {
				if !labels[m[1]] {
					t.Errorf("%s: an annotation shows label %q, but the expression has only %s", a.Alert, m[1], labels)
				}
			}
		}
	}
}

func TestAlertsSayHowBadItIsAndWhatToDo(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, a := range alerts(t) {
		if !strings.HasPrefix(a.Alert, "ProviderOpenAI") || seen[a.Alert] {
			t.Errorf("%q is not a name of its own that begins with ProviderOpenAI", a.Alert)
		}
		seen[a.Alert] = true
		if s := a.Labels["severity"]; s != "critical" && s != "warning" {
			t.Errorf("%s: severity %q is neither critical nor warning", a.Alert, s)
		}
		for _, name := range []string{"summary", "description"} {
			if a.Annotations[name] == "" {
				t.Errorf("%s has no %s", a.Alert, name)
			}
		}
		if _, err := time.ParseDuration(a.For); err != nil {
			t.Errorf("%s: for %q is not a duration", a.Alert, a.For)
		}
	}
}

func alerts(t *testing.T) []alert {
	t.Helper()
	var r prometheusRule
	readStrict(t, "prometheus-rules.yaml", &r)
	if r.APIVersion != "monitoring.coreos.com/v1" || r.Kind != "PrometheusRule" || r.Metadata.Name == "" {
		t.Errorf("prometheus-rules.yaml is not a PrometheusRule with a name")
	}
	var out []alert
	for _, g := range r.Spec.Groups {
		out = append(out, g.Rules...)
	}
	if len(out) == 0 {
		t.Fatal("prometheus-rules.yaml has no alerts")
	}
	return out
}
