package meter

import (
	"context"
	"slices"

	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/tariff"
)

// at is where a meter is, as people name it.
func (t *Target) at() string {
	if t.House != "" {
		return "дома " + t.House
	}
	return t.Account
}

// ofHouse tells whether a step is of a house's own meter.
func (d *deed) ofHouse() bool { return d.step.House != "" }

// findHouse gives the house a step is of, if the actor may act upon its meters: the centre, or who sells there what they
// measure.
func (d *deed) findHouse(ctx context.Context, tx *db.Tx) error {
	if d.step.Account != "" || len(d.step.Serves) > 0 {
		return invalid("meter.house", "У общедомового счётчика нет лицевого счёта: оставьте только дом.").WithField("house")
	}
	house, err := housing.FindByCode(ctx, tx, d.step.House)
	if err != nil {
		return err
	}
	d.building, d.account, d.numbers = house.ID, 0, map[int64]string{}
	d.sells, err = MayHouse(ctx, tx, d.scope, house.ID)
	if err == nil && !d.sells(d.step.Service) {
		return fault.New(fault.NotFound, "house.unknown", "В этом доме вы ничего не поставляете.").WithField("house")
	}
	return err
}

// factor reads how the dial of a house's own meter counts; 0 is one to one.
func (d *deed) factor(n *Device) (decimal.Decimal, error) {
	if !d.ofHouse() {
		if n.Factor != "" || n.Returns {
			return 0, invalid("meter.factor", "Коэффициент и обратная труба бывают только у общедомового счётчика.").WithField("factor")
		}
		return 0, nil
	}
	f := decimal.FromInt(1)
	if n.Factor != "" {
		var err error
		if f, err = decimal.Parse(n.Factor); err != nil || f <= 0 || f > factorMax {
			return 0, invalid("meter.factor", "Коэффициент %q не годится: нужно число больше нуля, например 40.", n.Factor).WithField("factor")
		}
	}
	if n.Returns {
		f = -f
	}
	if f == decimal.FromInt(1) {
		return 0, nil
	}
	return f, nil
}

// factorMax bounds a coefficient: no transformers of a house have more.
const factorMax = decimal.Decimal(100_000 * decimal.Scale)

// fitsHouse refuses a meter of a service that a house does not measure.
func (d *deed) fitsHouse(s calc.Service) error {
	if of := d.engine.Of(s); d.ofHouse() && !IsMeasured(of) {
		return invalid("meter.house_service", "Услугу «%s» общедомовым счётчиком не измеряют.", of.Name).WithField("service")
	}
	return nil
}

// IsMeasured tells whether a house's own meter may measure a service.
func IsMeasured(of *tariff.Service) bool {
	return of.Kind != tariff.Common && of.Kind != tariff.Linked && slices.Contains([]tariff.Unit{tariff.CubicMetre, tariff.KWh, tariff.Gcal}, of.Unit)
}

// inherit lets a new device count as the one before it did, where nothing else is said: transformers stay in their place.
func (d *deed) inherit(old *fact.Meter) {
	n := d.step.Device
	if n == nil || old.Factor == 0 || n.Factor != "" {
		return
	}
	n.Factor, n.Returns = max(old.Factor, -old.Factor).String(), n.Returns || old.Factor < 0
}

// factorText writes how a dial counts; nothing where it is one to one.
func factorText(f decimal.Decimal) string {
	if f == 0 {
		return ""
	}
	return f.String()
}
