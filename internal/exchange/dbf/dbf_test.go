package dbf

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kvit/internal/fault"
)

var day = time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC)

func TestWhatIsWrittenReadsBack(t *testing.T) {
	fields := []Field{{Name: "LS", Type: 'C', Length: 12}, {Name: "SUMMA", Type: 'N', Length: 10, Decimals: 2}, {Name: "DATA", Type: 'D', Length: 8}}
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [3]string {
			return [3]string{rapid.StringMatching(`([A-Z0-9]([A-Z0-9 ]{0,10}[A-Z0-9])?)?`).Draw(t, "ls"), rapid.StringMatching(`-?[0-9]{1,6}\.[0-9]{2}`).Draw(t, "sum"), "20261031"}
		}), 0, 20).Draw(t, "records")
		var b bytes.Buffer
		w, err := NewWriter(&b, fields, len(want), LanguageCP866, day)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range want {
			if err := w.Append([][]byte{[]byte(r[0]), []byte(r[1]), []byte(r[2])}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		d, err := NewReader(&b, nil)
		if err != nil || d.Encoding() != "cp866" {
			t.Fatal(err)
		}
		for i, r := range want {
			if err := d.Next(); err != nil {
				t.Fatal(i, err)
			}
			if got := [3]string{string(d.Value(0)), string(d.Value(1)), string(d.Value(2))}; got != r {
				t.Fatalf("%q, want %q", got, r)
			}
		}
		if err := d.Next(); err != io.EOF {
			t.Fatal(err)
		}
	})
}

func TestAValueWiderThanItsColumnIsNeverCut(t *testing.T) {
	w, err := NewWriter(io.Discard, []Field{{Name: "S", Type: 'N', Length: 4}}, 1, LanguageCP866, day)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Append([][]byte{[]byte("12345")}); fault.CodeOf(err) != "dbf.too_wide" {
		t.Error(err)
	}
	if _, err := NewWriter(io.Discard, []Field{{Name: "СУММА", Type: 'N', Length: 4}}, 1, LanguageCP866, day); fault.CodeOf(err) != "dbf.field" {
		t.Error(err)
	}
	if err := w.Close(); fault.KindOf(err) != fault.Internal {
		t.Error("a missing record went unnoticed")
	}
}

// foxTable is a Visual FoxPro table of one record with a field of each binary type.
func foxTable() []byte {
	var rec bytes.Buffer
	rec.WriteByte(' ')
	binary.Write(&rec, binary.LittleEndian, int32(-77))
	binary.Write(&rec, binary.LittleEndian, math.Float64bits(12.5))
	binary.Write(&rec, binary.LittleEndian, int64(-123456))
	binary.Write(&rec, binary.LittleEndian, int32(2440588+20000))
	binary.Write(&rec, binary.LittleEndian, int32(3_600_000))
	binary.Write(&rec, binary.LittleEndian, int32(2))
	rec.WriteString("T****")
	types := []struct {
		kind byte
		size byte
	}{{'I', 4}, {'B', 8}, {'Y', 8}, {'T', 8}, {'M', 4}, {'L', 1}, {'N', 4}}
	size := 32 + 32*len(types) + 1 + 263
	h := make([]byte, size)
	h[0] = 0x30
	binary.LittleEndian.PutUint32(h[4:], 1)
	binary.LittleEndian.PutUint16(h[8:], uint16(size))
	binary.LittleEndian.PutUint16(h[10:], uint16(rec.Len()))
	h[29] = 0xc9
	for i, f := range types {
		copy(h[32+32*i:], string(rune('A'+i)))
		h[32+32*i+11], h[32+32*i+16] = f.kind, f.size
	}
	h[32+32*len(types)] = terminator
	return append(h, rec.Bytes()...)
}

func TestFoxProTypesAndMemo(t *testing.T) {
	memo := make([]byte, 512)
	binary.BigEndian.PutUint16(memo[6:], 64)
	copy(memo[128:], "\x00\x00\x00\x01\x00\x00\x00\x05hello")
	d, err := NewReader(bytes.NewReader(foxTable()), bytes.NewReader(memo))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Next(); err != nil || d.Encoding() != "cp1251" {
		t.Fatal(err)
	}
	for i, want := range []string{"-77", "12.5", "-12.3456", "2024-10-04 01:00:00", "hello", "T", "****"} {
		if got := string(d.Value(i)); got != want {
			t.Errorf("field %d: %q, want %q", i, got, want)
		}
	}
	without, err := NewReader(bytes.NewReader(foxTable()), nil)
	if err != nil || without.Next() != nil || without.Value(4) != nil {
		t.Error("a missing memo file must not stop reading")
	}
}

func TestDeletedRecordsAreSkippedAndCounted(t *testing.T) {
	var b bytes.Buffer
	w, _ := NewWriter(&b, []Field{{Name: "A", Type: 'C', Length: 1}}, 3, LanguageCP1251, day)
	for _, v := range []string{"1", "2", "3"} {
		w.Append([][]byte{[]byte(v)})
	}
	w.Close()
	raw := b.Bytes()
	raw[len(raw)-1-4] = '*' // the mark of the second record
	d, err := NewReader(bytes.NewReader(raw), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for d.Next() == nil {
		got = append(got, d.Pos())
	}
	if len(got) != 2 || got[1] != 3 || d.Deleted() != 1 {
		t.Errorf("%v, %d deleted", got, d.Deleted())
	}
}

func FuzzReader(f *testing.F) {
	f.Add(foxTable())
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := NewReader(bytes.NewReader(b), bytes.NewReader(b))
		if err != nil {
			return
		}
		d.Sample()
		for d.Next() == nil {
			for i := range d.Fields {
				d.Value(i)
			}
		}
	})
}
