package bot

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/person"
)

// ForgetPerson removes the chats of a person and all there is of them. His contacts are removed by whoever erases him.
func (m *Module) ForgetPerson(ctx context.Context, tx *db.Tx, who int64, contacts []person.Contact) error {
	for _, c := range contacts {
		p := place{c.Kind, c.Value}
		switch {
		case c.Kind == person.Phone || c.Kind == person.Caller:
			p = place{SMS, m.Access.Mark(sealLine, c.Value)}
			if _, err := tx.ExecContext(ctx, "DELETE FROM bot_line WHERE chat = $1", p.chat); err != nil {
				return fmt.Errorf("forget a line: %w", err)
			}
		case Titles[c.Kind] == "":
			continue
		}
		if err := erase(ctx, tx, p); err != nil {
			return fmt.Errorf("forget a chat: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM bot_code WHERE person_id = $1", who); err != nil {
		return fmt.Errorf("forget codes of chats: %w", err)
	}
	return nil
}
