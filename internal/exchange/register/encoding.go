package register

import (
	"kvit/internal/exchange/charset"
)

// sure is the confidence from which the letters of a file are believed rather than what is said about it.
const sure = 0.999

// settleEncoding decides in which encoding a file is read: its mark, then what its bytes can only be, then what
// the profile or the file itself declares.
func settleEncoding(g charset.Guess, declared string) (charset.Encoding, Encoding, []Note) {
	found := Encoding{Name: g.Encoding.String(), Evidence: g.Evidence, Declared: declared, Confidence: g.Confidence}
	want, known := charset.Parse(declared)
	if declared == "" || declared == "auto" || !known || want == g.Encoding {
		return g.Encoding, found, nil
	}
	if believe(g, want) {
		return g.Encoding, found, []Note{{Code: "file.encoding_differs", Text: "Кодировка файла — " + g.Encoding.String() + ", а объявлена " + declared + ". Файл прочитан по содержимому."}}
	}
	found.Name, found.Evidence = want.String(), "так указано в профиле или в самом файле"
	return want, found, nil
}

// believe tells whether the bytes overrule the declaration.
func believe(g charset.Guess, want charset.Encoding) bool {
	wide := func(e charset.Encoding) bool { return e == charset.UTF16LE || e == charset.UTF16BE }
	switch {
	case g.Mark > 0 || wide(want) || wide(g.Encoding):
		return true
	case g.Encoding == charset.UTF8:
		return g.Confidence >= .99
	case want == charset.UTF8:
		return true // these bytes are not UTF-8, whatever is said
	}
	return g.Confidence > sure
}

// detect judges the encoding of an input and takes the mark off its stream.
func (in *input) detect(declared string) (charset.Encoding, Encoding, []Note) {
	head, whole := in.sample()
	g := charset.Detect(head, whole)
	if g.Confidence <= .5 && g.Mark == 0 && !whole {
		if far := in.farSample(int64(len(head))); len(far) > 0 {
			g = charset.Detect(far, false)
		}
	}
	if g.Mark > 0 {
		in.stream.Discard(g.Mark)
	}
	return settleEncoding(g, declared)
}
