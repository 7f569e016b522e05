// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A dashboard has the fields of Grafana's dashboards that are checked.
type dashboard struct {
	UID           string  `json:"uid"`
	Title         string  `json:"title"`
	SchemaVersion int     `json:"schemaVersion"`
	Panels        []panel `json:"panels"`
	Templating    struct {
		List []variable `json:"list"`
	} `json:"templating"`
}

type panel struct {
	ID          int        `json:"id"`
	Type        string     `json:"type"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Datasource  datasource `json:"datasource"`
	GridPos     struct {
		H int `json:"h"`
		W int `json:"w"`
		X int `json:"x"`
		Y int `json:"y"`
	} `json:"gridPos"`
	FieldConfig struct {
		Defaults struct {
			Unit string `json:"unit"`
		} `json:"defaults"`
	} `json:"fieldConfig"`
	Targets []struct {
		Datasource datasource `json:"datasource"`
		Expr       string     `json:"expr"`
		Legend     string     `json:"legendFormat"`
	} `json:"targets"`
}

type variable struct {
	Name       string     `json:"name"`
	Type       string     `json:"type"`
	Datasource datasource `json:"datasource"`
	Definition string     `json:"definition"`
}

type datasource struct {
	UID string `json:"uid"`
}

// chosen is the data source that the user of the dashboard selects.
const chosen = "${datasource}"

var (
	// labelInLegend matches a label in the legend of a line.
	labelInLegend = regexp.MustCompile(`\{\{(\w+)\}\}`)
	// variableInExpr matches a variable in an expression.
	variableInExpr = regexp.MustCompile(`\$([a-z]\w*)`)
	// labelValues matches the query of a variable.
	labelValues = regexp.MustCompile(`^label_values\((.+), (\w+)\)$`)
)

func TestPanelsUseWhatIsExported(t *testing.T) {
	t.Parallel()
	families := realFamilies(t)
	d := readDashboard(t)
	variables := map[string]bool{}
	for _, v := range d.Templating.List {
		variables[v.Name] = true
	}
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			labels, err := check(families, target.Expr)
			if err != nil {
				t.Errorf("%s: %v in\n%s", p.Title, err, target.Expr)
				continue
			}
			for _, m := range labelInLegend.FindAllStringSubmatch(target.Legend, -1) {
				if !labels[m[1]] {
					t.Errorf("%s: the legend shows label %q, but the expression has only %s", p.Title, m[1], labels)
				}
			}
			for _, m := range variableInExpr.FindAllStringSubmatch(target.Expr, -1) {
				if !variables[m[1]] {
					t.Errorf("%s: there is no variable %q", p.Title, m[1])
				}
			}
		}
	}
}

func TestVariablesUseWhatIsExported(t *testing.T) {
	t.Parallel()
	families := realFamilies(t)
	for _, v := range readDashboard(t).Templating.List {
		if v.Type == "datasource" {
			continue
		}
		m := labelValues.FindStringSubmatch(v.Definition)
		if m == nil {
			t.Errorf("variable %q is not a list of a label's values: %s", v.Name, v.Definition)
			continue
		}
		labels, err := check(families, m[1])
		if err != nil || !labels[m[2]] {
			t.Errorf("variable %q lists label %q of %s, which has %s: %v", v.Name, m[2], m[1], labels, err)
		}
		if v.Datasource.UID != chosen {
			t.Errorf("variable %q has a data source of its own", v.Name)
		}
	}
}

func TestPanelsSayWhatTheyShow(t *testing.T) {
	t.Parallel()
	d := readDashboard(t)
	if d.UID == "" || d.Title == "" || d.SchemaVersion == 0 {
		t.Errorf("the dashboard has no uid, title or schemaVersion")
	}
	ids, places := map[int]bool{}, map[[2]int]string{}
	for _, p := range d.Panels {
		if ids[p.ID] {
			t.Errorf("%s: another panel has the ID %d", p.Title, p.ID)
		}
		ids[p.ID] = true
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				place := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				if other, taken := places[place]; taken {
					t.Fatalf("%s lies over %s", p.Title, other)
				}
				places[place] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		if p.Title == "" || !strings.HasSuffix(p.Description, ".") || p.FieldConfig.Defaults.Unit == "" || len(p.Targets) == 0 {
			t.Errorf("panel %d %q has no title, description, unit or query", p.ID, p.Title)
		}
		for _, target := range p.Targets {
			if p.Datasource.UID != chosen || target.Datasource.UID != chosen {
				t.Errorf("%s has a data source of its own", p.Title)
			}
		}
	}
}

func readDashboard(t *testing.T) dashboard {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, "grafana-dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatalf("grafana-dashboard.json cannot be read: %v", err)
	}
	if len(d.Panels) == 0 {
		t.Fatal("grafana-dashboard.json has no panels")
	}
	return d
}
