package charge

// CorrectedBy is a line whose charged figures a later telling of the same service and month changes. What was paid, and the file
// that says which payments are counted, stay as two settlement centres agreed on: a register's «paid» is a claim, never
// subtracted twice. changed is false where nothing charged is told, or it is the same.
func (l *Line) CorrectedBy(by *Line) (c Line, changed bool) {
	c = *l
	if by.Given&GivenCharge == 0 {
		return c, false
	}
	c.Charge = by.Charge
	if by.Given&GivenOpening != 0 {
		c.Opening = by.Opening
	}
	if by.Given&GivenRecalc != 0 {
		c.Recalc = by.Recalc
	}
	if by.Given&GivenPenalty != 0 {
		c.Penalty = by.Penalty
	}
	if by.Volume != 0 {
		c.Volume = by.Volume
	}
	if by.Rate != 0 {
		c.Rate = by.Rate
	}
	c.Due = c.Opening + c.Charge + c.Recalc + c.Penalty - c.Paid
	return c, !c.Same(l)
}
