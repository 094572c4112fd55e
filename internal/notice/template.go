package notice

import (
	"bytes"
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/notice/channel"
)

// Template is a wording: what is said in one case, from a day on.
type Template struct {
	Name    string        `yaml:"template"`
	From    calendar.Date `yaml:"from"`
	Subject string        `yaml:"subject"`
	Text    string        `yaml:"text"`

	Version   int64  `yaml:"-"` // 0: of the program
	State     string `yaml:"-"` // proposed, active, refused
	Author    string `yaml:"-"`
	Decider   string `yaml:"-"`
	DecidedAt calendar.Micros
}

// Words a wording may use, and no others.
var Words = []string{"сумма", "срок", "месяц", "адрес", "изменение", "причина", "пени", "счётчики", "номер", "день", "предел", "итог", "телефон", "поставщик", "счёт", "прежний", "код", "ссылка"}

//go:embed template.yaml
var builtinText []byte

var builtin = func() (list []Template) {
	d := yaml.NewDecoder(bytes.NewReader(builtinText))
	d.KnownFields(true)
	if err := d.Decode(&list); err != nil {
		panic(err) // it is compiled in
	}
	return list
}()

// templateNames are the cases there is a wording for.
func templateNames() (names []string) {
	for _, t := range builtin {
		if !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
	}
	return names
}

var (
	word = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
	part = regexp.MustCompile(`\[\[(.*?)\]\]`)
)

// Bounds of a wording.
const (
	subjectMax = 80
	textMax    = 400
)

// Check refuses a wording with words nobody fills, with links, or too long for a text message.
func (t *Template) Check() error {
	if !slices.Contains(templateNames(), t.Name) {
		return fault.Newf(fault.NotFound, "template.unknown", "Шаблона %q нет.", t.Name)
	}
	for field, text := range map[string]string{"subject": t.Subject, "text": t.Text} {
		switch {
		case strings.TrimSpace(text) == "":
			return wrong(field, "Напишите текст: пустым сообщение не бывает.")
		case strings.ContainsAny(text, "\r\n"):
			return wrong(field, "Уберите переносы строк: сообщение – одна строка.")
		}
		for _, m := range word.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(Words, m[1]) {
				return fault.Newf(fault.Invalid, "template.word", "Слова {{%s}} нет. Есть: %s.", m[1], strings.Join(Words, ", ")).WithField(field)
			}
		}
		bare := part.ReplaceAllString(word.ReplaceAllString(text, ""), "$1")
		if strings.ContainsAny(bare, "{}[]") {
			return wrong(field, "Скобки не сходятся: слово пишут {{слово}}, необязательную часть – [[часть]].")
		}
	}
	if len([]rune(t.Subject)) > subjectMax || len([]rune(t.Text)) > textMax {
		return fault.Newf(fault.Invalid, "template.long", "Сообщение длинное: заголовок до %d знаков, текст до %d.", subjectMax, textMax).WithField("text")
	}
	if err := channel.WithoutLinks(t.Text + " " + t.Subject); err != nil {
		return fault.As(err).WithField("text")
	}
	return nil
}

func wrong(field, message string) error {
	return fault.New(fault.Invalid, "template.text", message).WithField(field)
}

// errEmptyWord is the fault of a wording that lacks a figure it cannot do without.
var errEmptyWord = fault.New(fault.Invalid, "notice.word", "Не хватает данных для текста сообщения.")

// Fill puts words in. A value is put in as it is: what stands in it is not read for words again. A part whose word is
// empty is left out; an empty word outside of parts is a fault.
func (t *Template) Fill(words map[string]string) (subject, text string, err error) {
	if subject, err = fill(t.Subject, words); err != nil {
		return "", "", err
	}
	text, err = fill(t.Text, words)
	return subject, text, err
}

func fill(text string, words map[string]string) (string, error) {
	text = part.ReplaceAllStringFunc(text, func(p string) string {
		for _, m := range word.FindAllStringSubmatch(p, -1) {
			if words[m[1]] == "" {
				return ""
			}
		}
		return p[2 : len(p)-2]
	})
	empty := ""
	text = word.ReplaceAllStringFunc(text, func(w string) string {
		value := words[w[2:len(w)-2]]
		if value == "" {
			empty = w
		}
		return value
	})
	if empty != "" {
		return "", errEmptyWord
	}
	return strings.TrimSpace(channel.Line(text)), nil
}
