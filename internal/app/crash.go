package app

import (
	"os"
	"strconv"
	"strings"
	"syscall"

	"kvit/internal/db"
	"kvit/internal/fault"
)

// CrashVariable names the point a program kills itself at, for tests of what survives it: before:3 or after:3, the third commit.
const CrashVariable = "KVIT_CRASH_AT_COMMIT"

// crashAt makes the database kill this process at a point: before a commit, its answer never came; after it, its answer was lost.
func crashAt(d *db.DB, point string) error {
	if point == "" {
		return nil
	}
	when, text, _ := strings.Cut(point, ":")
	no, err := strconv.Atoi(text)
	if err != nil || when != "before" && when != "after" {
		return fault.Newf(fault.Invalid, "crash.point", "%s: %q не разобрать. Бывает before:3 или after:3.", CrashVariable, point)
	}
	commits := 0
	d.BreakCommits(func(commit func() error) error {
		if commits++; commits != no {
			return commit()
		}
		if when == "after" {
			err = commit()
		}
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // there is no return from it
		select {}
	})
	return nil
}
