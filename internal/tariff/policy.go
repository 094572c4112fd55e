package tariff

import (
	"maps"
	"slices"
	"strconv"
)

// PolicyValues are the policies there are and what each may say; "#" is a whole number.
var PolicyValues = map[string][]string{
	"average_months": {"#"}, "average_min_months": {"#"}, "average_limit": {"#", "none"}, "failed_limit": {"#", "none"},
	"expired_meter": {"average", "readings"}, "true_up": {"full", "average_only", "none"}, "true_up_price": {"of_periods", "current"},
	"tariff_change": {"billing_month", "by_days"}, "volumes": {"exact", "whole", "whole_down"},
	"volume_digits": {"#", "none"}, "volume_rounding": {"nearest", "down"}, "linked_factor": {"none", "same"},
	"owner_change": {"by_days", "by_reading"}, "degrees": {"count", "ignore"}, "negative_common": {"reduce", "ignore"},
	"negative_common_by": {"persons", "area"}, "correction_of": {"holder", "by_days"}, "undelivered": {"all_hours", "excess", "none"}, "normative_zones": {"hours", "none"}, "norm_persons": {"last_day", "half_month", "by_days"}, "cutoff_day": {"#"}, "penalty_rate": {"of_part", "of_balance"}, "penalty": {"charge", "show", "none"},
}

// policyNames lists the policies by name.
func policyNames() []string { return slices.Sorted(maps.Keys(PolicyValues)) }

// fitsPolicy tells whether a policy may have the value.
func fitsPolicy(name, value string) bool {
	for _, allowed := range PolicyValues[name] {
		if allowed == value {
			return true
		}
		if n, err := strconv.Atoi(value); allowed == "#" && err == nil && n >= 0 && n <= 120 {
			return true
		}
	}
	return false
}
