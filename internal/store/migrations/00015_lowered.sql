-- A person may lower the level of an incident; how many addresses told of it then.

-- +goose Up
ALTER TABLE incidents ADD COLUMN lowered bigint NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE incidents DROP COLUMN lowered;
