package charge

import (
	"slices"

	"kvit/internal/decimal"
	"kvit/internal/money"
)

// inferred is the likely cause where the supplier's register tells readings and the sum, but neither volume nor price: the
// one change of Kvit's lines that comes to his sum to the kopeck.
func inferred(theirs money.Amount, own []comparedLine) Cause {
	switch {
	case theirs == 0:
		return CauseSum
	case swapped(theirs, own):
		return CauseZones
	case otherVolume(theirs, own):
		return CauseVolume
	case len(own) == 1 && otherPrice(theirs, own[0].volume):
		return CauseRate
	}
	return CauseSum
}

// swapped tells whether the lines come to the sum with their volumes in another order: zones of a meter mixed up.
func swapped(theirs money.Amount, own []comparedLine) bool {
	const zones = 3
	if len(own) < 2 || len(own) > zones {
		return false
	}
	volumes := make([]decimal.Decimal, len(own))
	for i := range own {
		volumes[i] = own[i].volume
	}
	return reordered(theirs, own, volumes, 0)
}

// reordered tries every order of the volumes from a place on.
func reordered(theirs money.Amount, own []comparedLine, volumes []decimal.Decimal, from int) bool {
	if from == len(volumes) {
		sum, err := priced(own, volumes)
		return err == nil && sum == theirs
	}
	for i := from; i < len(volumes); i++ {
		next := slices.Clone(volumes)
		next[from], next[i] = next[i], next[from]
		if reordered(theirs, own, next, from+1) {
			return true
		}
	}
	return false
}

func priced(own []comparedLine, volumes []decimal.Decimal) (sum money.Amount, err error) {
	for i := range own {
		a, err := money.Price(volumes[i], own[i].rate)
		if err != nil {
			return 0, err
		}
		sum += a
	}
	return sum, nil
}

// otherVolume tells whether the sum is that of another whole volume of one line, the others as they are.
func otherVolume(theirs money.Amount, own []comparedLine) bool {
	volumes := make([]decimal.Decimal, len(own))
	for i := range own {
		volumes[i] = own[i].volume
	}
	sum, err := priced(own, volumes)
	if err != nil {
		return false
	}
	for i := range own {
		if own[i].rate <= 0 {
			continue
		}
		line, err := money.Price(volumes[i], own[i].rate)
		if err != nil {
			continue
		}
		left := theirs - sum + line // what his sum leaves for the line
		whole, err := decimal.MulDiv(int64(left)*kopeck, 1, int64(own[i].rate))
		if err != nil || left < 0 {
			continue
		}
		if again, err := money.Price(decimal.FromInt(whole), own[i].rate); err == nil && again == left {
			return true
		}
	}
	return false
}

// kopeck is a kopeck as a decimal of roubles.
const kopeck = decimal.Scale / 100

// otherPrice tells whether a price in whole kopecks times the volume is the sum.
func otherPrice(theirs money.Amount, volume decimal.Decimal) bool {
	if volume <= 0 {
		return false
	}
	price, err := decimal.MulDiv(int64(theirs), decimal.Scale, int64(volume))
	if err != nil {
		return false
	}
	again, err := money.Price(volume, decimal.Decimal(price*kopeck))
	return err == nil && again == theirs
}

// roundedTo tells whether a volume is another one rounded or cut to some digits.
func roundedTo(theirs, ours decimal.Decimal) bool {
	for step := decimal.Decimal(10); step <= decimal.Scale; step *= 10 {
		cut := ours / step * step
		if theirs == cut || theirs == (ours+step/2)/step*step {
			return true
		}
	}
	return false
}
