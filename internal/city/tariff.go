package city

import "kvit/internal/calendar"

// prices are the tariffs of a month in 1/10000 rouble.
type prices map[string]int64

type priceFrom struct {
	month calendar.Month
	value int64
}

// tariffs are the figures of a real city of the region, so that the sums look right; Заокск has none of its own.
// Status of each figure: v verified in a source, d derived from a verified one, p plausible (invented).
var tariffs = map[string][]priceFrom{
	"cold_water": {{202201, 264200} /*p*/, {202207, 274300} /*p*/, {202212, 299000}, /*p*/
		{202407, 331300} /*p*/, {202507, 376400} /*d*/, {202601, 382700} /*v*/, {202610, 436300} /*d*/},
	"sewage": {{202201, 272000} /*p*/, {202207, 286000} /*p*/, {202212, 311700}, /*p*/
		{202407, 384000} /*p*/, {202507, 447800} /*d*/, {202601, 455300} /*v*/, {202610, 519000} /*d*/},
	"heat": {{202201, 23918000} /*p*/, {202207, 24851000} /*p*/, {202212, 27087600}, /*p*/
		{202407, 30414000} /*p*/, {202507, 34885200} /*d*/, {202601, 35466600} /*v*/, {202610, 40431900} /*d*/},
	"gas": {{202201, 70500} /*p*/, {202207, 74030} /*p*/, {202212, 80330}, /*p*/
		{202407, 89350} /*d*/, {202507, 98550} /*d*/, {202601, 100190} /*v*/, {202610, 110010} /*d*/},
	"waste": {{202201, 5238000} /*p*/, {202212, 5709400} /*p*/, {202407, 6274600} /*p*/, {202507, 6904300}, /*p*/
		{202601, 7019400} /*v*/, {202610, 9055000} /*d*/},
	"capital_repair": {{202201, 80200} /*v*/, {202301, 116500} /*v*/, {202401, 124100} /*p*/, {202501, 132200}, /*p*/
		{202601, 140100} /*p*/},
	"electricity": {{202201, 50800} /*v*/, {202207, 53400} /*v*/, {202212, 58200} /*d*/, {202407, 63300}, /*d*/
		{202507, 71300} /*d*/, {202601, 72500} /*v*/, {202610, 80600} /*d*/},
}

// Months the figures cover.
const (
	firstMonth = calendar.Month(202201)
	lastMonth  = calendar.Month(202712)
)

func pricesOf(m calendar.Month) prices {
	out := prices{}
	for name, list := range tariffs {
		for _, p := range list {
			if p.month <= m {
				out[name] = p.value
			}
		}
	}
	return out
}

// zonePercent relates the price of a zone of the day to the single one: verified on the tables of 2022 and 2025.
var zonePercent = map[string]int64{"T": 100, "D": 115, "N": 75, "P": 130, "S": 100}

const (
	electricStovePercent = 70                     // verified on the figures of 2022
	bandsSince           = calendar.Month(202501) // three bands of consumption, verified
)

// bands of monthly consumption: up to 3 900 kWh, up to 6 000, above; rates relative to the first, 1/10000.
var bands = [...]struct{ limit, rate int64 }{{3900, 10000}, {6000, 13633}, {1 << 40, 15719}}

// heatSeason is the heat of a month, percent of an average month of heating; plausible.
var heatSeason = [13]int64{0, 132, 121, 99, 48, 0, 0, 0, 0, 0, 58, 92, 114}

// powerSeason is the electricity of a month, percent of the average; plausible.
var powerSeason = [13]int64{0, 116, 109, 103, 96, 91, 87, 85, 87, 93, 102, 111, 120}

const (
	heatOfHotWater = 598  // 10⁻⁴ Gcal in a cubic metre of hot water, verified
	normCold       = 4340 // litres a person and month, stands in for the town's own
	normHot        = 2970 // litres a person and month, stands in for the town's own
)
