// Package onec reads text of «key=value» lines in sections, as 1C programs exchange it: 1CClientBankExchange
// statements and their relatives with other section keys.
//
// Owns: cutting a file into its header and its documents, repeated keys, files cut short. Does not own: code
// pages (keys are compared as bytes in the file's own encoding) and meaning of keys; unknown keys are kept.
//
// Format: formats.md 3.7.
package onec

import (
	"bytes"
	"io"
	"slices"

	"kvit/internal/exchange/delim"
	"kvit/internal/fault"
)

// Bounds of a document and of what stands outside documents.
const (
	MaxDocument = 1 << 20
	MaxKeys     = 2000
)

// Layout names the keys that open and close a document, in the encoding of the file, and the words 1C begins
// and ends other sections with.
type Layout struct {
	DocStart, DocEnd []byte
	Section          []byte   // «Секция»
	End              []byte   // «Конец»
	FileEnd          []byte   // «КонецФайла»
	OtherEnds        [][]byte // the same in encodings that programs append it in by mistake
}

// Pair is one line of a document.
type Pair struct {
	Key, Value []byte
}

// Reader streams documents. What Pairs gives is good until the next document.
type Reader struct {
	lines    *delim.Lines
	layout   Layout
	pos      int
	line     int
	kind     []byte
	arena    []byte
	spans    []pairSpan
	pairs    []Pair
	outside  []Pair
	section  []byte // other section that is open
	pending  []byte // kind of a document whose start ended the one before
	waiting  bool
	unclosed int
	ended    bool
	inside   []Pair

	// OnSection is told of each other section when it ends, OnHeader of each line outside all sections. Both may be nil.
	OnSection func(name []byte, pairs []Pair)
	OnHeader  func(Pair)
}

type pairSpan struct{ key, value, end int }

// NewReader reads documents from r.
func NewReader(r io.Reader, l Layout) *Reader {
	return &Reader{lines: delim.NewLines(r), layout: l}
}

// Pos is the ordinal of the current document, from one.
func (r *Reader) Pos() int { return r.pos }

// Line is the number of the line where the current document begins.
func (r *Reader) Line() int { return r.line }

// Kind is the value of the key that opened the document.
func (r *Reader) Kind() []byte { return r.kind }

// Pairs are the lines of the current document in their order.
func (r *Reader) Pairs() []Pair { return r.pairs }

// Outside are the lines outside documents read so far, headers of other sections included.
func (r *Reader) Outside() []Pair { return r.outside }

// Unclosed is how many documents had no end of their own.
func (r *Reader) Unclosed() int { return r.unclosed }

// Ended tells whether the file's own end mark was read.
func (r *Reader) Ended() bool { return r.ended }

// Next moves to the following document; io.EOF behind the last. A file that stops inside a section without its
// end mark is cut short.
func (r *Reader) Next() error {
	r.reset()
	open := false
	if r.waiting {
		r.begin(r.pending)
		r.waiting, open = false, true
	}
	for {
		line, err := r.lines.Next()
		if err == io.EOF {
			return r.finish(open)
		}
		if err != nil {
			return err
		}
		key, value, _ := bytes.Cut(line, []byte{'='})
		key = bytes.TrimSpace(key)
		switch {
		case len(key) == 0:
		case bytes.Equal(key, r.layout.DocStart):
			if open {
				r.unclosed++
				r.pending, r.waiting = append(r.pending[:0], bytes.TrimSpace(value)...), true
				r.settle()
				return nil
			}
			r.begin(value)
			open = true
		case bytes.Equal(key, r.layout.DocEnd) && open:
			r.settle()
			return nil
		case r.endOfFile(key):
			r.ended = true
			if open {
				r.unclosed++
				r.settle()
				return nil
			}
		case open:
			if err := r.add(key, value); err != nil {
				return err
			}
		default:
			r.addOutside(key, value)
		}
	}
}

func (r *Reader) endOfFile(key []byte) bool {
	return bytes.Equal(key, r.layout.FileEnd) || slices.ContainsFunc(r.layout.OtherEnds, func(end []byte) bool { return bytes.Equal(key, end) })
}

func (r *Reader) reset() {
	r.arena, r.spans, r.pairs = r.arena[:0], r.spans[:0], r.pairs[:0]
}

func (r *Reader) begin(kind []byte) {
	r.pos++
	r.line = r.lines.Pos()
	r.section = r.section[:0]
	r.kind = append(r.kind[:0], bytes.TrimSpace(kind)...)
}

// settle makes pairs of the spans once the arena no longer moves.
func (r *Reader) settle() {
	r.pairs = r.pairs[:0]
	for _, s := range r.spans {
		r.pairs = append(r.pairs, Pair{r.arena[s.key:s.value:s.value], r.arena[s.value:s.end:s.end]})
	}
}

func (r *Reader) finish(open bool) error {
	if (open || len(r.section) > 0) && !r.ended {
		return fault.New(fault.Invalid, "file.truncated", "Файл обрывается внутри раздела: нет его конца. Передайте файл ещё раз.").
			At(fault.Place{Pos: r.pos, Unit: "document"})
	}
	return io.EOF
}

func (r *Reader) add(key, value []byte) error {
	value = bytes.TrimSpace(value)
	if len(r.spans) >= MaxKeys || len(r.arena)+len(key)+len(value) > MaxDocument {
		return fault.New(fault.Invalid, "file.record_too_long", "Документ длиннее 1 МБ или в нём больше 2000 строк. Проверьте, что документы закрыты.").
			At(fault.Place{Pos: r.pos, Unit: "document"})
	}
	s := pairSpan{key: len(r.arena)}
	r.arena = append(r.arena, key...)
	s.value = len(r.arena)
	r.arena = append(r.arena, value...)
	s.end = len(r.arena)
	r.spans = append(r.spans, s)
	return nil
}

// addOutside keeps a line outside documents and follows other sections. The latest lines win when there are
// too many: totals stand at the end.
func (r *Reader) addOutside(key, value []byte) {
	p := Pair{bytes.Clone(key), bytes.Clone(bytes.TrimSpace(value))}
	r.follow(p)
	if len(r.outside) >= MaxKeys {
		copy(r.outside[MaxKeys/2:], r.outside[MaxKeys/2+1:])
		r.outside[MaxKeys-1] = p
		return
	}
	r.outside = append(r.outside, p)
}

func (r *Reader) follow(p Pair) {
	name, opens := bytes.CutPrefix(p.Key, r.layout.Section)
	if opens && len(r.layout.Section) > 0 {
		r.section, r.inside = append(r.section[:0], name...), r.inside[:0]
		return
	}
	if name, ends := bytes.CutPrefix(p.Key, r.layout.End); ends && len(r.section) > 0 && bytes.Equal(name, r.section) {
		if r.OnSection != nil {
			r.OnSection(r.section, r.inside)
		}
		r.section = r.section[:0]
		return
	}
	switch {
	case len(r.section) == 0 && r.OnHeader != nil:
		r.OnHeader(p)
	case len(r.section) > 0 && len(r.inside) < MaxKeys:
		r.inside = append(r.inside, p)
	}
}
