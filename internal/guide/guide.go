// Package guide holds the questions people ask with their answers, and finds an answer by words as people write them.
//
// Owns: the questions (questions.yaml), the marks of a bill (bill.yaml), the search. Does not own: how pages look.
// Invariants: an answer says only what Kvit does; every link leads to a page there is (internal/app holds both).
package guide

import (
	_ "embed"
	"sync"

	"gopkg.in/yaml.v3"
)

// Question is a question with its answer.
type Question struct {
	ID     string   `yaml:"id"` // of its place on the page
	Topic  string   `yaml:"topic"`
	Title  string   `yaml:"title"`
	Answer []string `yaml:"answer"` // paragraphs
	Words  string   `yaml:"words"`  // other words people ask it by
	Links  []Link   `yaml:"links"`
}

// Link leads to where the thing is done.
type Link struct {
	Title string `yaml:"title"`
	Href  string `yaml:"href"`
}

// Mark is a number on the picture of a bill. Anchor is the text of the bill it stands at.
type Mark struct {
	Title  string `yaml:"title"`
	Text   string `yaml:"text"`
	Anchor string `yaml:"anchor"`
}

//go:embed questions.yaml
var questionsYAML []byte

//go:embed bill.yaml
var billYAML []byte

var questions = sync.OnceValue(func() (list []Question) { return must(questionsYAML, list) })

var marks = sync.OnceValue(func() (list []Mark) { return must(billYAML, list) })

// must reads an embedded list: one that cannot be read is a bug.
func must[T any](text []byte, list []T) []T {
	if err := yaml.Unmarshal(text, &list); err != nil {
		panic("guide: " + err.Error())
	}
	return list
}

// Questions gives all questions, topics together. Do not change them.
func Questions() []Question { return questions() }

// Marks gives what the numbers on the picture of a bill mean, in their order. Do not change them.
func Marks() []Mark { return marks() }
