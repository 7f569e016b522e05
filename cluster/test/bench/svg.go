// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

//go:embed chart.svg.tmpl
var chartTemplate string

// The size of a panel of the chart, in pixels.
const (
	panelWidth  = 360.0
	panelHeight = 240.0
)

// colours of the columns, which are distinguishable in print, too.
var colours = map[string]string{columnProvider: "#1b6ac9", columnFloor: "#555555", columnNaive: "#c9501b", columnLimited: "#2e8b57"}

// A panel of the chart shows one figure over the number of keys, both on
// logarithmic scales.
type panel struct {
	Title        string
	Left         float64
	XTicks, Grid []tick
	Lines        []line
}

type tick struct {
	At    float64
	Label string
}

type line struct {
	Name, Colour string
	Points       []point
}

type point struct {
	X, Y  float64
	Label string
}

// Path of the line, as SVG writes it.
func (l line) Path() string {
	points := make([]string, 0, len(l.Points))
	for _, p := range l.Points {
		points = append(points, fmt.Sprintf("%.1f,%.1f", p.X, p.Y))
	}
	return strings.Join(points, " ")
}

// svg draws the report.
func (r *report) svg() ([]byte, error) {
	t, err := template.New("chart").Parse(chartTemplate)
	if err != nil {
		return nil, fmt.Errorf("cannot read the chart's template: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, map[string]any{
		"Width": panelWidth, "Height": panelHeight,
		"Panels": []panel{
			r.panel(0, "Wall time to all Ready, s", wall, columnFloor, columnProvider, columnNaive),
			r.panel(1, "OpenAI calls per key to Ready", callsPerKey, columnFloor, columnProvider, columnNaive),
			r.panel(2, "OpenAI calls per poll cycle and project", cycleCalls, columnProvider, columnNaive),
		},
	}); err != nil {
		return nil, fmt.Errorf("cannot draw the chart: %w", err)
	}
	return b.Bytes(), nil
}

// panel number i, of a figure of some columns.
func (r *report) panel(i int, title, figure string, columns ...string) panel {
	p := panel{Title: title, Left: 70 + float64(i)*(panelWidth+90)}
	var xs, ys []float64
	for _, c := range r.Columns {
		if v, ok := c.number(figure); ok && v > 0 {
			xs, ys = append(xs, float64(c.Size)), append(ys, v)
		}
	}
	x, y := decades(xs), decades(ys)
	for _, v := range x.ticks() {
		p.XTicks = append(p.XTicks, tick{At: x.share(v) * panelWidth, Label: label(v)})
	}
	for _, v := range y.ticks() {
		p.Grid = append(p.Grid, tick{At: (1 - y.share(v)) * panelHeight, Label: label(v)})
	}
	for _, name := range columns {
		l := line{Name: name, Colour: colours[name]}
		for _, c := range r.Columns {
			if v, ok := c.number(figure); ok && v > 0 && c.Name == name {
				l.Points = append(l.Points, point{
					X: x.share(float64(c.Size)) * panelWidth, Y: (1 - y.share(v)) * panelHeight,
					Label: fmt.Sprintf("%s, %d keys: %s", name, c.Size, strconv.FormatFloat(v, 'f', 2, 64)),
				})
			}
		}
		if len(l.Points) > 0 {
			p.Lines = append(p.Lines, l)
		}
	}
	return p
}

// A scale ranges from one power of ten to another.
type scale struct{ from, to int }

// decades returns the smallest scale with all values.
func decades(values []float64) scale {
	if len(values) == 0 {
		return scale{0, 1}
	}
	s := scale{math.MaxInt32, math.MinInt32}
	for _, v := range values {
		s.from = min(s.from, int(math.Floor(math.Log10(v))))
		s.to = max(s.to, int(math.Ceil(math.Log10(v))))
	}
	if s.from == s.to {
		s.to++
	}
	return s
}

func (s scale) ticks() []float64 {
	var ticks []float64
	for e := s.from; e <= s.to; e++ {
		ticks = append(ticks, math.Pow10(e))
	}
	return ticks
}

// share is the position of a value on the scale, from 0 to 1.
func (s scale) share(v float64) float64 {
	return (math.Log10(v) - float64(s.from)) / float64(s.to-s.from)
}

func label(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
