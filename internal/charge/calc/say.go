package calc

// Words of the codes a line stores, for whoever shows a line part by part.

// Words is «по счётчику»; empty for no method.
func (m Method) Words() string { return methodNames[m] }

// Code is the stable name of a method, for programs; empty for no method.
func (m Method) Code() string {
	return [...]string{"", "meter", "average", "normative", "links", "house_meter", "area", "persons", "units", "act", "given", "reported"}[m]
}

// Words is «повышающий коэффициент»; empty for the charge itself.
func (k Kind) Words() string { return kindWords[k] }

// Code is the stable name of a kind, for programs.
func (k Kind) Code() string {
	return [...]string{"charge", "surcharge", "true_up", "absence", "quality", "repriced", "correction", "relief", "relief_apart", "instalment", "act", "undelivered", "fine", "penalty"}[k]
}

// Words is «подогрев»; empty for the whole service.
func (c Component) Words() string { return componentWords[c] }

// Words is «ночь»; empty for the whole day.
func (z Zone) Words() string { return zoneNames[z] }

// Product writes the factors of a line as its formula multiplies them: «4,627 м³ × 43,63 ₽».
func Product(e *Engine, l *Line) string { return product(e, l) }
