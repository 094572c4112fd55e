package calc

// scratch is memory a Bill keeps between households.
type scratch struct{}
