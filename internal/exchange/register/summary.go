package register

import (
	"io"

	"kvit/internal/money"
)

// File is the source of bytes of a register. Open files and blobs both are.
type File struct {
	Name string
	Data io.ReaderAt
	Size int64
	Memo io.ReaderAt // memo file of a DBF table, when there is one
}

// Options bound and tune a reading.
type Options struct {
	KeepRaw bool // fill Row.Raw on every row, not only on those with findings
	MaxRows int  // stop with file.too_many_rows after so many rows; 0 is the limit of the package
	Stop    int  // read only so many rows, for a preview; 0 reads all
}

// Summary is what is known about a file after its last row.
type Summary struct {
	Encoding                           Encoding
	Rows                               int // data rows, quarantined and of other periods included
	Repaired, Quarantined, OtherPeriod int
	Blank, Comments, Titles, Deleted   int
	Groups                             int
	Sums                               Sums // of all data rows as they lie in the file
	Control                            Control
	Notes                              []Note            // findings about the file as a whole
	Header                             map[string]string // keys of the header of a 1C file
	Heading                            []string          // lines before the data of a text file, the first of them
	Trailer                            []string          // fields of its line of totals
	Member                             string            // name inside the archive, when the file was one
}

// Encoding is the code page a file was read in, and why.
type Encoding struct {
	Name       string
	Evidence   string
	Declared   string
	Confidence float64
}

// Sums are raw totals by money role.
type Sums struct {
	Opening, Charge, Recalc, Penalty, Paid, Due money.Amount
	Amount, Net, Commission                     money.Amount
}

// Control is the total a file prints about itself.
type Control struct {
	Declared           bool // the profile says where it stands
	Found              bool
	Equal              bool
	Role               string
	Pos                int // of the total line or row
	Unit               string
	File               money.Amount // what the file says
	Read               money.Amount // what its rows add up to
	FileRows, ReadRows int          // number of rows, where the file prints it
}

// Note is a finding about the file as a whole.
type Note struct {
	Code string
	Pos  int
	Text string // Russian
}
