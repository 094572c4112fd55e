package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/housing"
	"kvit/internal/match"
)

// Hint is an account the money may be for, and why: reasons, the surest first.
type Hint struct {
	Supplier string `json:"supplier"`
	Number   string `json:"account"`
	Why      string `json:"why"`
	weight   int
}

// Reasons of hints, and how much each says.
var reasons = map[string]int{hintOld: 9, hintELS: 9, hintAddress: 6, hintName: 5, hintNumber: 4, hintSum: 3}

// Reasons of hints.
const (
	hintOld     = "номер стоял в прежних квитанциях"
	hintELS     = "это единый лицевой счёт (ЕЛС)"
	hintAddress = "адрес совпадает"
	hintName    = "имя плательщика совпадает"
	hintNumber  = "номер отличается одним знаком"
	hintSum     = "к оплате ровно столько"
)

// Bounds of hints: how many of one payment are shown, and how many accounts are looked at for one reason.
const (
	hintsMax = 8
	looked   = 500
)

// hinting gathers the accounts that unidentified money may be for.
type hinting struct {
	ctx  context.Context //nolint:containedctx // it lives no longer than the call it serves
	tx   *db.Tx
	u    *Unknown
	list []Hint
}

// hints are the accounts that the number, the name, the address or the sum of unidentified money speak for: the more of
// them speak for one, the earlier it stands.
func (m *Module) hints(ctx context.Context, tx *db.Tx, u *Unknown) ([]Hint, error) {
	h := &hinting{ctx: ctx, tx: tx, u: u, list: []Hint{}}
	for _, look := range []func() error{h.byOldNumber, h.byAddress, h.byName, h.bySpelling, h.bySum} {
		if err := look(); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(h.list, func(a, b Hint) int { return cmp.Compare(b.weight, a.weight) })
	return h.list[:min(len(h.list), hintsMax)], nil
}

// add notes a reason for an account, unless the payer named another supplier.
func (h *hinting) add(supplier, number, why string) {
	if h.u.Supplier != "" && h.u.Supplier != supplier {
		return
	}
	i := slices.IndexFunc(h.list, func(x Hint) bool { return x.Supplier == supplier && x.Number == number })
	if i < 0 {
		h.list = append(h.list, Hint{supplier, number, why, reasons[why]})
		return
	}
	if x := &h.list[i]; !strings.Contains(x.Why, why) {
		x.Why += ", " + why
		x.weight += reasons[why]
	}
}

// numbers are those the payment may name an account by.
func (h *hinting) numbers() []string {
	p := ReadPurpose(h.u.Purpose, "")
	list := append(slices.Clone(p.Marked), p.Bare...)
	if h.u.Number != "" {
		list = append(list, h.u.Number)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// claimed adds the live accounts whose claims a condition finds; fits may look closer at what the supplier told.
func (h *hinting) claimed(why, where string, args []any, fits func(*account.Evidence) bool) error {
	args = append(args, looked)
	rows, err := h.tx.QueryContext(h.ctx, `SELECT s.code, a.number, c.evidence FROM account_claim c JOIN account a ON a.building_id = c.building_id AND a.account_id = c.account_id AND a.closed_at = 0
		JOIN supplier s ON s.supplier_id = a.supplier_id WHERE `+where+fmt.Sprintf(" ORDER BY s.code, a.number LIMIT $%d", len(args)), args...)
	if err != nil {
		return fmt.Errorf("hints, %s: %w", why, err)
	}
	defer rows.Close()
	for rows.Next() {
		var code, number string
		var c account.Claim
		if err := rows.Scan(&code, &number, &c.Evidence); err != nil {
			return err
		}
		e, err := c.Decode()
		if err != nil {
			return err
		}
		if fits(&e) {
			h.add(code, number, why)
		}
	}
	return rows.Err()
}

// byOldNumber finds the accounts that went under the number once, and those of a unified number (ЕЛС).
func (h *hinting) byOldNumber() error {
	list := h.numbers()
	if len(list) == 0 {
		return nil
	}
	var args []any
	printed := db.In("c.printed", list, &args)
	if err := h.claimed(hintOld, printed, args, func(*account.Evidence) bool { return true }); err != nil {
		return err
	}
	for _, number := range list {
		if !elsForm.MatchString(number) {
			continue
		}
		err := h.claimed(hintELS, "c.evidence LIKE $1", []any{`%"els":"` + number + `"%`}, func(e *account.Evidence) bool { return e.ELS == number })
		if err != nil {
			return err
		}
	}
	return nil
}

// elsForm is a unified number of ГИС ЖКХ: 10 signs (formats.md section 4).
var elsForm = regexp.MustCompile(`^[0-9A-Za-zА-Яа-я]{10}$`)

// bySpelling finds the accounts whose number differs in one sign.
func (h *hinting) bySpelling() error {
	for _, number := range h.numbers() {
		near, err := listHolders(h.ctx, h.tx, match.Spellings(number))
		if err != nil {
			return err
		}
		for _, x := range near {
			h.add(x.supplier, x.number, hintNumber)
		}
	}
	return nil
}

// bySum finds the accounts that owe exactly the sum.
func (h *hinting) bySum() error {
	rows, err := h.tx.QueryContext(h.ctx, `SELECT s.code, a.number FROM charge c JOIN account a ON a.building_id = c.building_id AND a.account_id = c.account_id AND a.closed_at = 0 JOIN supplier s ON s.supplier_id = a.supplier_id
		WHERE c.due_kop = $1 AND c.service_id = 0 AND ($2 = '' OR s.code = $2) ORDER BY s.code, a.number LIMIT $3`, int64(h.u.Amount), h.u.Supplier, looked)
	if err != nil {
		return fmt.Errorf("hints by sum: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var code, number string
		if err := rows.Scan(&code, &number); err != nil {
			return err
		}
		h.add(code, number, hintSum)
	}
	return rows.Err()
}

// byName finds the accounts of whoever has the payer's name; the surname may be printed in capitals.
func (h *hinting) byName() error {
	if len(strings.Fields(h.u.Payer)) < 2 { // a surname alone is too many people's
		return nil
	}
	surname := match.ParseName(h.u.Payer).Last
	if len([]rune(surname)) < surnameMin {
		return nil
	}
	title := []rune(surname)
	spelt := []string{surname, strings.ToUpper(string(title[:1])) + string(title[1:]), strings.ToUpper(surname)}
	args := make([]any, len(spelt))
	where := make([]string, len(spelt))
	for i, s := range spelt {
		args[i], where[i] = "%"+anyYe.Replace(s)+"%", fmt.Sprintf("c.evidence LIKE $%d", i+1)
	}
	return h.claimed(hintName, "("+strings.Join(where, " OR ")+")"+latestClaim, args, func(e *account.Evidence) bool { return e.FIO != "" && match.SamePerson(e.FIO, h.u.Payer) })
}

// anyYe lets «е» be «ё» too: a pattern's sign for any letter.
var anyYe = strings.NewReplacer("е", "_", "Е", "_")

// latestClaim leaves out what a supplier said before.
const latestClaim = " AND NOT EXISTS (SELECT 1 FROM account_claim n WHERE n.building_id = c.building_id AND n.account_id = c.account_id AND n.recorded_at > c.recorded_at)"

// surnameMin is the shortest surname looked for, in signs.
const surnameMin = 3

// addressWords begin an address in the purpose of a payment; it goes on to the next semicolon.
var addressWords = regexp.MustCompile(`(?i)(?:адрес[:\s]|(?:^|[\s,;])(?:г\.|город |ул\.?\s|улица |пр-т|пр-кт|проспект |пер\.|переулок |б-р|бульвар |ш\.|шоссе |наб\.|набережная |пл\.|площадь |проезд |мкр\.?|с\.\s|пос\.|д\.\s?[А-ЯЁ]))[^;]*`)

// byAddress finds the accounts of the flat that the payment names. An address that may be several houses is no hint.
func (h *hinting) byAddress() error {
	text := cmp.Or(h.u.Address, strings.Trim(addressWords.FindString(h.u.Purpose), " ,;"))
	if text == "" {
		return nil
	}
	list, err := housing.ListBuildings(h.ctx, h.tx)
	if err != nil {
		return err
	}
	register := housing.NewRegister(list)
	p := register.Read(&housing.Parts{Text: addressOnly(text)})
	found := register.Candidates(&p)
	if len(found) == 0 || len(found) > 1 && found[1].Cost == found[0].Cost || len(p.Flats) != 1 {
		return nil
	}
	house := register.At(found[0].House)
	return h.claimed(hintAddress, "c.building_id = $1 AND c.flat = $2"+latestClaim, []any{house.ID, p.Flats[0]}, func(*account.Evidence) bool { return true })
}

// addressOnly leaves out the word that announces an address.
func addressOnly(text string) string {
	return strings.TrimSpace(addressHead.ReplaceAllString(text, ""))
}

var addressHead = regexp.MustCompile(`(?i)^адрес\s*:?\s*`)
