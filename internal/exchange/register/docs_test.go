package register

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const docs = "../../../docs/formats/"

func TestSchemaHasEveryKeyOfAProfile(t *testing.T) {
	raw, err := os.ReadFile(docs + "profile.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties map[string]struct {
			Enum []string `json:"enum"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(slices.Sorted(maps.Keys((&Profile{}).targets())), slices.Sorted(maps.Keys(schema.Properties))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(kinds, schema.Properties["kind"].Enum); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(moneyForms, schema.Properties["money"].Enum); d != "" {
		t.Error(d)
	}
}

func TestExampleOfThePageIsAProfileAndSurvivesWriting(t *testing.T) {
	page, err := os.ReadFile(docs + "profile.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	example, _, _ := strings.Cut(rest, "```")
	path := filepath.Join(t.TempDir(), "gazsbyt.yaml")
	if err := os.WriteFile(path, []byte(example), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := LoadProfiles(path)
	if err != nil || len(list) != 1 {
		t.Fatal(err)
	}
	p := list[0]
	if parts := p.FileParts("6229000001_40702810500000000614_001_1026.txt"); parts["inn"] != "6229000001" || parts["period"] != "1026" {
		t.Errorf("%v", parts)
	}
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back Profile
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	back.Where = p.Where
	if d := cmp.Diff(p, back); d != "" {
		t.Error(d)
	}
	for role := range roleNames {
		if role != "measure" && role != "unit" && role != "stamp" && !strings.Contains(string(page), role) {
			t.Errorf("the page says nothing of the role %s", role)
		}
	}
}
