package register

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"kvit/internal/exchange/dbf"
	"kvit/internal/exchange/delim"
	"kvit/internal/money"
)

func TestMemoryStaysBoundedWhateverTheSize(t *testing.T) {
	line := []byte(goodLine)
	const rows = 400_000
	f := File{Name: "big.csv", Data: repeated{line, rows}, Size: int64(len(line)) * rows}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	peak := uint64(0)
	sum, err := Read(context.Background(), f, csvProfile(), Options{}, func(r *Row) error {
		if r.Pos%100_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&after)
			peak = max(peak, after.HeapAlloc)
		}
		return nil
	})
	if err != nil || sum.Rows != rows || sum.Sums.Due != 12055*rows {
		t.Fatal(sum.Rows, sum.Sums.Due, err)
	}
	if peak > before.HeapAlloc+16<<20 {
		t.Errorf("heap grew from %d to %d", before.HeapAlloc, peak)
	}
}

// repeated is a line over and over.
type repeated struct {
	line []byte
	n    int64
}

func (r repeated) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) && at < r.n*int64(len(r.line)) {
		c := copy(p[n:], r.line[at%int64(len(r.line)):])
		n, at = n+c, at+int64(c)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func TestTooManyRowsAreRefused(t *testing.T) {
	_, err := Read(context.Background(), bytesFile("f", []byte(strings.Repeat(goodLine, 5))), csvProfile(), Options{MaxRows: 4}, func(*Row) error { return nil })
	wantCode(t, err, "file.too_many_rows")
	if MaxRows != delim.MaxRows {
		t.Error("limits differ")
	}
}

func TestReadingStopsWhenTheContextDoes(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	rows := 0
	_, err := Read(ctx, bytesFile("f", []byte(strings.Repeat(goodLine, 5000))), csvProfile(), Options{}, func(*Row) error {
		rows++
		cancel()
		return nil
	})
	if err == nil || rows > 1024 {
		t.Error(rows, err)
	}
}

func makeTable(n int) []byte {
	var b bytes.Buffer
	w, err := dbf.NewWriter(&b, []dbf.Field{{Name: "LS", Type: 'C', Length: 10}, {Name: "SUMMA", Type: 'N', Length: 12, Decimals: 2}}, n, dbf.LanguageCP866, testDay)
	if err != nil {
		panic(err)
	}
	for range n {
		if err := w.Append([][]byte{[]byte("100001"), []byte("120.55")}); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestTableWithAWrongRecordCountIsReadToItsEnd(t *testing.T) {
	b := makeTable(5)
	for _, count := range []uint32{0, 3, 9} {
		binary.LittleEndian.PutUint32(b[4:], count)
		sum, _, err := readBytes(dbfProfile(), b)
		if err != nil || sum.Rows != 5 || len(sum.Notes) != 1 || sum.Notes[0].Code != "dbf.record_count" {
			t.Errorf("count %d: %+v %v", count, sum, err)
		}
	}
}

func workbook(rows int) []byte {
	var b bytes.Buffer
	l := Layout{Kind: KindXLSX, Money: RubDot, Columns: []LayoutColumn{{Role: "account", Name: "ЛС"}, {Role: "due", Name: "К оплате"}}}
	list := make([]Row, rows)
	for i := range list {
		list[i] = Row{Account: "100001", Due: money.Amount(12055)}
	}
	if err := Write(&b, l, list, Info{}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func archive(name string, body []byte) []byte { return archiveOf(map[string][]byte{name: body}) }

func archiveOf(files map[string][]byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range files {
		w, err := z.Create(name)
		if err != nil {
			panic(err)
		}
		w.Write(body)
	}
	z.Close()
	return b.Bytes()
}

func manyFiles(n int) map[string][]byte {
	files := map[string][]byte{}
	for i := range n {
		files[fmt.Sprintf("%d.csv", i)] = nil
	}
	return files
}
