package housing

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Building is a house of the register (МКД, жилой дом).
type Building struct {
	ID         int64
	Code       string // as the register names it
	GUID       string // ФИАС
	Postcode   string
	Locality   string
	StreetType string
	Street     string
	Alias      string // former or other name of the street
	House      string
	Letter     string
	Korp       string
	Year       int
	Floors     int
	Flats      int
	Cadastral  string
	Kind       string // mkd, private
}

// Private tells a house for one family, whose premises have no number.
func (b *Building) Private() bool { return b.Kind == "private" }

// Address is the house as people write it: «ул. Ленина, 12а, корп. 1».
func (b *Building) Address() string {
	var parts []string
	if b.Locality != "" {
		parts = append(parts, b.Locality)
	}
	switch {
	case b.Street == "": // a village without streets
	case b.StreetType == "ул" || b.StreetType == "пер" || b.StreetType == "пл" || b.StreetType == "ш":
		parts = append(parts, b.StreetType+". "+b.Street)
	default:
		parts = append(parts, strings.TrimSpace(b.StreetType+" "+b.Street))
	}
	parts = append(parts, b.House+b.Letter)
	switch {
	case strings.ContainsAny(b.Korp, ". "): // «стр. 2», «лит. А»
		parts = append(parts, b.Korp)
	case b.Korp != "":
		parts = append(parts, "корп. "+b.Korp)
	}
	return strings.Join(parts, ", ")
}

// Premises is an address with flat and room. Flats that begin with «н» are for no one to live in.
func Premises(address, flat, room string) string {
	if number, nonliving := strings.CutPrefix(flat, "н"); nonliving {
		address += ", пом. Н-" + number
	} else if flat != "" {
		address += ", кв. " + flat
	}
	if room != "" {
		address += ", ком. " + room
	}
	return address
}

// Module holds the operations on the house register.
type Module struct {
	db  *db.DB
	now func() calendar.Micros

	mu   sync.Mutex
	last shelf
}

// New makes the module.
func New(d *db.DB, now func() calendar.Micros) *Module { return &Module{db: d, now: now} }

// LoadResult counts what a load did.
type LoadResult struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
}

// Load reads a house register (CSV with the header house_id, guid, postcode, locality, street_type, street,
// street_alias, house, letter, korp, year, floors, flats, cadastral, kind; columns in any order). New houses are
// added, known ones changed. Nothing is stored unless the whole file is right; an error names its line.
func (m *Module) Load(ctx context.Context, r io.Reader, name string) (res LoadResult, err error) {
	list, err := readHouses(r, name)
	if err != nil {
		return res, err
	}
	first, err := m.db.NextIDs(ctx, max(1, len(list)))
	if err != nil {
		return res, err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		res, err = m.save(ctx, tx, list, first)
		return err
	})
	return res, err
}

func (m *Module) save(ctx context.Context, tx *db.Tx, list []Building, next int64) (res LoadResult, err error) {
	known := map[string]int64{}
	rows, err := tx.QueryContext(ctx, "SELECT code, building_id FROM building")
	if err != nil {
		return res, err
	}
	defer rows.Close()
	for rows.Next() {
		var code string
		var id int64
		if err := rows.Scan(&code, &id); err != nil {
			return res, err
		}
		known[code] = id
	}
	if err := rows.Err(); err != nil {
		return res, err
	}
	var fresh []Building
	for i := range list {
		b := &list[i]
		if b.ID = known[b.Code]; b.ID == 0 {
			b.ID = next
			next++
			fresh = append(fresh, *b)
			continue
		}
		if err := update(ctx, tx, b, m.now()); err != nil {
			return res, err
		}
		res.Changed++
	}
	res.Added = len(fresh)
	return res, insertBuildings(ctx, tx, fresh, m.now())
}

const columns = "building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind"

func (b *Building) values() []any {
	return []any{b.ID, b.Code, b.GUID, b.Postcode, b.Locality, b.StreetType, b.Street, b.Alias, b.House, b.Letter, b.Korp,
		int64(b.Year), int64(b.Floors), int64(b.Flats), b.Cadastral, b.Kind}
}

func update(ctx context.Context, tx *db.Tx, b *Building, at calendar.Micros) error {
	_, err := tx.ExecContext(ctx, `UPDATE building SET code = $2, guid = $3, postcode = $4, locality = $5, street_type = $6, street = $7, street_alias = $8, house = $9,
		letter = $10, korp = $11, year = $12, floors = $13, flats = $14, cadastral = $15, kind = $16, search_key = $17, recorded_at = $18 WHERE building_id = $1`,
		append(b.values(), SearchKey(b.Address()+" "+b.Alias), int64(at))...)
	return err
}

func scanBuilding(scan func(...any) error) (b Building, err error) {
	err = scan(&b.ID, &b.Code, &b.GUID, &b.Postcode, &b.Locality, &b.StreetType, &b.Street, &b.Alias, &b.House, &b.Letter, &b.Korp,
		&b.Year, &b.Floors, &b.Flats, &b.Cadastral, &b.Kind)
	return b, db.Fold(err)
}

// FindBuilding gives a house by id, or NotFound.
func FindBuilding(ctx context.Context, tx *db.Tx, id int64) (Building, error) {
	return scanBuilding(tx.QueryRowContext(ctx, "SELECT "+columns+" FROM building WHERE building_id = $1", id).Scan)
}

// FindByCode gives a house by its code in the register, or NotFound.
func FindByCode(ctx context.Context, tx *db.Tx, code string) (Building, error) {
	b, err := scanBuilding(tx.QueryRowContext(ctx, "SELECT "+columns+" FROM building WHERE code = $1", code).Scan)
	if fault.Is(err, fault.NotFound) {
		return b, fault.Newf(fault.NotFound, "house.unknown", "Дома с кодом %s в реестре нет.", code).WithField("house")
	}
	return b, err
}

// ListBuildings gives all houses by id.
func ListBuildings(ctx context.Context, tx *db.Tx) ([]Building, error) {
	return listBuildings(ctx, tx, " ORDER BY building_id")
}

// SearchBuildings finds houses whose address holds the words, at most limit.
func SearchBuildings(ctx context.Context, tx *db.Tx, text string, limit int) ([]Building, error) {
	return listBuildings(ctx, tx, " WHERE search_key LIKE $1 ORDER BY search_key LIMIT $2", "%"+strings.ReplaceAll(SearchKey(text), " ", "%")+"%", limit)
}

func listBuildings(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Building, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+columns+" FROM building"+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list buildings: %w", err)
	}
	defer rows.Close()
	var list []Building
	for rows.Next() {
		b, err := scanBuilding(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, rows.Err()
}

// SearchKey folds text for search: small letters, ё as е, everything else a single space.
func SearchKey(s string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToLower(s) {
		if r == 'ё' {
			r = 'е'
		}
		if (r >= 'а' && r <= 'я') || (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteRune(r)
			space = false
			continue
		}
		space = true
	}
	return b.String()
}

// needed are the columns a register cannot do without.
var needed = []string{"house_id", "street", "house"}

// readHouses reads the whole register: a city has some thousand houses.
func readHouses(r io.Reader, name string) ([]Building, error) {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	in.FieldsPerRecord = -1
	head, err := in.Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fault.Newf(fault.Invalid, "houses.csv", "Это не CSV: нужна строка заголовка с полями %s.", strings.Join(needed, ", ")).At(fault.Place{File: name, Pos: 1, Unit: "line"}).Because(err)
	}
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "houses.empty", "Файл домов пуст: нужна строка заголовка с полями %s.", strings.Join(needed, ", ")).At(fault.Place{File: name, Pos: 1, Unit: "line"})
	}
	at := map[string]int{}
	for i, h := range head {
		at[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))] = i
	}
	for _, n := range needed {
		if _, ok := at[n]; !ok {
			return nil, fault.Newf(fault.Invalid, "houses.column", "В файле домов нет столбца %s.", n).At(fault.Place{File: name, Pos: 1, Unit: "line"})
		}
	}
	var list []Building
	seen := map[string]bool{}
	for {
		rec, err := in.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		line, _ := in.FieldPos(0)
		place := fault.Place{File: name, Pos: line, Unit: "line"}
		if err != nil {
			return nil, fault.New(fault.Invalid, "houses.csv", "Строка не разобрана: проверьте кавычки и запятые.").At(place).Because(err)
		}
		b, err := house(rec, at)
		if err != nil {
			return nil, fault.New(fault.Invalid, "houses.row", err.Error()).At(place)
		}
		if seen[b.Code] {
			return nil, fault.Newf(fault.Invalid, "houses.twice", "Дом %s записан дважды. Оставьте одну строку.", b.Code).At(place)
		}
		seen[b.Code] = true
		list = append(list, b)
	}
}

func house(rec []string, at map[string]int) (b Building, err error) {
	text := func(name string) string {
		if i, ok := at[name]; ok && i < len(rec) {
			return strings.Clone(strings.TrimSpace(rec[i]))
		}
		return ""
	}
	number := func(name string) int {
		s := text(name)
		if s == "" {
			return 0
		}
		n, e := strconv.Atoi(s)
		if e != nil || n < 0 {
			err = fmt.Errorf("в столбце %s ожидается целое число, а стоит %q", name, s)
		}
		return n
	}
	b = Building{Code: text("house_id"), GUID: text("guid"), Postcode: text("postcode"), Locality: text("locality"), StreetType: text("street_type"),
		Street: text("street"), Alias: text("street_alias"), House: text("house"), Letter: text("letter"), Korp: text("korp"),
		Year: number("year"), Floors: number("floors"), Flats: number("flats"), Cadastral: text("cadastral"), Kind: text("kind")}
	if err == nil && (b.Code == "" || b.House == "") {
		err = errors.New("у дома должны быть код house_id и номер house")
	}
	return b, err
}

// Register is the index of all houses by address.
func (m *Module) Register(ctx context.Context) (*Register, error) {
	var list []Building
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = ListBuildings(ctx, tx)
		return err
	})
	return NewRegister(list), err
}
