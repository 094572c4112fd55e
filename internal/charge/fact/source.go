package fact

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"kvit/internal/db"
)

// SourceWords puts sources of facts into words for people. A file of a supplier is named as he named it, and read once.
type SourceWords struct{ files map[string]suppliersFile }

type suppliersFile struct{ name, unit string }

// Say tells where a fact comes from: «файл RODNIK_2610.dbf, запись 1725». A source that is words already stays.
func (w *SourceWords) Say(ctx context.Context, tx *db.Tx, source string) (string, error) {
	by, rest, _ := strings.Cut(source, ":")
	told, why, reasoned := strings.Cut(rest, ": ")
	if reasoned {
		why = ", " + why
	}
	place, line, numbered := cutLast(told)
	switch {
	case by == "facts" && numbered:
		return words(placeFormat("line"), place, line) + why, nil
	case by == "file" && numbered:
		f, err := w.file(ctx, tx, place)
		return words(placeFormat(f.unit), f.name, line), err
	case by == "api":
		code, _, _ := strings.Cut(rest, ":")
		return words("программа поставщика %s", code) + why, nil
	case by == "reading": // reading:channel:author:receipt
		author, receipt, _ := cutLast(rest)
		_, author, _ = strings.Cut(author, ":")
		return words("%s, показания %s", author, receipt), nil
	case by == "decided": // decided:who: why
		who, why, _ := strings.Cut(rest, ":")
		return words("решение: %s", strings.Trim(who+", "+strings.TrimSpace(why), ", ")), nil
	case by == "answer": // answer:supplier:reason
		code, _, _ := strings.Cut(rest, ":")
		return words("ответ поставщика %s", code), nil
	case by == "meters": // meters:numbers
		return words("показания общедомового счётчика № %s", rest), nil
	case by == "person":
		who, why, _ := strings.Cut(rest, ":")
		return strings.Trim(who+", "+strings.TrimSpace(why), ", "), nil
	}
	return source, nil
}

// placeFormat is a place in a file, by what its places are counted in.
func placeFormat(unit string) string {
	switch unit {
	case "record":
		return "файл %s, запись %s"
	case "document":
		return "файл %s, документ %s"
	case "house":
		return "файл %s, дом %s"
	case "element":
		return "файл %s, элемент %s"
	}
	return "файл %s, строка %s"
}

// words are a source in Russian; the command line says it in other languages too.
func words(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// file is the supplier's file of a number; one that is not there is called by the number.
func (w *SourceWords) file(ctx context.Context, tx *db.Tx, number string) (f suppliersFile, err error) {
	if f, ok := w.files[number]; ok {
		return f, nil
	}
	id, err := strconv.ParseInt(number, 10, 64)
	if err == nil {
		err = tx.QueryRowContext(ctx, "SELECT name, unit FROM v_intake_file WHERE file_id = $1", id).Scan(&f.name, &f.unit)
	}
	if errors.Is(err, strconv.ErrSyntax) || errors.Is(err, sql.ErrNoRows) {
		f, err = suppliersFile{words("поставщика № %s", number), "record"}, nil
	}
	if err != nil {
		return f, fmt.Errorf("file %s: %w", number, db.Fold(err))
	}
	if w.files == nil {
		w.files = map[string]suppliersFile{}
	}
	w.files[number] = f
	return f, nil
}

// cutLast parts what stands before the last colon from what stands after it.
func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// FileSource is the source of a fact that a record of a supplier's file brought.
func FileSource(file, record int64) string { return fmt.Sprintf("file:%d:%d", file, record) }
