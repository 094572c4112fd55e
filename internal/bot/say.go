package bot

import (
	"strings"

	"kvit/internal/bot/chat"
)

// say adds a message.
func (t *talk) say(text string, rows ...[]chat.Button) {
	most := chat.TextMax
	switch t.channel {
	case Voice:
		t.spoken = append(t.spoken, text)
		return
	case SMS:
		text, rows, most = t.choices(text, rows), nil, textsMax
	}
	for _, part := range parts(text, most) {
		t.out = append(t.out, chat.Message{Text: part})
	}
	last := &t.out[len(t.out)-1]
	last.Buttons = rows
	if len(t.out) == 1 {
		last.PressID = t.PressID
	}
}

// parts cuts a text between its lines.
func parts(text string, most int) (list []string) {
	part := ""
	for _, line := range strings.SplitAfter(text, "\n") {
		for len([]rune(line)) > most {
			runes := []rune(line)
			list, line = append(list, strings.TrimSpace(part+string(runes[:most]))), string(runes[most:])
			part = ""
		}
		if len([]rune(part+line)) > most {
			list, part = append(list, strings.TrimSpace(part)), ""
		}
		part += line
	}
	return append(list, strings.TrimSpace(part))
}
