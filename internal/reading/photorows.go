package reading

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// photoColumns are of photos that nobody withdrew.
const (
	photoColumns = `SELECT p.building_id, p.meter_id, p.photo_id, p.household_id, p.receipt_no, p.taken_at, p.digest, p.thumb FROM reading_photo p `
	photoHeld    = ` AND p.reason = '' AND NOT EXISTS (SELECT 1 FROM reading_photo w
		WHERE w.building_id = p.building_id AND w.meter_id = p.meter_id AND w.photo_id = p.photo_id AND w.reason <> '')`
)

func scanPhoto(scan func(...any) error) (p Photo, err error) {
	err = scan(&p.Building, &p.Meter, &p.ID, &p.Household, &p.Receipt, &p.At, &p.digest, &p.thumb)
	return p, db.Fold(err)
}

func queryPhotos(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Photo, err error) {
	rows, err := tx.QueryContext(ctx, photoColumns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("photos: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		p, err := scanPhoto(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

func findPhoto(ctx context.Context, tx *db.Tx, asked Photo) (Photo, error) {
	p, err := scanPhoto(tx.QueryRowContext(ctx, photoColumns+"WHERE p.building_id = $1 AND p.meter_id = $2 AND p.photo_id = $3"+photoHeld, asked.Building, asked.Meter, asked.ID).Scan)
	if fault.Is(err, fault.NotFound) {
		err = errNoPhoto
	}
	return p, err
}

// listPhotos gives the photos of some meters of a building, the earliest first.
func listPhotos(ctx context.Context, tx *db.Tx, building int64, meters []int64) (map[photoKey][]Photo, error) {
	found := map[photoKey][]Photo{}
	for first := 0; first < len(meters); first += metersMax {
		part := meters[first:min(first+metersMax, len(meters))]
		args := []any{building}
		of := db.In("p.meter_id", part, &args)
		list, err := queryPhotos(ctx, tx, "WHERE p.building_id = $1 AND "+of+photoHeld+" ORDER BY p.meter_id, p.photo_id", args...)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			key := photoKey{p.Meter, p.Receipt}
			found[key] = append(found[key], p)
		}
	}
	return found, nil
}

var photoTable = []db.Column{
	{Name: "building_id", Kind: db.Int8}, {Name: "meter_id", Kind: db.Int8}, {Name: "photo_id", Kind: db.Int8}, {Name: "recorded_at", Kind: db.Int8}, {Name: "taken_at", Kind: db.Int8}, {Name: "household_id", Kind: db.Int8},
	{Name: "receipt_no", Kind: db.Text}, {Name: "channel", Kind: db.Text}, {Name: "author", Kind: db.Text}, {Name: "device", Kind: db.Text}, {Name: "digest", Kind: db.Text}, {Name: "thumb", Kind: db.Text}, {Name: "reason", Kind: db.Text},
}

// addTo writes a row of the photo; with a reason it withdraws the photo.
func (p *Photo) addTo(b *db.Bulk, at calendar.Micros, by Origin, reason string) {
	for _, n := range []int64{p.Building, p.Meter, p.ID, int64(at), int64(p.At), p.Household} {
		b.Int(n)
	}
	for _, s := range []string{p.Receipt, string(by.Channel), by.Author, by.Device, p.digest, p.thumb, reason} {
		b.Text(s)
	}
}
