-- What sort of incident it is, and how much of the blame lies on the agency:
-- value, who said so, why.

-- +goose Up
ALTER TABLE incidents ADD COLUMN kind text NOT NULL DEFAULT '{}';
ALTER TABLE incidents ADD COLUMN type text NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE incidents DROP COLUMN kind;
ALTER TABLE incidents DROP COLUMN type;
