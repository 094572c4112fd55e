package statement

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// PrintRequest asks for the papers of a month's bills.
type PrintRequest struct {
	Month calendar.Month
	House string // code; empty: all
	Dir   string
	All   bool // those too who agreed to bills without paper
	Told  func(done, all int)
}

// PrintedHouse is the file of a house.
type PrintedHouse struct {
	File    string `json:"file"`
	House   string `json:"house"`
	Address string `json:"address"`
	Bills   int    `json:"bills"`
	Without int    `json:"withoutPaper"` // households that agreed to have none
	SHA256  string `json:"sha256"`
}

// PrintRun is what a print run made: a file a house, in order of address, bills in order of flats.
type PrintRun struct {
	Month   string         `json:"month"`
	Houses  []PrintedHouse `json:"houses"`
	Bills   int            `json:"bills"`
	Without int            `json:"withoutPaper"`
	Seconds float64        `json:"seconds"`
}

// manifest is the file of a print run that lists the others.
const manifest = "manifest.json"

// Print writes the issued bills of a month for a printing office: a PDF a house, and a list of them. Run again it writes the same
// files.
func (m *Module) Print(ctx context.Context, req PrintRequest) (*PrintRun, error) {
	begun := time.Now()
	houses, err := m.Bills.ListIssuedHouses(ctx, req.Month)
	if err != nil {
		return nil, err
	}
	if req.House != "" {
		houses = slices.DeleteFunc(houses, func(h bill.IssuedHouse) bool { return h.Code != req.House })
	}
	if len(houses) == 0 {
		return nil, fault.Newf(fault.NotFound, "print.none", "Счетов за %s нет: их ещё не выставили.", req.Month.Title())
	}
	if err := os.MkdirAll(req.Dir, 0o750); err != nil {
		return nil, fault.Newf(fault.Unavailable, "print.dir", "Папка %s не создаётся. Проверьте путь и права.", req.Dir).Because(err)
	}
	run := &PrintRun{Month: req.Month.String(), Houses: make([]PrintedHouse, len(houses))}
	if err := m.printHouses(ctx, &req, houses, run.Houses); err != nil {
		return nil, err
	}
	for i := range run.Houses {
		run.Bills, run.Without = run.Bills+run.Houses[i].Bills, run.Without+run.Houses[i].Without
	}
	list, err := json.MarshalIndent(run.Houses, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("list of a print run: %w", err)
	}
	run.Seconds = time.Since(begun).Seconds()
	return run, writeWhole(filepath.Join(req.Dir, manifest), append(list, '\n'))
}

// printHouses draws houses side by side, one on each core.
func (m *Module) printHouses(ctx context.Context, req *PrintRequest, houses []bill.IssuedHouse, out []PrintedHouse) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	var mu sync.Mutex // of done: progress is told by one at a time
	done := 0
	for i := range houses {
		group.Go(func() (err error) {
			out[i], err = m.printHouse(ctx, req, &houses[i])
			mu.Lock()
			defer mu.Unlock()
			if done++; req.Told != nil {
				req.Told(done, len(houses))
			}
			return err
		})
	}
	return group.Wait()
}

func (m *Module) printHouse(ctx context.Context, req *PrintRequest, h *bill.IssuedHouse) (p PrintedHouse, err error) {
	gone := map[int64]bool{}
	if !req.All {
		if err := m.DB.Read(ctx, func(tx *db.Tx) error {
			gone, err = listPaperless(ctx, tx, h.Building)
			return err
		}); err != nil {
			return p, err
		}
	}
	without := map[int64]bool{}
	bills, err := m.Bills.IssuedOf(ctx, h.Building, req.Month, func(household int64) bool {
		without[household] = gone[household]
		return gone[household]
	})
	p = PrintedHouse{House: h.Code, Address: h.Address}
	for _, is := range without {
		if is {
			p.Without++
		}
	}
	if err != nil || len(bills) == 0 {
		return p, err
	}
	var pdf bytes.Buffer
	if err := m.Bills.PrintSheaf(ctx, &pdf, bills); err != nil {
		return p, err
	}
	p.File, p.Bills, p.SHA256 = fileOf(h), len(bills), digestOf(pdf.Bytes())
	return p, writeWhole(filepath.Join(req.Dir, p.File), pdf.Bytes())
}

// fileOf is the file of a house: its code, of what any file system takes.
func fileOf(h *bill.IssuedHouse) string {
	name := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 'а' && r <= 'я' || r >= 'А' && r <= 'Я' {
			return r
		}
		return '_'
	}, h.Code)
	return fmt.Sprintf("%s-%d.pdf", name, h.Building)
}

// writeWhole writes a file that is whole or is not there.
func writeWhole(path string, data []byte) error {
	part := path + ".part"
	if err := os.WriteFile(part, data, 0o640); err != nil {
		return fault.Newf(fault.Unavailable, "print.write", "Файл %s не записывается. Проверьте место и права.", path).Because(err)
	}
	return os.Rename(part, path)
}
