package bill

import (
	"context"
	"net/url"
	"path"
	"strings"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/qr"
	"kvit/internal/supplier"
)

// Opened is what a code of a paper opens: a household's bill by its token, or one account of a supplier.
type Opened struct {
	Token             string // '': one account
	Building, Account int64
}

// Open reads what stands on a paper bill, by whatever camera, scanner or hand: the link of a whole bill, its payment code
// (WholeCode), a supplier's own payment code, the digits of his linear code. Whatever opens nothing is one NotFound.
func (m *Module) Open(ctx context.Context, text string) (o Opened, err error) {
	text = strings.TrimSpace(text)
	if token := linkToken(text); token != "" {
		o.Token = token
		_, err = m.FindByToken(ctx, token)
		return o, err
	}
	if code, ok := qr.LinearDigits(text); ok {
		o.Building, o.Account, err = m.findByLinear(ctx, code)
		return o, err
	}
	code, err := qr.Parse([]byte(text))
	if err != nil {
		return o, err
	}
	if o.Token, err = m.wholeToken(ctx, code); err != nil || o.Token != "" {
		return o, err
	}
	o.Building, o.Account, err = m.FindByPaper(ctx, code)
	return o, err
}

// linkToken is the token of a link to a bill; ” when the text is none.
func linkToken(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || path.Base(path.Dir(u.Path)) != "pay" {
		return ""
	}
	return path.Base(u.Path)
}

// linearRoutes are the accounts a linear code may mean, with what else it says: of every supplier whose layout fits.
func (m *Module) linearRoutes(ctx context.Context, code string) (routes []account.Route, papers []qr.Paper, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		routes, papers = nil, nil
		suppliers, err := supplier.ListLinear(ctx, tx)
		if err != nil {
			return err
		}
		for i := range suppliers {
			for _, layout := range suppliers[i].Barcodes {
				paper, ok := readLinear(layout, code)
				if !ok {
					continue
				}
				r, err := findPadded(ctx, tx, suppliers[i].ID, paper.Account)
				if fault.Is(err, fault.NotFound) {
					continue
				}
				if err != nil {
					return err
				}
				routes, papers = append(routes, r), append(papers, paper)
			}
		}
		return nil
	})
	return routes, papers, err
}

func readLinear(layout, code string) (qr.Paper, bool) {
	l, err := qr.ParseLinear(layout)
	if err != nil {
		return qr.Paper{}, false // layouts are checked when they are loaded
	}
	return l.Read(code)
}

// findPadded finds an account as a code of fixed length writes it: as it is, or with zeros before it; the number may begin
// with zeros of its own.
func findPadded(ctx context.Context, tx *db.Tx, supplierID int64, number string) (r account.Route, err error) {
	for {
		r, err = account.FindPrinted(ctx, tx, supplierID, number)
		if !fault.Is(err, fault.NotFound) || len(number) < 2 || number[0] != '0' {
			return r, err
		}
		number = number[1:]
	}
}

// FindByLinear gives the household of the linear code of a supplier's paper, for whoever may see any; zero when no layout fits
// or its account is in nobody's basket.
func (m *Module) FindByLinear(ctx context.Context, code string) (ref Ref, err error) {
	routes, _, err := m.linearRoutes(ctx, code)
	if err != nil {
		return ref, err
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		ref = Ref{}
		for _, r := range routes {
			building, household, err := account.HouseholdOf(ctx, tx, r, m.now())
			if err != nil || household != 0 {
				ref = Ref{building, household}
				return err
			}
		}
		return nil
	})
	return ref, err
}

// findByLinear finds the one account whose paper has the code: like FindByPaper, the sum proves the paper.
func (m *Module) findByLinear(ctx context.Context, code string) (building, accountID int64, err error) {
	routes, papers, err := m.linearRoutes(ctx, code)
	if err != nil {
		return 0, 0, err
	}
	for i, r := range routes {
		if !papers[i].HasSum || papers[i].Sum <= 0 {
			continue
		}
		proved, err := m.provesPaper(ctx, r, papers[i].Sum)
		if err != nil {
			return 0, 0, err
		}
		if proved {
			return r.BuildingID, r.AccountID, nil
		}
	}
	return 0, 0, errPaper
}
