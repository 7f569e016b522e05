// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A labelSet has the labels of a vector; nil: it is a scalar.
type labelSet map[string]bool

func labelsOf(names ...string) labelSet {
	out := labelSet{}
	for _, n := range names {
		out[n] = true
	}
	return out
}

// A checker parses PromQL far enough to determine the labels of a result. It stops at the first
// error.
type checker struct {
	families map[string]family
	tokens   []string
	err      error
}

// check an expression, and return the labels of its result.
func check(families map[string]family, expr string) (labelSet, error) {
	c := &checker{families: families}
	for rest := strings.TrimSpace(expr); rest != ""; rest = strings.TrimSpace(rest) {
		t := token.FindString(rest)
		if t == "" {
			return nil, fmt.Errorf("cannot read %q", rest)
		}
		c.tokens, rest = append(c.tokens, t), rest[len(t):]
	}
	out := c.expr()
	if c.err == nil && len(c.tokens) > 0 {
		c.fail("%q does not belong there", c.peek())
	}
	return out, c.err
}

var (
	// token of PromQL. Grafana's range variables count as numbers.
	token  = regexp.MustCompile(`^(?:"(?:[^"\\]|\\.)*"|[a-zA-Z_][a-zA-Z0-9_]*|\$__[a-z_]+|[0-9][0-9a-zA-Z.]*|[=!]~|[=!<>]=|[-+*/%^(){}\[\],=<>])`)
	number = regexp.MustCompile(`^[0-9$]`)
	word   = regexp.MustCompile(`^[a-zA-Z_]`)

	operators = labelsOf("+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "and", "or", "unless")

	aggregations = labelsOf("sum", "min", "max", "avg", "count", "topk", "bottomk")

	// functions whose result has the labels of their last argument.
	functions = labelsOf("rate", "irate", "increase", "delta", "changes", "resets", "abs", "ceil", "floor", "round", "clamp_min",
		"clamp_max", "sort", "sort_desc", "max_over_time", "min_over_time", "avg_over_time", "last_over_time")

	// targetLabels are those that Prometheus adds for any kind of discovery.
	targetLabels = labelsOf("job", "instance")
)

func (c *checker) fail(format string, args ...any) labelSet {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
	c.tokens = nil
	return nil
}

func (c *checker) peek() string {
	if len(c.tokens) == 0 {
		return ""
	}
	return c.tokens[0]
}

func (c *checker) next() string {
	t := c.peek()
	if t == "" {
		c.fail("the expression ends too early")
		return ""
	}
	c.tokens = c.tokens[1:]
	return t
}

func (c *checker) accept(t string) bool {
	if c.peek() != t {
		return false
	}
	c.next()
	return true
}

func (c *checker) expect(t string) {
	if got := c.next(); got != t {
		c.fail("%q stands where %q should", got, t)
	}
}

// expr is parsed from left to right: precedence does not affect labels.
func (c *checker) expr() labelSet {
	left := c.operand()
	for operators[c.peek()] {
		left = c.operation(left, c.next())
	}
	return left
}

func (c *checker) operation(left labelSet, operator string) labelSet {
	c.accept("bool")
	var on labelSet
	if c.accept("on") {
		on = c.names()
	}
	right := c.operand()
	switch {
	case left == nil:
		return right
	case right == nil:
		return left
	case on == nil && !maps.Equal(left, right):
		return c.fail("the sides of %q have different labels, %s and %s, so that nothing matches", operator, left, right)
	case on == nil:
		return left
	}
	c.has(left, on)
	c.has(right, on)
	if operator == "and" || operator == "unless" {
		return left
	}
	return on
}

func (c *checker) operand() labelSet {
	out := c.primary()
	if c.accept("[") {
		c.duration()
		c.expect("]")
	}
	if c.accept("offset") {
		c.duration()
	}
	return out
}

func (c *checker) duration() {
	if t := c.next(); !number.MatchString(t) {
		c.fail("%q is not a duration", t)
	}
}

func (c *checker) primary() labelSet {
	t := c.next()
	switch {
	case t == "(":
		out := c.expr()
		c.expect(")")
		return out
	case t == "-":
		return c.primary()
	case number.MatchString(t):
		return nil
	case !word.MatchString(t):
		return c.fail("%q stands where a metric should", t)
	case aggregations[t]:
		return c.aggregation(t)
	case c.peek() == "(":
		return c.function(t)
	}
	return c.metric(t)
}

func (c *checker) aggregation(name string) labelSet {
	by := labelSet{}
	if c.accept("by") {
		by = c.names()
	}
	of := c.arguments()
	if of == nil {
		return c.fail("%s of no vector", name)
	}
	c.has(of, by)
	if name == "topk" || name == "bottomk" {
		return of
	}
	return by
}

func (c *checker) function(name string) labelSet {
	of := c.arguments()
	switch {
	case name == "time" || name == "scalar":
		return nil
	case name == "absent" || name == "vector":
		return labelSet{}
	case name == "histogram_quantile":
		c.has(of, labelsOf("le"))
		out := maps.Clone(of)
		delete(out, "le")
		return out
	case functions[name]:
		return of
	}
	return c.fail("there is no function %q", name)
}

// arguments returns the labels of the last one.
func (c *checker) arguments() labelSet {
	c.expect("(")
	if c.accept(")") {
		return nil
	}
	out := c.expr()
	for c.accept(",") {
		out = c.expr()
	}
	c.expect(")")
	return out
}

func (c *checker) names() labelSet {
	c.expect("(")
	out := labelSet{}
	for !c.accept(")") && c.err == nil {
		out[c.next()] = true
		c.accept(",")
	}
	return out
}

func (c *checker) metric(name string) labelSet {
	labels, ok := c.series(name)
	if !ok {
		return c.fail("there is no metric %q", name)
	}
	if !c.accept("{") {
		return labels
	}
	for !c.accept("}") && c.err == nil {
		label, comparison, value := c.next(), c.next(), c.next()
		c.has(labels, labelsOf(label))
		text, err := strconv.Unquote(value)
		if err != nil {
			return c.fail("label %q is compared with %s, which is not a string", label, value)
		}
		if strings.HasSuffix(comparison, "~") && !strings.Contains(text, "$") {
			if _, err := regexp.Compile(text); err != nil {
				return c.fail("label %q is compared with a pattern that is wrong: %w", label, err)
			}
		}
		c.accept(",")
	}
	return labels
}

// series returns the labels of a series by name: of a family, or of a part of a histogram.
func (c *checker) series(name string) (labelSet, bool) {
	f, ok := c.families[name]
	out := maps.Clone(targetLabels)
	if !ok || f.histogram {
		found := false
		for _, part := range []string{"_bucket", "_sum", "_count"} {
			of, ends := strings.CutSuffix(name, part)
			if ends && c.families[of].histogram {
				f, found = c.families[of], true
				out["le"] = part == "_bucket"
			}
		}
		if !found {
			return nil, false
		}
	}
	for _, l := range f.labels {
		out[l] = true
	}
	maps.DeleteFunc(out, func(_ string, has bool) bool { return !has })
	return out, true
}

func (c *checker) has(labels, needed labelSet) {
	for l := range needed {
		if !labels[l] {
			c.fail("there is no label %q, only %s", l, labels)
			return
		}
	}
}

// String lists the labels.
func (l labelSet) String() string {
	return "(" + strings.Join(slices.Sorted(maps.Keys(l)), ", ") + ")"
}
