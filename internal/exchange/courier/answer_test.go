package courier

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/exchange/remote"
	"kvit/internal/fault"
)

// made makes a file of payments of the given operations.
func (o *office) made(operations ...string) {
	o.t.Helper()
	for i, op := range operations {
		o.pay(op, int64(100*(i+1)))
	}
	o.clock = o.clock.Add(time.Hour)
	if done := o.run(true); done.Made != 1 || done.Sent != 1 {
		o.t.Fatalf("%+v", done)
	}
}

// told puts an answer into the folder and has it read.
func (o *office) told(name, text string) {
	o.t.Helper()
	o.answers("answers/"+name, text)
	o.clock = o.clock.Add(time.Hour)
	if done := o.run(true); done.Answers != 1 || done.Failed != 0 {
		o.t.Fatalf("%s: %+v", name, done)
	}
}

// refused are the refused rows of a file that were not given again, with their reasons.
func (o *office) refused(number int64) (rows []string) {
	o.t.Helper()
	f := o.file(number)
	list, err := o.m.Refusals(context.Background(), &f)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, r := range list {
		rows = append(rows, fmt.Sprint(r.Row, " ", r.Reason))
	}
	return rows
}

// note is what was noted of an answer.
func (o *office) note(name string) (note string) {
	o.t.Helper()
	err := o.db.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRowContext(context.Background(), "SELECT note FROM courier_taken WHERE name = $1", name).Scan(&note)
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return note
}

// TestARowThatCannotBeReadIsNoVerdict: neither on its own row nor, least of all, on the whole file. A sign of the layout in
// the words of a reason does not break a row.
func TestARowThatCannotBeReadIsNoVerdict(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.load(payments)
		o.made("p1", "p2", "p3", "p4")
		o.told("23112026.ack", "p1;ОК\np2;17;нет; такого счёта\n"+strings.Repeat("x", 80)+";0;\np3;;\np4;Проведено;\nитого: 4;;\n")
		if f, got := o.file(1), o.refused(1); f.State != Partly || !slices.Equal(got, []string{"2 нет; такого счёта"}) {
			t.Errorf("%s, refused %q", f.State, got)
		}
		if note := o.note("23112026.ack"); !strings.Contains(note, "не разобрать: 3, первая из них – 3") {
			t.Errorf("noted %q", note)
		}
		if list, err := o.m.Statuses(context.Background(), o.supplier); err != nil || len(list) != 1 || len(list[0].Noted) != 1 || list[0].Noted[0].Name != "23112026.ack" || list[0].Noted[0].Kind != takenAnswer {
			t.Errorf("%+v, %v", list, err)
		}
		o.clean()
	})
}

// TestTheLaterAnswerHolds: a refusal that the supplier took back is no more, unless the row was given again meanwhile; a
// refusal with other words has the later ones.
func TestTheLaterAnswerHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.load(payments)
		o.made("p1", "p2", "p3")
		o.told("23112026.ack", "p1;1;счёт закрыт\np2;1;нет счёта\np3;1;нет счёта\n")
		if f := o.file(1); f.State != Refused {
			t.Errorf("all refused: %s", f.State)
		}
		o.told("23112026.ack", "p1;1;счёт закрыт\np2;0;\np3;1;другой поставщик\n")
		if f, got := o.file(1), o.refused(1); f.State != Partly || !slices.Equal(got, []string{"1 счёт закрыт", "3 другой поставщик"}) {
			t.Errorf("%s, refused %q", f.State, got)
		}
		if _, err := o.m.Resend(context.Background(), access.Actor{Role: access.System}, o.supplier, "payments", 1, true); err != nil {
			t.Fatal(err)
		}
		o.clock = o.clock.Add(time.Hour)
		o.run(true)
		o.told("23112026.ack", "p1;0;\np2;0;\np3;0;\n")
		if got := o.refused(1); len(got) != 2 {
			t.Errorf("rows given again were refused all the same: %q", got)
		}
		o.clean()
	})
}

// TestOneAnswerIsAboutManyFiles: a column names the file of each row, by its place in it; files sent long ago count.
func TestOneAnswerIsAboutManyFiles(t *testing.T) {
	o := newOffice(t, dbtest.One(t))
	o.load(strings.Replace(strings.Replace(payments, `'^(?P<name>.*)\.ack$'`, `'\.ack$'`, 1), "{operation: 0, status: 1, reason: 2}", "{file: 0, row: 1, status: 2, reason: 3}", 1))
	for i := range candidatesMax + 2 {
		o.made(fmt.Sprint("a", i), fmt.Sprint("b", i))
	}
	first, last := o.file(1), o.file(candidatesMax+2)
	o.told("all.ack", first.Name+";2;нет;закрыт\n"+last.Name+";1;нет;не наш\n"+last.Name+";2;да;\nчужой.csv;1;нет;\n")
	if a, b := o.refused(1), o.refused(last.Number); !slices.Equal(a, []string{"2 закрыт"}) || !slices.Equal(b, []string{"1 не наш"}) || len(o.refused(2)) > 0 {
		t.Errorf("refused %q and %q", a, b)
	}
	if note := o.note("all.ack"); !strings.Contains(note, "1 из 4") {
		t.Errorf("noted %q", note)
	}
	o.clean()
}

// TestAPlaceInNoFileSaysNothing: a number of a row is no verdict while nothing tells of which file it is, and a schedule
// that could never tell is refused.
func TestAPlaceInNoFileSaysNothing(t *testing.T) {
	o := newOffice(t, dbtest.One(t))
	const nameless = "supplier: voda\ncode: payments\nwhat: payments\nhours: [\"06:00\"]\nfolder: /x\nanswer: {profile: {kind: csv, delimiter: \";\", file_mask: '\\.ack$', columns: {row: 0, status: 1}}}\n"
	if _, err := Parse(strings.NewReader(nameless)); fault.CodeOf(err) != "courier.answer" {
		t.Errorf("rows of no file: %v", err)
	}
	o.load(strings.Replace(strings.Replace(payments, `'^(?P<name>.*)\.ack$'`, `'^(?:(?P<name>\d+)|other)\.ack$'`, 1), "{operation: 0, status: 1, reason: 2}", "{row: 0, status: 1, reason: 2}", 1))
	o.made("p1")
	o.made("p2")
	o.told("other.ack", "1;нет;\n")
	if len(o.refused(1))+len(o.refused(2)) != 0 || !strings.Contains(o.note("other.ack"), "1 из 1") {
		t.Errorf("refused %q %q, noted %q", o.refused(1), o.refused(2), o.note("other.ack"))
	}
}

// TestAnswersInTheirWrappings: in an archive; under the very name of our file, in the folder of answers; too large.
func TestAnswersInTheirWrappings(t *testing.T) {
	o := newOffice(t, dbtest.One(t))
	o.load(strings.Replace(payments, `'^(?P<name>.*)\.ack$'`, `'^(?P<name>.*)\.(ack|csv)$'`, 1))
	o.made("p1")
	o.made("p2")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("23112026.ack")
	if err == nil {
		_, err = io.WriteString(w, "p1;0;\n")
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	o.told("23112026.ack.zip", b.String())
	o.told(o.file(2).Name, "p2;0;\n")
	if a, b := o.file(1), o.file(2); a.State != Accepted || b.State != Accepted {
		t.Errorf("in an archive: %s; under our name: %s", a.State, b.State)
	}
}

// shelf is a folder of somebody else's, some of whose files misbehave.
type shelf struct {
	remote.Folder
	files  map[string]string
	broken map[string]error
}

func (s shelf) List(string) (list []remote.Entry, err error) {
	for name, text := range s.files {
		list = append(list, remote.Entry{Name: name, Size: int64(len(text))})
	}
	slices.SortFunc(list, func(a, b remote.Entry) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

func (s shelf) Get(name string, w io.Writer) error {
	if err := s.broken[name]; err != nil {
		return err
	}
	_, err := io.WriteString(w, s.files[name])
	return err
}

// TestOneFileDoesNotHoldUpAnother: one that may not be read is tried again and seen as trouble, one too large is noted once,
// one that has just been moved away is nobody's trouble; the others are taken.
func TestOneFileDoesNotHoldUpAnother(t *testing.T) {
	o := newOffice(t, dbtest.One(t))
	away := fault.New(fault.Unavailable, "remote.away", "Файл a на сервере не читается.")
	s := shelf{files: map[string]string{"a": "1", "b": "22", "c": strings.Repeat("3", 100), "d": "4444"}, broken: map[string]error{"a": away, "b": away.Because(fs.ErrNotExist)}}
	x := &exchange{Schedule: Schedule{Supplier: "voda", Code: "registers"}}
	x.supplier.ID = o.supplier
	var taken []string
	look := func() error {
		return o.m.each(context.Background(), x, s, place{kind: takenRegister, most: 50}, func(f *takenFile) error {
			taken = append(taken, f.Name)
			return nil
		})
	}
	if err := look(); fault.CodeOf(err) != "remote.away" || !slices.Equal(taken, []string{"d"}) {
		t.Errorf("taken %q, %v", taken, err)
	}
	if note := o.note("c"); !strings.Contains(note, "Файл больше") {
		t.Errorf("noted %q", note)
	}
	delete(s.broken, "a")
	if err := look(); err != nil || !slices.Equal(taken, []string{"d", "a"}) {
		t.Errorf("then %q, %v", taken, err)
	}
}
