package view

import (
	"kvit/internal/web"
)

// GIS is the page of the exchange with ГИС ЖКХ: how the queue goes, what was not taken and what to do about it, files.
type GIS struct {
	web.Page
	Off       bool // no proxy is set: files only
	Queues    []GISQueue
	Refusals  []GISRefusal
	Suppliers []web.Choice // that take part
	Tables    []web.Choice
	Month     string // offered for an export
	ExportTo  string // GET
	ImportTo  string // POST; empty: may only look
	RetryTo   string // POST
	Key       string
	Retried   string // how much is sent again
	Errors    web.Errors
	Read      *GISRead // what a file came to
}

// GISQueue is how many objects of a kind a supplier has in each state.
type GISQueue struct {
	Supplier, Kind               string
	Waiting, Sent, Done, Refused int
	Age                          string // of the oldest not settled; empty: all are
	State                        web.State
}

// GISRefusal is a reason why objects are not there.
type GISRefusal struct {
	Supplier, Kind, Reason, Advice, Example string
	Count                                   int
	State                                   web.State
}

// GISRead is what a filled template came to.
type GISRead struct {
	Title, Text string
	Tone        web.Tone
	Findings    []GISFinding
	More        int // findings that are not shown
}

// GISFinding is a mistake in a file.
type GISFinding struct{ Place, Field, Value, Says string }
