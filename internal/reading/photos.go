package reading

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/reading/photo"
)

// Photo is a picture of a meter, given with the figures of a receipt. The number in it is for people: no figure changes
// because of a photo.
type Photo struct {
	Building, Meter, ID int64
	Household           int64
	Receipt             string
	At                  calendar.Micros // when it was given

	digest, thumb string
}

// Ref names a photo in an address.
func (p *Photo) Ref() string { return fmt.Sprintf("%d-%d-%d", p.Building, p.Meter, p.ID) }

var errNoPhoto = fault.New(fault.NotFound, "photo.unknown", "Такого фото нет. Фото хранятся 12 месяцев.")

// parseRef reads the name of a photo in an address.
func parseRef(ref string) (p Photo, err error) {
	parts := strings.Split(ref, "-")
	if len(parts) != 3 {
		return p, errNoPhoto
	}
	for i, to := range []*int64{&p.Building, &p.Meter, &p.ID} {
		if *to, err = strconv.ParseInt(parts[i], 10, 64); err != nil {
			return p, errNoPhoto
		}
	}
	return p, nil
}

// photoKey is the figures of a meter given at once.
type photoKey struct {
	meter   int64
	receipt string
}

// PhotosOf are the photos given with a reading.
func (m *Meter) PhotosOf(r *fact.Reading) []Photo {
	return m.photos[photoKey{m.ID, numberOf(r.Source)}]
}

// AttachPhoto keeps a photo of a meter with a receipt of the household.
func (m *Module) AttachPhoto(ctx context.Context, actor access.Actor, by Origin, h Home, number string, meter int64, img *photo.Image) (*Photo, error) {
	if err := may(actor, "write", h); err != nil {
		return nil, err
	}
	return m.attach(ctx, by, img, func(tx *db.Tx, w *work) (*Receipt, *Meter, error) {
		receipt, err := find(ctx, tx, h.Building, h.Household, number)
		if err != nil {
			return nil, nil, err
		}
		stock, err := w.stockOf(ctx, tx, h, m.Now())
		if err != nil {
			return nil, nil, err
		}
		return receipt, stock.byID[meter], nil
	})
}

// AttachNamed keeps a photo of a meter that a program names as it does in its readings; where the receipt is of one meter
// it need not.
func (m *Module) AttachNamed(ctx context.Context, actor access.Actor, by Origin, number string, e Entry, img *photo.Image) (*Photo, error) {
	scope, err := actor.Scope("reading", "write")
	if err != nil {
		return nil, err
	}
	return m.attach(ctx, by, img, func(tx *db.Tx, w *work) (*Receipt, *Meter, error) {
		p, err := (&batch{work: w, scope: scope}).newPlaces(ctx, tx)
		if err != nil {
			return nil, nil, err
		}
		route, err := p.find(ctx, e.Supplier, e.Account)
		if err != nil {
			return nil, nil, err
		}
		receipt, err := findNumbered(ctx, tx, route.BuildingID, number)
		if err != nil {
			return nil, nil, err
		}
		stock, err := w.stockOf(ctx, tx, Home{receipt.Building, receipt.Household}, m.Now())
		if err != nil {
			return nil, nil, err
		}
		meter, err := stock.find(receipt.wants(e, route.AccountID, scope.All))
		return receipt, meter, err
	})
}

// wants is the meter of a receipt that an entry names.
func (r *Receipt) wants(e Entry, account int64, whole bool) wanted {
	w := wanted{account: account, whole: whole, serial: e.Meter, service: e.Service}
	if len(r.Lines) == 0 {
		return w
	}
	first := &r.Lines[0]
	w.on, _ = calendar.ParseDate(first.Day) // as it was written by us
	only := !slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Meter != first.Meter })
	if only && e.Meter == "" && e.Service == "" {
		w.serial, w.service = first.Serial, first.Service
	}
	return w
}

// of tells whether figures of a meter, or of the same device under another account, were given with the receipt.
func (r *Receipt) of(m *Meter) bool {
	return slices.ContainsFunc(r.Lines, func(l Line) bool {
		return l.Meter == m.ID || slices.ContainsFunc(m.twins, func(twin *Meter) bool { return twin.ID == l.Meter })
	})
}

// photosMost is how many photos the figures of a meter given at once may have.
const photosMost = 5

// attach stores a picture, then the row of every meter of the device. The same picture given again is the same photo.
func (m *Module) attach(ctx context.Context, by Origin, img *photo.Image, of func(tx *db.Tx, w *work) (*Receipt, *Meter, error)) (*Photo, error) {
	w, err := m.look(ctx)
	if err != nil {
		return nil, err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return nil, err
	}
	m.photos.Lock()
	defer m.photos.Unlock()
	p := Photo{ID: id}
	if p.digest, _, err = m.Photos.Put(ctx, bytes.NewReader(img.Full), photo.Max); err == nil {
		p.thumb, _, err = m.Photos.Put(ctx, bytes.NewReader(img.Thumb), photo.Max)
	}
	if err == nil {
		err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return w.attach(ctx, tx, by, &p, of) })
	}
	if err != nil {
		return nil, errors.Join(err, m.drop(ctx, &p))
	}
	return &p, nil
}

func (w *work) attach(ctx context.Context, tx *db.Tx, by Origin, p *Photo, of func(tx *db.Tx, w *work) (*Receipt, *Meter, error)) error {
	receipt, meter, err := of(tx, w)
	if err != nil {
		return err
	}
	if meter == nil || !receipt.of(meter) {
		return invalid("photo.no_line", "Под номером %s показаний этого счётчика нет. Сверьте номер.", receipt.Number)
	}
	known, err := listPhotos(ctx, tx, receipt.Building, []int64{meter.ID})
	if err != nil {
		return err
	}
	given := known[photoKey{meter.ID, receipt.Number}]
	for i := range given {
		if given[i].digest == p.digest {
			*p = given[i]
			return nil
		}
	}
	if len(given) >= photosMost {
		return invalid("photo.too_many", "К показанию уже приложено фото: %d. Больше не нужно.", len(given))
	}
	p.Building, p.Meter, p.Household, p.Receipt, p.At = receipt.Building, meter.ID, receipt.Household, receipt.Number, w.m.Now()
	b := db.NewBulk("reading_photo", photoTable...)
	for _, x := range append([]*Meter{meter}, meter.twins...) {
		row := *p
		row.Meter = x.ID
		row.addTo(b, p.At, by, "")
	}
	return tx.Load(ctx, b)
}

// OpenPhoto gives the bytes of a photo, or of the small one, to those whose it is: the household, the supplier of the
// meter, the centre.
func (m *Module) OpenPhoto(ctx context.Context, actor access.Actor, ref string, small bool) (*os.File, error) {
	asked, err := parseRef(ref)
	if err != nil {
		return nil, err
	}
	var p Photo
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if p, err = findPhoto(ctx, tx, asked); err != nil {
			return err
		}
		seen, err := sees(ctx, tx, actor, &p)
		if err == nil && !seen {
			return errNoPhoto
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	digest := p.digest
	if small {
		digest = p.thumb
	}
	return m.Photos.Open(digest)
}

func sees(ctx context.Context, tx *db.Tx, actor access.Actor, p *Photo) (bool, error) {
	if actor.Reach("reading", "read") == access.Own {
		return actor.BuildingID == p.Building && actor.HouseholdID == p.Household, nil
	}
	scope, err := actor.Scope("meter", "read")
	if err != nil {
		return false, err
	}
	id, err := fact.AccountOfMeter(ctx, tx, p.Building, p.Meter)
	if err != nil {
		return false, err
	}
	key := account.Key{BuildingID: p.Building, ID: id}
	known, err := account.ListByKeys(ctx, tx, []account.Key{key})
	return scope.Sees(known[key].SupplierID), err
}
