package calc

import (
	"strconv"
	"strings"
)

// Formulas of lines, in the order of FormulaTable.
const (
	FormulaGiven Formula = iota
	FormulaMeter
	FormulaAverage
	FormulaNormative
	FormulaRaised
	FormulaGas
	FormulaLinked
	FormulaPlot
	FormulaHeatOfWater
	FormulaInBuildingWater
	FormulaInBuildingHeat
	FormulaHeatNorm
	FormulaHeatNormEven
	FormulaHeatHouse
	FormulaHeatOwnHeat
	FormulaHeatSomeMetered
	FormulaHeatAllMetered
	FormulaHeatCorrection
	FormulaCommonNorm
	FormulaCommonHouse
	FormulaCommonCap
	FormulaCommonAverage
	FormulaCommonCorrection
	FormulaPerPerson
	FormulaWastePerson
	FormulaPerArea
	FormulaWasteArea
	FormulaPerUnit
	FormulaAbsence
	FormulaQuality
	FormulaAsCold
	FormulaAct
	FormulaRelief
	FormulaInstalment
	FormulaOperator
	FormulaRecalculation
	FormulaUndelivered
	FormulaHeatPrivateEven
	FormulaCommonLinked
	FormulaCommonHeat
	FormulaNormativeMissed
	FormulaHeatInBuilding
	FormulaFine
	FormulaReported
	FormulaPenalty
)

// FormulaInfo is a formula as people read it.
type FormulaInfo struct {
	Code   string // stable, for programs
	Number string // in Приложение 2 to Rules № 354
	Words  string // the formula in words
	Clause string // the law
	Inputs [4]string
}

// Info tells a formula's number, words and clause.
func (f Formula) Info() *FormulaInfo { return &FormulaTable[f] }

// Is tells whether people call the formula so: by its code, or by a number of Приложение 2 it stands for.
func (f *FormulaInfo) Is(name string) bool {
	if name == f.Code {
		return true
	}
	for _, number := range strings.Split(f.Number, ", ") {
		from, to, several := strings.Cut(number, "–")
		a, _ := strconv.Atoi(from)
		z, _ := strconv.Atoi(to)
		n, err := strconv.Atoi(name)
		if number == name || several && err == nil && a <= n && n <= z {
			return true
		}
	}
	return false
}

// FormulaTable describes every formula.
var FormulaTable = [...]FormulaInfo{
	FormulaGiven:            {Code: "given", Words: "сумма поставщика", Clause: "данные поставщика"},
	FormulaMeter:            {Code: "meter", Number: "1", Words: "объём по счётчику × тариф", Clause: "Правила № 354, п. 42, приложение 2, формула 1", Inputs: [4]string{"уменьшено по дому"}},
	FormulaAverage:          {Code: "average", Number: "1", Words: "среднемесячный объём × тариф", Clause: "Правила № 354, п. 59"},
	FormulaNormative:        {Code: "normative", Number: "4", Words: "человек × норматив × тариф", Clause: "Правила № 354, п. 42, приложение 2, формула 4"},
	FormulaRaised:           {Code: "raised", Number: "4(1)", Words: "начислено по нормативу × (повышающий коэффициент − 1)", Clause: "Правила № 354, п. 42, 60, приложение 2, формула 4(1)"},
	FormulaGas:              {Code: "gas_normative", Number: "4", Words: "человек или площадь × норматив газа × тариф", Clause: "ПП РФ № 549; Правила № 354, п. 42"},
	FormulaLinked:           {Code: "linked", Number: "4", Words: "объём связанных услуг × тариф", Clause: "Правила № 354, п. 42"},
	FormulaPlot:             {Code: "plot", Number: "22", Words: "количество × норматив × тариф", Clause: "Правила № 354, п. 49"},
	FormulaHeatOfWater:      {Code: "heat_of_water", Number: "24", Words: "объём горячей воды × норматив подогрева × тариф на тепло", Clause: "Правила № 354, приложение 2, раздел VII"},
	FormulaInBuildingWater:  {Code: "in_building_water", Number: "20", Words: "объём горячей воды × тариф на холодную воду", Clause: "Правила № 354, п. 54, формула 20"},
	FormulaInBuildingHeat:   {Code: "in_building_heat", Number: "20", Words: "объём горячей воды × стоимость ресурсов на нагрев ÷ горячая вода дома", Clause: "Правила № 354, п. 54, формула 20", Inputs: [4]string{"стоимость ресурсов, ₽", "горячая вода дома, м³"}},
	FormulaHeatNorm:         {Code: "heat_norm", Number: "2", Words: "площадь × норматив × тариф", Clause: "Правила № 354, п. 42(1), формула 2"},
	FormulaHeatNormEven:     {Code: "heat_norm_even", Number: "2(1)", Words: "площадь × норматив × месяцы отопления ÷ 12 × тариф", Clause: "Правила № 354, п. 42(1), формула 2(1)"},
	FormulaHeatHouse:        {Code: "heat_house", Number: "3", Words: "тепло дома × площадь квартиры ÷ площадь дома × тариф", Clause: "Правила № 354, п. 42(1), формула 3", Inputs: [4]string{"тепло дома, Гкал", "площадь дома, м²"}},
	FormulaHeatOwnHeat:      {Code: "heat_own", Number: "3, 3(6)", Words: "(тепло квартиры + площадь × общее тепло ÷ площадь дома) × тариф", Clause: "Правила № 354, п. 42(1), формулы 3 и 3(6)", Inputs: heatInputs},
	FormulaHeatSomeMetered:  {Code: "heat_some_metered", Number: "3(1), 3(7)", Words: "(тепло квартиры + площадь × общее тепло ÷ площадь дома) × тариф", Clause: "Правила № 354, п. 42(1), формулы 3(1) и 3(7)", Inputs: heatInputs},
	FormulaHeatAllMetered:   {Code: "heat_all_metered", Number: "3(3)", Words: "(тепло квартиры + площадь × общее тепло ÷ площадь дома) × тариф", Clause: "Правила № 354, п. 42(1), формула 3(3)", Inputs: heatInputs},
	FormulaHeatCorrection:   {Code: "heat_correction", Number: "3(2)", Words: "стоимость тепла за прошлый год − начислено за прошлый год", Clause: "Правила № 354, п. 42(1)", Inputs: [4]string{"стоимость за год, ₽", "начислено за год, ₽"}},
	FormulaCommonNorm:       {Code: "common_norm", Number: "15", Words: "норматив × площадь общего имущества × площадь квартиры ÷ площадь дома × тариф", Clause: "Правила № 354, приложение 2, формула 15; ПП № 491, п. 29(2)", Inputs: [4]string{"площадь общего имущества, м²", "площадь дома, м²"}},
	FormulaCommonHouse:      {Code: "common_house", Number: "11–13", Words: "(по дому − по помещениям) × площадь квартиры ÷ площадь дома × тариф", Clause: "Правила № 354, п. 44, приложение 2, формулы 10–14", Inputs: [4]string{"по общедомовому счётчику", "площадь дома, м²", "на общие нужды"}},
	FormulaCommonCap:        {Code: "common_cap", Number: "15", Words: "не больше норматива: норматив × площадь общего имущества × площадь квартиры ÷ площадь дома × тариф", Clause: "Правила № 354, п. 44", Inputs: [4]string{"площадь общего имущества, м²", "площадь дома, м²"}},
	FormulaCommonAverage:    {Code: "common_average", Number: "10", Words: "среднее за прошлый год × площадь квартиры ÷ площадь дома × тариф", Clause: "ПП № 491, п. 29(2)", Inputs: [4]string{"среднее по дому", "площадь дома, м²"}},
	FormulaCommonCorrection: {Code: "common_correction", Words: "стоимость по общедомовому счётчику за прошлый год − начислено за прошлый год", Clause: "ПП № 491, п. 29(2)", Inputs: [4]string{"стоимость за год, ₽", "начислено за год, ₽"}},
	FormulaPerPerson:        {Code: "per_person", Words: "человек × цена", Clause: "договор"},
	FormulaWastePerson:      {Code: "waste_person", Number: "9(1)", Words: "человек × норматив ÷ 12 × тариф", Clause: "Правила № 354, п. 148(30), формула 9(1)"},
	FormulaPerArea:          {Code: "per_area", Words: "площадь × ставка", Clause: "ЖК РФ, ст. 154, 156, 169"},
	FormulaWasteArea:        {Code: "waste_area", Number: "9(2)", Words: "площадь × норматив ÷ 12 × тариф", Clause: "Правила № 354, п. 148(30), формула 9(2)"},
	FormulaPerUnit:          {Code: "per_unit", Words: "количество × цена", Clause: "договор"},
	FormulaAbsence:          {Code: "absence", Words: "− человек × норматив × тариф × дней отсутствия ÷ дней месяца", Clause: "Правила № 354, п. 86–97, 148(44)"},
	FormulaQuality:          {Code: "quality", Words: "− начислено × процент снижения", Clause: "Правила № 354, п. 98–113, приложение 1", Inputs: [4]string{"часов", "допустимо часов", "засчитано часов", "ступеней"}},
	FormulaAsCold:           {Code: "as_cold", Words: "часы холоднее 40 °C: объём × тариф на холодную воду − начислено за эти часы", Clause: "Правила № 354, приложение 1, п. 5", Inputs: [4]string{"часов"}},
	FormulaAct:              {Code: "act", Words: "объём по акту × тариф", Clause: "Правила № 354, п. 62, 81(11)"},
	FormulaRelief:           {Code: "relief", Words: "− начислено в пределах стандарта × процент льготы", Clause: "ЖК РФ, ст. 160", Inputs: [4]string{"в пределах площади, м²"}},
	FormulaInstalment:       {Code: "instalment", Words: "часть рассрочки и проценты", Clause: "Правила № 354, п. 72–75", Inputs: [4]string{"проценты, ₽"}},
	FormulaOperator:         {Code: "operator", Words: "формула поставщика", Clause: "договор"},
	FormulaUndelivered:      {Code: "undelivered", Words: "− объём по нормативу × часов перерыва ÷ часов месяца × тариф", Clause: "Правила № 354, п. 100", Inputs: [4]string{"часов"}},
	FormulaHeatPrivateEven:  {Code: "heat_private_even", Number: "3(4)", Words: "объём дома за прошлый год ÷ 12 × тариф", Clause: "Правила № 354, п. 42(1), приложение 2, формула 3(4)", Inputs: [4]string{"за прошлый год, Гкал"}},
	FormulaCommonLinked:     {Code: "common_linked", Number: "15", Words: "холодная и горячая вода на общее имущество × тариф", Clause: "ПП № 306, приложение 1; ПП № 491, п. 29(2)"},
	FormulaCommonHeat:       {Code: "common_heat", Number: "24", Words: "горячая вода на общее имущество × норматив подогрева × тариф на тепло", Clause: "Правила № 354, приложение 2, раздел VII; ПП № 491, п. 29(2)"},
	FormulaNormativeMissed:  {Code: "normative_missed", Number: "4", Words: "человек × норматив × тариф", Clause: "Правила № 354, п. 60, 42, приложение 2, формула 4"},
	FormulaHeatInBuilding:   {Code: "heat_in_building", Number: "18", Words: "стоимость ресурсов на отопление × площадь квартиры ÷ площадь дома", Clause: "Правила № 354, п. 54, приложение 2, формула 18", Inputs: [4]string{"стоимость ресурсов, ₽", "площадь дома, м²"}},
	FormulaFine:             {Code: "fine", Words: "− лишнее начисление × 50 %", Clause: "ЖК РФ, ст. 157 ч. 6, ст. 156 ч. 11", Inputs: [4]string{"начислено лишнего, ₽"}},
	FormulaReported:         {Code: "reported", Words: "объём, который прислал поставщик, × тариф", Clause: "Правила № 354, п. 42; данные поставщика"},
	FormulaPenalty:          {Code: "penalty", Words: "пени по дням просрочки на конец месяца − начислено пеней раньше", Clause: "ЖК РФ, ст. 155 ч. 14, 14.1", Inputs: [4]string{"пени на конец месяца, ₽", "начислено раньше, ₽", "начислено за месяц долга, ₽", "не оплачено на конец месяца, ₽"}},
	FormulaRecalculation:    {Code: "recalculation", Words: "начислено по новым данным − начислено раньше", Clause: "Правила № 354, п. 61, 69; ЖК РФ, ст. 157 ч. 6", Inputs: [4]string{"по новым данным, ₽", "начислено раньше, ₽", "объём по новым данным", "объём раньше"}},
}

var heatInputs = [4]string{"тепло дома, Гкал", "площадь дома, м²", "тепло всех помещений, Гкал", "тепло квартиры, Гкал"}
