package reading

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"kvit/internal/exchange/charset"
)

// answerColumns are the names of columns of a file of answers, folded, by what they hold.
var answerColumns = map[string]string{
	"лс": "account", "лицевойсчет": "account", "account": "account", "счетчик": "meter", "№пу": "meter", "номерсчетчика": "meter", "meter": "meter", "услуга": "service", "service": "service",
	"зона": "zone", "тариф": "zone", "zone": "zone", "дата": "date", "date": "date", "ответ": "answer", "answer": "answer", "причина": "code", "code": "code", "пояснение": "note", "note": "note",
	"поставщик": "supplier", "supplier": "supplier",
}

// answerWords are answers as people write them.
var answerWords = map[string]string{"принято": Accepted, "да": Accepted, "accepted": Accepted, "1": Accepted, "отклонено": Declined, "непринято": Declined, "нет": Declined, "declined": Declined, "0": Declined}

// ParseAnswers reads a file of answers: a JSON list, or a text with a header «ЛС;счётчик;дата;ответ;причина;пояснение».
// Accounts without a supplier are the given one's.
func ParseAnswers(text []byte, supplierCode string) (list []AnswerEntry, err error) {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		if err := json.Unmarshal(text, &list); err != nil {
			return nil, invalid("reading.json", "Тело – не список ответов JSON.").Because(err)
		}
	} else if list, err = answerRows(text); err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Supplier == "" {
			list[i].Supplier = supplierCode
		}
	}
	return list, nil
}

func answerRows(text []byte) (list []AnswerEntry, err error) {
	guess := charset.Detect(text, true)
	plain := strings.TrimPrefix(guess.Encoding.Text(text[guess.Mark:]), "\ufeff")
	in := csv.NewReader(strings.NewReader(plain))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = separatorOf(plain), -1, true
	var column map[string]int
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, invalid("reading.answers_file", "Файл ответов не разобран: кавычки не закрыты или колонки сбились.").Because(err)
		}
		line, _ := in.FieldPos(0)
		if column == nil {
			if column = answerHeader(cells); column["account"] == 0 && column["answer"] == 0 {
				return nil, invalid("reading.answers_file", "В файле ответов нет колонок «ЛС» и «ответ». Пример: ЛС;счётчик;дата;ответ;причина.")
			}
			continue
		}
		at := func(key string) string {
			if i := column[key]; i > 0 && i <= len(cells) {
				return strings.TrimSpace(cells[i-1])
			}
			return ""
		}
		e := AnswerEntry{Supplier: at("supplier"), Account: at("account"), Meter: at("meter"), Service: at("service"), Zone: at("zone"), Date: at("date"), Answer: at("answer"), Code: at("code"), Note: at("note"), Line: line}
		if word, ok := answerWords[foldColumn(e.Answer)]; ok {
			e.Answer = word
		}
		list = append(list, e)
	}
}

// answerHeader finds columns by their names: places from one, so that none is zero.
func answerHeader(cells []string) map[string]int {
	column := map[string]int{}
	for i, c := range cells {
		if key := answerColumns[foldColumn(c)]; key != "" && column[key] == 0 {
			column[key] = i + 1
		}
	}
	return column
}

// foldColumn writes the name of a column as everybody's.
func foldColumn(s string) string {
	return strings.NewReplacer(" ", "", "ё", "е", ".", "", "\u00a0", "", "_", "").Replace(strings.ToLower(strings.TrimSpace(s)))
}
