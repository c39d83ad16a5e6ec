-- Letters carry pictures: those their HTML shows, as JSON.

-- +goose Up
ALTER TABLE letters ADD COLUMN pictures text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE letters DROP COLUMN pictures;
