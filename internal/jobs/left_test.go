package jobs

import (
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// markRunning leaves all jobs as a process of the name node leaves them that
// was killed while it worked on them.
func markRunning(raw any, node string) error {
	switch tx := raw.(type) {
	case *sql.Tx:
		_, err := tx.Exec(`UPDATE river_job SET state = 'running', attempt = 1, attempted_at = created_at, attempted_by = jsonb_array($1)`, node)
		return err
	case pgx.Tx:
		_, err := tx.Exec(ctx, `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = created_at, attempted_by = ARRAY[$1]`, node)
		return err
	}
	return fmt.Errorf("no transaction: %T", raw)
}
