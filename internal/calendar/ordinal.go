package calendar

// Ordinal is the number of days from 1970-01-01: what long walks over dates count with.
func (d Date) Ordinal() int {
	y, m, day := int(d)/10000, int(d)/100%100, int(d)%100
	if m <= 2 { // years begin in March, so that the leap day is the last one
		y, m = y-1, m+12
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	ofEra := y - era*400
	ofYear := (153*(m-3)+2)/5 + day - 1
	return era*daysOfEra + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - daysTo1970
}

const (
	daysOfEra  = 146_097 // in 400 years
	daysTo1970 = 719_468 // from 0000-03-01
)

// FromOrdinal is the date so many days from 1970-01-01.
func FromOrdinal(n int) Date {
	n += daysTo1970
	era := n / daysOfEra
	if n < 0 {
		era = (n - daysOfEra + 1) / daysOfEra
	}
	ofEra := n - era*daysOfEra
	years := (ofEra - ofEra/1460 + ofEra/36_524 - ofEra/146_096) / 365
	ofYear := ofEra - (365*years + years/4 - years/100)
	m := (5*ofYear + 2) / 153
	day := ofYear - (153*m+2)/5 + 1
	y := years + era*400
	if m += 3; m > 12 {
		y, m = y+1, m-12
	}
	return Date(y*10000 + m*100 + day)
}

// Exists tells whether the number is a day of the years 1900 … 2099.
func (d Date) Exists() bool {
	return d >= 19000101 && d <= 20991231 && FromOrdinal(d.Ordinal()) == d
}
