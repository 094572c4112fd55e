package main

import "kvit/internal/access"

// operator is whoever starts a command without a name.
var operator = person("cli")

// everybody is the reach of whoever holds the command line.
var everybody = access.Scope{All: true}

// person is somebody at the command line: whoever may start it holds the data itself, but two persons stay two.
func person(name string) access.Actor { return access.Actor{Role: access.System, Name: name} }
