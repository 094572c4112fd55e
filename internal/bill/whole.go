package bill

import (
	"context"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/qr"
)

// WholeCode is the payment code of a whole bill (ГОСТ Р 56042-2014): one payee, the account the centre collects to, and the
// household's own code in place of an account (formats.md 1.1, «several suppliers», a). Banks' programs pay it; what comes
// is shared over the household's accounts by the rules of the payer's day. ” when the centre has told no account, and of
// drafts.
func (m *Module) WholeCode(ctx context.Context, b *Bill) (string, error) {
	if b.HouseholdID == 0 || b.Status == StatusDraft {
		return "", nil
	}
	code, err := m.CodeOf(ctx, Ref{b.BuildingID, b.HouseholdID})
	if err != nil {
		return "", err
	}
	return m.wholeCode(ctx, b, code)
}

func (m *Module) wholeCode(ctx context.Context, b *Bill, code Code) (string, error) {
	if m.Payee == nil {
		return "", nil
	}
	p, err := m.Payee(ctx)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	p.PersAcc, p.QuittID, p.Sum = account.HouseholdCode(b.HouseholdID), code.Typed, max(0, b.Payable())
	if month, err := calendar.ParseMonth(b.Month); err == nil {
		p.PaymPeriod = fmt.Sprintf("%02d.%04d", month.Number(), month.Year())
	}
	p.Purpose = "ЖКУ, единый лицевой счёт " + p.PersAcc
	if p.PaymPeriod != "" {
		p.Purpose += ", " + p.PaymPeriod
	}
	return p.Encode()
}

// wholeToken is the token of the household a code of a whole bill was printed for; ” when it is a supplier's own. The
// household's code is no secret, so the code of the paper must stand beside it.
func (m *Module) wholeToken(ctx context.Context, code *qr.Code) (string, error) {
	id, err := account.ParseHouseholdCode(code.Get("PersAcc"))
	if err != nil {
		return "", nil //nolint:nilerr // a supplier's account, not a household's code
	}
	ref, err := m.FindByCode(ctx, account.HouseholdCode(id))
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	paper, err := m.CodeOf(ctx, ref)
	if err != nil {
		return "", err
	}
	if FoldCode(code.Get("QuittId")) != paper.Typed {
		return "", errPaper
	}
	return paper.Token, nil
}
