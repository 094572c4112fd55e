// Package text says what the command line says in the language asked for. Russian is the source: sentences stand
// where they are used, and need no catalogue. English is looked up by the Russian sentence, and for an error by its
// code: english.go holds what commands say and their help, english_faults.go the errors.
//
// Owns: the English sentences. Does not own: the words of pages, which are Russian; what people and suppliers wrote,
// which stays as it is.
//
// Invariants, held by a test that reads the sources: every sentence and code has an English text with the same verbs;
// no English text is left over.
package text

import (
	"fmt"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/message/catalog"

	"kvit/internal/fault"
)

// Language is what --lang takes.
type Language string

// The languages there are.
const (
	Russian Language = "ru"
	English Language = "en"
)

// Sprintf is fmt.Sprintf with the format in the language. Numbers look as in Russian: people copy them into commands.
func (l Language) Sprintf(format string, args ...any) string {
	if l == English {
		if s, ok := english(format, args); ok {
			return s
		}
	}
	return fmt.Sprintf(format, args...)
}

// Word is a sentence without values, or a single word, in the language.
func (l Language) Word(s string) string {
	if l == English {
		if said, ok := english(s, nil); ok {
			return said
		}
	}
	return s
}

// Fault is the message of an error in the language. In English a message with values is looked up by its format,
// any other by the code; one that is in no catalogue stays Russian, which is better than silence.
func (l Language) Fault(f *fault.Error) string {
	if l != English {
		return f.Message
	}
	format, args, within := f.Source()
	s, ok := english(format, args)
	if !ok {
		s, ok = english(f.Code, args)
	}
	if !ok {
		return f.Message
	}
	s = strings.ReplaceAll(s, fieldMark, f.Field)
	if within != "" {
		s = within + ". " + s
	}
	return s
}

// Hint is what to do about a row of a file, by the code of the rule that found it; russian is the hint as stored.
func (l Language) Hint(code, russian string) string {
	if l == English {
		if s, ok := english(code, nil); ok {
			return s
		}
	}
	return russian
}

// Unit is the word for the things a place in a file is counted in.
func (l Language) Unit(unit string) string {
	if l == English {
		return l.Word(unit)
	}
	if s, ok := russianUnits[unit]; ok {
		return s
	}
	return unit
}

// russianUnits are the units of places that have English names in the program.
var russianUnits = map[string]string{"line": "строка", "row": "строка", "record": "запись", "document": "документ", "house": "дом", "element": "элемент"}

// fieldMark stands in an English text of an error for the field that is wrong.
const fieldMark = "{field}"

// englishCatalog is built when English is first asked for.
var englishCatalog = sync.OnceValue(func() *catalog.Builder {
	c := catalog.NewBuilder()
	for _, texts := range []map[string]string{sentences, faults, hints} {
		for key, s := range texts {
			must(c.SetString(language.English, key, s))
		}
	}
	for key, message := range plurals {
		must(c.Set(language.English, key, message))
	}
	return c
})

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// english says a text of the catalogue with values.
func english(key string, args []any) (string, bool) {
	r := &renderer{args: args}
	if key == "" || englishCatalog().Context(language.English, r).Execute(key) != nil {
		return "", false
	}
	return r.said, true
}

// renderer gives the catalogue the values that plural forms go by, and fills them in as fmt does.
type renderer struct {
	args []any
	said string
}

// Arg is the i-th value, from one.
func (r *renderer) Arg(i int) any {
	if i < 1 || i > len(r.args) {
		return nil
	}
	return r.args[i-1]
}

// Render takes the text that was chosen.
func (r *renderer) Render(s string) {
	if len(r.args) > 0 {
		s = fmt.Sprintf(s, r.args...)
	}
	r.said += s
}
