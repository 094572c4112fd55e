package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"kvit/internal/access"
	"kvit/internal/db/dbtest"
)

var update = flag.Bool("update", false, "write docs/api/openapi.yaml anew")

// TestContractIsCommitted compares the contract with the document of the repository.
func TestContractIsCommitted(t *testing.T) {
	got, err := New(Deps{}).api.OpenAPI().YAML()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "docs", "api", "openapi.yaml")
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/api/openapi.yaml is not what the program serves; look at the difference after: go test ./internal/api -run Contract -update")
	}
}

func TestContractIsServed(t *testing.T) {
	nobody := &program{centre: open(t, dbtest.SQLite(t))}
	var asJSON, asYAML map[string]any
	nobody.do("GET", "/api/openapi.json", nil).decode(t, 200, &asJSON)
	r := nobody.do("GET", "/api/openapi.yaml", nil)
	if err := yaml.Unmarshal(r.body, &asYAML); err != nil || r.status != 200 || asYAML["openapi"] != asJSON["openapi"] {
		t.Errorf("%v, %d: %v and %v", err, r.status, asYAML["openapi"], asJSON["openapi"])
	}
}

// document is what the tests look at in the contract.
type document struct {
	OpenAPI string
	Info    struct{ Title, Version string }
	Paths   map[string]map[string]struct {
		OperationID string
		Summary     string
		Tags        []string
		Parameters  []struct {
			Name, In string
			Required bool
		}
		Responses map[string]struct {
			Ref         string `json:"$ref"`
			Description string
		}
		Security []map[string][]string
	}
	Components struct {
		Schemas         map[string]any
		Responses       map[string]any
		SecuritySchemes map[string]any
	}
}

var pathParameter = regexp.MustCompile(`\{([a-z]+)\}`)

// TestContractTellsOfEveryRoute holds the contract to the table of routes and to the rules of OpenAPI 3.1 that
// generators of clients stumble over.
func TestContractTellsOfEveryRoute(t *testing.T) {
	m := New(Deps{})
	text, err := m.api.OpenAPI().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var doc document
	var tree any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") || doc.Info.Title == "" || doc.Info.Version == "" {
		t.Errorf("head of the document: %+v %s", doc.Info, doc.OpenAPI)
	}
	checkRefs(t, tree, tree)
	ids := map[string]bool{}
	for _, r := range m.Routes() {
		op, ok := doc.Paths[r.Pattern][strings.ToLower(r.Method)]
		if !ok {
			t.Errorf("%s %s is not in the contract", r.Method, r.Pattern)
			continue
		}
		delete(doc.Paths[r.Pattern], strings.ToLower(r.Method))
		what := r.Method + " " + r.Pattern
		if !r.Machine || !access.Declared(r.Resource, r.Action) {
			t.Errorf("%s: %s:%s is for nobody, or for people", what, r.Resource, r.Action)
		}
		if op.OperationID == "" || ids[op.OperationID] || op.Summary == "" || len(op.Tags) != 1 {
			t.Errorf("%s: %+v", what, op)
		}
		ids[op.OperationID] = true
		want := map[string][]string{tokenScheme: {r.Resource + ":" + r.Action}}
		if r.Resource == "public" {
			want = map[string][]string{}
		}
		if len(op.Security) != 1 || !reflect.DeepEqual(op.Security[0], want) {
			t.Errorf("%s: security %v, want %v", what, op.Security, want)
		}
		for code, answer := range op.Responses {
			if answer.Description == "" && answer.Ref == "" {
				t.Errorf("%s: answer %s has no description", what, code)
			}
		}
		if len(op.Responses) < 2 || op.Responses["default"].Ref == "" {
			t.Errorf("%s: answers %v", what, op.Responses)
		}
		for _, name := range pathParameter.FindAllStringSubmatch(r.Pattern, -1) {
			found := false
			for _, p := range op.Parameters {
				found = found || p.Name == name[1] && p.In == "path" && p.Required
			}
			if !found {
				t.Errorf("%s: {%s} is not described", what, name[1])
			}
		}
	}
	for path, left := range doc.Paths {
		for method := range left {
			t.Errorf("%s %s is no route", strings.ToUpper(method), path)
		}
	}
	if doc.Components.SecuritySchemes[tokenScheme] == nil || doc.Components.Responses["Problem"] == nil {
		t.Error("the token or the problem is not described")
	}
}

// checkRefs follows every reference of the document.
func checkRefs(t *testing.T, root, node any) {
	t.Helper()
	switch v := node.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			at := root
			for _, step := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
				m, _ := at.(map[string]any)
				if at = m[step]; at == nil {
					t.Errorf("%s leads nowhere", ref)
					break
				}
			}
		}
		for _, x := range v {
			checkRefs(t, root, x)
		}
	case []any:
		for _, x := range v {
			checkRefs(t, root, x)
		}
	}
}

// TestEveryRouteRefusesStrangers asks every route that is not public without a token.
func TestEveryRouteRefusesStrangers(t *testing.T) {
	c := open(t, dbtest.SQLite(t))
	nobody := &program{centre: c}
	for _, r := range New(Deps{}).Routes() {
		path := pathParameter.ReplaceAllString(r.Pattern, "1")
		if got := nobody.do(r.Method, path, nil); (got.status == http.StatusUnauthorized) != (r.Resource != "public") {
			t.Errorf("%s %s: %d", r.Method, path, got.status)
		}
	}
}
