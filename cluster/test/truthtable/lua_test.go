// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"encoding/json"
	"fmt"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// runHealthCheck runs a check as Argo CD does: with the object as the global obj, in the same
// interpreter, and without libraries for I/O.
func runHealthCheck(script string, object map[string]any) (status, message string, err error) {
	l := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer l.Close()
	for name, open := range map[string]lua.LGFunction{
		lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable, lua.StringLibName: lua.OpenString,
	} {
		if err := l.CallByParam(lua.P{Fn: l.NewFunction(open), Protect: true}, lua.LString(name)); err != nil {
			return "", "", fmt.Errorf("cannot open Lua's %q: %w", name, err)
		}
	}
	l.SetGlobal("obj", toLua(l, object))
	if err := l.DoString(script); err != nil {
		return "", "", fmt.Errorf("the check fails: %w", err)
	}
	health, ok := l.Get(-1).(*lua.LTable)
	if !ok {
		return "", "", fmt.Errorf("the check returns %s", l.Get(-1).Type())
	}
	return lua.LVAsString(health.RawGetString("status")), lua.LVAsString(health.RawGetString("message")), nil
}

// toLua converts JSON values. Lists begin at 1 in Lua.
func toLua(l *lua.LState, value any) lua.LValue {
	switch v := value.(type) {
	case nil:
		return lua.LNil
	case bool:
		return lua.LBool(v)
	case float64:
		return lua.LNumber(v)
	case int64:
		return lua.LNumber(v)
	case string:
		return lua.LString(v)
	case []any:
		t := l.CreateTable(len(v), 0)
		for _, item := range v {
			t.Append(toLua(l, item))
		}
		return t
	case map[string]any:
		t := l.CreateTable(0, len(v))
		for key, item := range v {
			t.RawSetString(key, toLua(l, item))
		}
		return t
	}
	panic(fmt.Sprintf("%T is not of JSON", value))
}

func TestAHealthCheckSeesTheWholeObject(t *testing.T) {
	cases := map[string]struct {
		reason string
		object string
		want   string
	}{
		"Text":        {"Most fields are.", `{"kind":"Project"}`, "kind=Project"},
		"WholeNumber": {"As generations are.", `{"n":3}`, "n=3"},
		"Truth":       {"It is no text in Lua.", `{"yes":true}`, "yes=true"},
		"List":        {"It begins at 1.", `{"list":["a","b"]}`, "first=a"},
		"Nested":      {"As conditions are.", `{"list":[{"type":"Ready"}]}`, "type=Ready"},
		"Nothing":     {"A field that is null is not there.", `{"kind":null}`, ""},
	}
	const script = `
		local said = ""
		if obj.kind ~= nil then said = "kind=" .. obj.kind end
		if obj.n ~= nil then said = "n=" .. obj.n end
		if obj.yes == true then said = "yes=true" end
		if obj.list ~= nil then
			local first = obj.list[1]
			said = type(first) == "table" and "type=" .. first.type or "first=" .. first
		end
		return { status = "Healthy", message = said }`
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var object map[string]any
			if err := json.Unmarshal([]byte(tc.object), &object); err != nil {
				t.Fatal(err)
			}
			status, said, err := runHealthCheck(script, object)
			if err != nil || status != "Healthy" || said != tc.want {
				t.Errorf("%s\ngot %q, %q and error %v, want the message %q", tc.reason, status, said, err, tc.want)
			}
		})
	}
}
