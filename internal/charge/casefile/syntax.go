package casefile

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// syntaxFaults are what the reader of YAML says, and what a person can do about it.
var syntaxFaults = []struct{ said, Hint string }{
	{said: "did not find expected ',' or ']'", Hint: "в списке [ … ] пропущена запятая или закрывающая скобка"},
	{said: "did not find expected ',' or '}'", Hint: "в строке { … } пропущена запятая или закрывающая скобка"},
	{said: "found character that cannot start any token", Hint: "значение начинается со знака, с которого нельзя: отступы делают пробелами, не табуляцией; значения, что начинаются с @ или `, берут в кавычки"},
	{said: "found a tab character", Hint: "отступ сделан табуляцией: поставьте пробелы"},
	{said: "mapping values are not allowed in this context", Hint: "двоеточие стоит внутри значения или отступ лишний: возьмите значение в кавычки либо выровняйте строку"},
	{said: "did not find expected key", Hint: "отступ не такой, как у соседних ключей: выровняйте строки"},
	{said: "did not find expected '-' indicator", Hint: "отступ не такой, как у соседних строк списка: выровняйте строки"},
	{said: "could not find expected ':'", Hint: "после ключа нет двоеточия с пробелом"},
	{said: "found unexpected end of stream", Hint: "кавычки не закрыты"},
	{said: "found unexpected document indicator", Hint: "кавычки не закрыты"},
	{said: "unknown anchor", Hint: "ссылка * ведёт на имя, которого нет: поставьте & с этим именем раньше или уберите звёздочку"},
	{said: "exceeded max depth", Hint: "слишком много вложенных скобок или отступов"},
	{said: "excessive aliasing", Hint: "слишком много ссылок *: напишите значения сами"},
	{said: "UTF-8", Hint: "файл не в кодировке UTF-8: сохраните его в UTF-8"},
	{said: "control characters", Hint: "в файле есть знаки, которых в тексте не бывает: сохраните его как обычный текст в UTF-8"},
}

var syntaxLine = regexp.MustCompile(`line (\d+)`)

// syntaxFault says in plain words why a file is no YAML, and where.
func syntaxFault(err error) error {
	said := err.Error()
	for _, f := range syntaxFaults {
		if !strings.Contains(said, f.said) {
			continue
		}
		if line := syntaxLine.FindStringSubmatch(said); line != nil {
			return fmt.Errorf("строка %s: %s", line[1], f.Hint)
		}
		return fmt.Errorf("%s", f.Hint)
	}
	return fmt.Errorf("файл не разобран как YAML: %w", err)
}

// encodingFault tells where the bytes of a file stop being UTF-8: the reader of YAML would not say.
func encodingFault(data []byte) error {
	if utf8.Valid(data) || bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		return nil
	}
	rest, line := data, 1
	for len(rest) > 0 {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		rest = rest[n:]
	}
	return fmt.Errorf("строка %d: файл не в кодировке UTF-8: сохраните его в UTF-8", line)
}
