package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Bounds of deliveries.
const (
	DeliveryMax     = 4 << 30 // bytes of one
	deliveriesMax   = 100     // of one supplier waiting their turn
	deliveryKeyMax  = 200     // signs of a client's key
	deliveryNameMax = 300     // bytes of a file's name
)

// States of a delivery; how a done one ended its report or its file tells.
const (
	StateQueued  = "queued"
	StateRunning = "running"
	StateDone    = "done"
	StateFailed  = "failed"
)

// Delivery is a file that a supplier's program hands over. The bytes are kept and its row is stored before the program
// is told so; RunIntake takes it in later. Its id becomes the id of the file.
type Delivery struct {
	Name      string
	Month     calendar.Month // of rows that tell none; 0: the file tells
	Profile   string         // name of a profile of SaveProfile; '': the supplier's earlier one, or a guess
	Canonical bool           // records of the built-in profile
	DryRun    bool
	Key       string // of the client: the same key with the same input is one delivery
}

// input tells one input of a client's key from another.
func (d *Delivery) input(digest string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%d\n%s\n%v %v", digest, d.Name, d.Month, d.Profile, d.Canonical, d.DryRun)
	return hex.EncodeToString(h.Sum(nil))
}

// Deliver keeps what a program of a supplier hands over, of any kind and in constant memory, and queues it. The same
// key and input give the first delivery again; the same key with another input is a Conflict.
func (m *Module) Deliver(ctx context.Context, actor access.Actor, d Delivery, body io.Reader) (Intake, error) {
	scope, err := actor.Scope("intake", "write")
	if err != nil {
		return Intake{}, err
	}
	profile, err := m.prepareDelivery(ctx, scope.SupplierID, &d)
	if err != nil {
		return Intake{}, err
	}
	digest, size, err := m.blobs.Put(ctx, &bodyReader{body}, DeliveryMax)
	if err != nil {
		return Intake{}, err
	}
	if size == 0 {
		return Intake{}, fault.New(fault.Invalid, "upload.empty", "Файл пуст. Передайте его ещё раз.")
	}
	id, err := m.queue(ctx, actor, &d, waiting{supplier: scope.SupplierID, digest: digest, size: size, profile: profile})
	if err != nil {
		return Intake{}, err
	}
	return m.FindIntake(ctx, scope, id)
}

// prepareDelivery refuses what need not be read at all and finds the profile asked for.
func (m *Module) prepareDelivery(ctx context.Context, supplierID int64, d *Delivery) (profile string, err error) {
	d.Name = cleanName(d.Name)
	switch {
	case len(d.Name) > deliveryNameMax:
		return "", fault.Newf(fault.Invalid, "upload.name", "Имя файла длиннее %d байт.", deliveryNameMax).WithField("name")
	case len(d.Key) > deliveryKeyMax:
		return "", fault.Newf(fault.Invalid, "upload.key", "Ключ Idempotency-Key длиннее %d знаков.", deliveryKeyMax).WithField("Idempotency-Key")
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM intake_delivery WHERE supplier_id = $1 AND state IN ($2, $3)", supplierID, StateQueued, StateRunning).Scan(&n); err != nil {
			return err
		}
		if n >= deliveriesMax {
			return fault.Newf(fault.Limited, "intake.queue_full", "В очереди уже %d ваших файлов. Дождитесь, пока они загрузятся.", n)
		}
		if d.Profile == "" {
			return nil
		}
		profile, err = findProfile(ctx, tx, supplierID, d.Profile)
		return err
	})
	switch {
	case fault.Is(err, fault.NotFound):
		return "", fault.Newf(fault.Invalid, "profile.missing", "Профиля «%s» нет. Сначала передайте его: PUT /api/v1/profile?name=%[1]s.", d.Profile).WithField("profile")
	case err == nil && d.Canonical && profile == "":
		profile = canonicalProfile
	}
	return profile, err
}

// waiting is what the queue keeps of a delivery beside what the client told.
type waiting struct {
	supplier int64
	digest   string
	size     int64
	profile  string // JSON; '' is found when it is taken in
}

// queue stores a delivery and gives its id, or the id of the earlier one of the same key.
func (m *Module) queue(ctx context.Context, actor access.Actor, d *Delivery, w waiting) (id int64, err error) {
	fresh, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return 0, err
	}
	dry := 0
	if d.DryRun {
		dry = 1
	}
	input := d.input(w.digest)
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		id = fresh
		now := m.now()
		res, err := tx.ExecContext(ctx, `INSERT INTO intake_delivery (delivery_id, supplier_id, client_key, input, name, digest, size, profile, month, dry_run, actor, state,
			stage, done, total, tries, next_at, report, created_at, finished_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', 0, 0, 0, 0, '', $13, 0) ON CONFLICT DO NOTHING`,
			id, w.supplier, d.Key, input, d.Name, w.digest, w.size, w.profile, int64(d.Month), dry, actor.String(), StateQueued, int64(now))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if n == 1 {
			if err := audit.Record(ctx, tx, now, actor.String(), "intake.delivered", fmt.Sprintf("intake:%d", id), map[string]any{"supplier": w.supplier, "digest": w.digest, "dryRun": d.DryRun}); err != nil {
				return err
			}
			if m.OnDelivered != nil {
				return m.OnDelivered(ctx, tx, id)
			}
			return nil
		}
		var earlier string
		if err := tx.QueryRowContext(ctx, "SELECT delivery_id, input FROM intake_delivery WHERE supplier_id = $1 AND client_key = $2", w.supplier, d.Key).Scan(&id, &earlier); err != nil {
			return err
		}
		if earlier != input {
			return fault.New(fault.Conflict, "key.other_input", "С этим ключом Idempotency-Key уже передан другой файл или другие параметры. Возьмите новый ключ.").WithField("Idempotency-Key")
		}
		return nil
	})
	return id, err
}

// bodyReader tells a sender who stopped half-way from a fault of ours.
type bodyReader struct{ r io.Reader }

func (b *bodyReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	var big *http.MaxBytesError
	if err != nil && err != io.EOF && !errors.As(err, &big) {
		err = fault.New(fault.Invalid, "upload.cut", "Файл передан не до конца. Отправьте его ещё раз.").Because(err)
	}
	return n, err
}
