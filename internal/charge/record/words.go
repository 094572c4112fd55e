package record

import (
	"fmt"
	"strings"
)

// SourceWords says where a fact comes from to a person.
func SourceWords(source string) string {
	by, rest, _ := strings.Cut(source, ":")
	place, line, numbered := cutLast(rest)
	switch {
	case by == "facts" && numbered:
		return fmt.Sprintf("файл %s, строка %s", place, line)
	case by == "file" && numbered:
		return fmt.Sprintf("файл поставщика № %s, запись %s", place, line)
	case by == "api":
		code, _, _ := strings.Cut(rest, ":")
		return "программа поставщика " + code
	case by == "reading": // reading:channel:author:receipt
		author, receipt, _ := cutLast(rest)
		_, author, _ = strings.Cut(author, ":")
		return author + ", показания " + receipt
	case by == "person":
		who, why, _ := strings.Cut(rest, ":")
		return strings.Trim(who+", "+strings.TrimSpace(why), ", ")
	}
	return source
}

// cutLast parts what stands before the last colon from what stands after it.
func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
