package app

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/person"
	"kvit/internal/privacy"
)

// marks are what leads to the person of the test.
var marks = []string{"79001112233", "9001112233", "anna.mark@example.ru", "СЛОВА-МЕТКА", "ДАЧА-МЕТКА", "ФОТО-МЕТКА", "anna.mark"}

// found are the places where a mark is: columns of any table, files of the data folder.
func found(t *testing.T, d *db.DB, dir string) (places []string) {
	t.Helper()
	ctx := context.Background()
	tables := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
	if d.Dialect != db.SQLite {
		tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	err := d.Read(ctx, func(tx *db.Tx) error {
		places = nil
		var names []string
		rows, err := tx.QueryContext(ctx, tables)
		if err != nil {
			return err
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			names = append(names, name)
		}
		if err := rows.Close(); err != nil {
			return err
		}
		for _, name := range names {
			more, err := marksIn(ctx, tx, name)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			places = append(places, more...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{"blobs", "photos", "appeals", "exports"} {
		err := filepath.WalkDir(filepath.Join(dir, sub), func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // a copy has no files
			}
			if err != nil || e.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if marked(text) || sub == "exports" {
				places = append(places, sub)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return places
}

func marked(text []byte) bool {
	for _, m := range marks {
		if bytes.Contains(text, []byte(m)) {
			return true
		}
	}
	return false
}

func marksIn(ctx context.Context, tx *db.Tx, table string) (places []string, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		for i, v := range values {
			text, ok := v.([]byte)
			if !ok {
				text = fmt.Append(nil, v)
			}
			if marked(text) {
				places = append(places, table+"."+columns[i])
			}
		}
	}
	return places, rows.Err()
}

// markedPerson is a person who left something everywhere he can.
func markedPerson(t *testing.T, a *App) access.Actor {
	t.Helper()
	ctx := context.Background()
	id, _, err := a.People.ByContact(ctx, person.Phone, "+79001112233")
	if err == nil {
		err = a.People.AddContact(ctx, id, person.Email, "anna.mark@example.ru")
	}
	home := int64(0)
	if err == nil {
		home, err = a.People.AddHome(ctx, person.Home{PersonID: id, Building: 1, Household: 3, Role: person.Owner, Rights: access.AllRights, Proof: "code", Title: "ДАЧА-МЕТКА"})
	}
	if err != nil {
		t.Fatal(err)
	}
	actor := access.Actor{Role: access.Resident, UserID: id, BuildingID: 1, HouseholdID: 3, HomeID: home, Rights: access.AllRights}
	name := actor.String()
	digest, _, err := a.Appeals.Photos.Put(ctx, strings.NewReader("ФОТО-МЕТКА"), 100)
	if err != nil {
		t.Fatal(err)
	}
	err = a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		for _, row := range []string{
			strings.NewReplacer("'dispute', 3, 0,", fmt.Sprintf("'dispute', 3, %d,", id), "'other', ''", "'other', 'СЛОВА-МЕТКА'").Replace(appealed("withdrawn", 5, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")),
			"INSERT INTO appeal_route (number, client_key, building_id, appeal_id) VALUES ('100000005', 'k', 1, 5)",
			"INSERT INTO appeal_step (building_id, appeal_id, step_no, kind, words, side, actor, recorded_at) VALUES (1, 5, 1, 'withdrawn', 'СЛОВА-МЕТКА', 'resident', '', 1)",
			fmt.Sprintf("INSERT INTO appeal_photo (building_id, appeal_id, photo_no, digest, thumb, recorded_at) VALUES (1, 5, 1, '%s', '%s', 1)", digest, digest),
			fmt.Sprintf("INSERT INTO person_home (home_id, person_id, building_id, household_id, account_id, role, rights, valid_from, valid_to, proof, given_by, title, actor, added_at, closed_at) VALUES (900001, %d, 2, 4, 0, 'payer', 'p', 0, 0, 'code', 0, 'ДАЧА-МЕТКА', '%s', 1, 0)", id, name),
			fmt.Sprintf("INSERT INTO notice_order (order_id, client_key, topic, template, person_id, building_id, household_id, contact_kind, contact, words, ask, wave_id, not_before, not_after, created_at, planned_at) VALUES (900002, 'k', 'bill', 'bill', %d, 1, 3, '', '', '{\"сумма\":\"СЛОВА-МЕТКА\"}', '', 0, 0, 0, 1, 1)", id),
			fmt.Sprintf("INSERT INTO passkey (credential, person_id, handle, data, name, created_at, used_at) VALUES ('c', %d, 'h', '{}', 'ДАЧА-МЕТКА', 1, 1)", id),
			fmt.Sprintf(`INSERT INTO refund_request (client_key, request_id, public_id, building_id, household_id, kind, sum_kop, comment, state, attempt, answer_by, answer, actor, asked_at, agreed_by, agreed_at, decided_by, decided_at, changed_at)
				VALUES ('r', 1, 'p', 1, 3, 'other', 5, 'СЛОВА-МЕТКА', 'refused', 0, 20261124, '', '%s', 1, '', 0, '', 0, 1)`, name),
			"INSERT INTO fiscal_contact (public_id, contact, recorded_at) VALUES ('p', 'anna.mark@example.ru', 1), ('q', '+79001112233', 1)",
		} {
			if _, err := tx.ExecContext(ctx, row); err != nil {
				return fmt.Errorf("%w in %s", err, row)
			}
		}
		return nil
	})
	if err == nil {
		err = a.Privacy.Give(ctx, actor, privacy.Bots, "page")
	}
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// TestErasureLeavesNothing: export and erasure of a person; then his marks are nowhere in the database, the files and the log.
func TestErasureLeavesNothing(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, dir := context.Background(), t.TempDir()
		var log bytes.Buffer
		a, err := build(d, Settings{Data: dir, Log: slog.New(slog.NewJSONHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		actor := markedPerson(t, a)
		if err := a.Privacy.Ask(ctx, actor); err != nil {
			t.Fatal(err)
		}
		if err := a.Privacy.Work(ctx); err != nil {
			t.Fatal(err)
		}
		exported(t, a, actor)
		if len(found(t, d, dir)) < 8 {
			t.Fatalf("the marks are at %v only: the search is blind", found(t, d, dir))
		}
		if err := a.Privacy.Erase(ctx, actor, false); err == nil {
			t.Error("erased without a word")
		}
		for range 2 {
			if err := a.Privacy.Erase(ctx, actor, true); err != nil {
				t.Fatal(err)
			}
		}
		if left := found(t, d, dir); len(left) > 0 {
			t.Errorf("marks are left at %v", left)
		}
		if marked(log.Bytes()) {
			t.Error("marks are left in the log")
		}
		if list, err := a.Privacy.Consents(ctx, actor.UserID); err != nil || list[3].WithdrawnAt == 0 {
			t.Errorf("a consent of an erased person holds: %+v, %v", list, err)
		}
		r := checkOf(t, d)
		for _, b := range r.Invariants {
			if b.Count > 0 && strings.HasPrefix(b.ID, "I18.appeals") {
				t.Errorf("%+v", b)
			}
		}
	})
}

// exported fails the test unless the person's file holds what is his.
func exported(t *testing.T, a *App, actor access.Actor) {
	t.Helper()
	f, err := a.Privacy.Open(context.Background(), actor)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(z.File) != 2 {
		t.Fatalf("%v", err)
	}
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || !bytes.Contains(text, []byte("79001112233")) || !bytes.Contains(text, []byte("СЛОВА-МЕТКА")) {
			t.Errorf("%s lacks his own: %v", part.Name, err)
		}
	}
	if _, err := a.Privacy.Open(context.Background(), access.Actor{Role: access.Resident, UserID: actor.UserID + 1}); err == nil {
		t.Error("somebody else opens the export")
	}
}

// TestStaffViewsAreTold: every page of a home that staff open is kept and shown to the resident; more than 200 homes an hour is
// told in the audit log once.
func TestStaffViewsAreTold(t *testing.T) {
	inOrder(t)
	d := dbtest.SQLite(t)
	ctx := context.Background()
	a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	olga := access.Actor{Role: access.CentreOperator, Name: "olga"}
	for i := range privacy.LooksMost + 5 {
		if err := a.Privacy.Looked(ctx, olga, privacy.Look{Building: 1, Household: int64(i + 1), What: "карточка абонента", Why: "звонок"}); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := a.Privacy.LooksAt(ctx, 1, 3, 0, 10); err != nil || len(list) != 1 || list[0].Why != "звонок" || list[0].Actor != "centre_operator:olga" {
		t.Errorf("%+v, %v", list, err)
	}
	alarms := 0
	err = d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM audit_event WHERE action = 'privacy.mass_reading'").Scan(&alarms)
	})
	list, err2 := a.Privacy.Alarms(ctx, 0)
	if err != nil || err2 != nil || alarms < 1 || alarms > 2 || len(list) != alarms { // an hour may end in between
		t.Errorf("%d alarms, %d told, %v %v", alarms, len(list), err, err2)
	}
	if by, err := a.Privacy.LooksBy(ctx, olga.String(), 0, a.now(), 1000); err != nil || len(by) != privacy.LooksMost+5 {
		t.Errorf("a login touched %d homes, %v", len(by), err)
	}
}

// TestEveryPageOfAHomeIsWatched: each route of staff that leads to a home by its code keeps who looked.
func TestEveryPageOfAHomeIsWatched(t *testing.T) {
	inOrder(t)
	a, err := build(dbtest.SQLite(t), Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	site, err := a.site()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, r := range a.routes(site, nil).List() {
		if !strings.Contains(r.Pattern, "/account/{code}") && !strings.Contains(r.Pattern, "drafts/{code}") {
			continue
		}
		watched := false
		for _, l := range looked {
			watched = watched || strings.HasPrefix(r.Pattern, l.prefix)
		}
		if seen++; !watched || r.Handler == nil || r.Method == http.MethodDelete {
			t.Errorf("%s %s is not watched", r.Method, r.Pattern)
		}
	}
	if seen < 10 {
		t.Errorf("only %d pages of homes: the test looks at nothing", seen)
	}
}

// TestConsentsAreApart: each is given and taken back by itself, and holds at once.
func TestConsentsAreApart(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		id, err := a.People.Create(ctx)
		if err != nil {
			t.Fatal(err)
		}
		actor := access.Actor{Role: access.Resident, UserID: id}
		holds := func(c privacy.Consent) (held bool) {
			if err := d.Read(ctx, func(tx *db.Tx) (err error) { held, err = privacy.Allowed(ctx, tx, id, c); return err }); err != nil {
				t.Fatal(err)
			}
			return held
		}
		for range 2 {
			if err := a.Privacy.Give(ctx, actor, privacy.Messages, "page"); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if err := a.Privacy.Withdraw(ctx, actor, privacy.Messages); err != nil {
				t.Fatal(err)
			}
		}
		if holds(privacy.Messages) || !holds(privacy.Bots) {
			t.Error("a consent that was taken back holds, or took another with it")
		}
		if err := a.Privacy.Give(ctx, actor, "advertising", "page"); err == nil {
			t.Error("a consent nobody wrote a text for")
		}
		if err := a.Privacy.Give(ctx, access.Actor{Role: access.CentreOperator, Name: "olga", UserID: id}, privacy.Bots, "page"); err == nil {
			t.Error("somebody agrees in a resident's place")
		}
	})
}

// TestACopyShowsNobody: the same search over a copy made for others.
func TestACopyShowsNobody(t *testing.T) {
	inOrder(t)
	d := dbtest.SQLite(t)
	ctx, copied := context.Background(), filepath.Join(t.TempDir(), "copy")
	a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	markedPerson(t, a)
	for _, row := range household() {
		if _, err := d.Handle().ExecContext(ctx, row); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Handle().ExecContext(ctx, "UPDATE account_claim SET evidence = '{\"fio\":\"anna.mark\"}', printed = '79001112233', flat = 'ДАЧА-МЕТКА'"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Anonymise(ctx, copied); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(copied, "kvit.db"))
	if err != nil || marked(text) {
		t.Errorf("marks are left in the file of the copy: %v", err)
	}
	other, err := db.Open(ctx, db.Config{Path: filepath.Join(copied, "kvit.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if left := found(t, other, copied); len(left) > 0 {
		t.Errorf("marks are left at %v", left)
	}
	if len(found(t, d, t.TempDir())) == 0 {
		t.Error("the installation itself was changed")
	}
	if _, err := a.Anonymise(ctx, copied); err == nil {
		t.Error("a copy over a copy")
	}
}
