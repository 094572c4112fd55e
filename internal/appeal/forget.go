package appeal

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Forget removes a person's words and pictures from his appeals. What was disputed and answered stays: it is a record of charges.
func Forget(ctx context.Context, tx *db.Tx, person int64) error {
	for _, query := range []string{
		"UPDATE appeal_step SET words = '' WHERE side = 'resident' AND EXISTS (SELECT 1 FROM appeal a WHERE a.building_id = appeal_step.building_id AND a.appeal_id = appeal_step.appeal_id AND a.person_id = $1)",
		"DELETE FROM appeal_photo WHERE EXISTS (SELECT 1 FROM appeal a WHERE a.building_id = appeal_photo.building_id AND a.appeal_id = appeal_photo.appeal_id AND a.person_id = $1)",
		"UPDATE appeal SET words = '' WHERE person_id = $1",
	} {
		if _, err := tx.ExecContext(ctx, query, person); err != nil {
			return fmt.Errorf("forget appeals: %w", err)
		}
	}
	return nil
}

// PicturesOf are the files of a person's appeals, by digest.
func (m *Module) PicturesOf(ctx context.Context, person int64) (digests []string, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		digests = nil
		rows, err := tx.QueryContext(ctx, "SELECT p.digest, p.thumb FROM appeal_photo p JOIN appeal a ON a.building_id = p.building_id AND a.appeal_id = p.appeal_id WHERE a.person_id = $1", person)
		if err != nil {
			return fmt.Errorf("photos of appeals: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var digest, thumb string
			if err := rows.Scan(&digest, &thumb); err != nil {
				return err
			}
			digests = append(digests, digest, thumb)
		}
		return rows.Err()
	})
	return digests, err
}

// DropPictures deletes files no appeal holds any more.
func (m *Module) DropPictures(ctx context.Context, digests []string) { m.dropPicture(ctx, digests...) }

// OfPerson gives the appeals a person began, for the export of his data.
func (m *Module) OfPerson(ctx context.Context, person int64) (list []Appeal, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listAppeals(ctx, tx, "WHERE person_id = $1 ORDER BY appeal_id", person)
		return err
	})
	return list, err
}
