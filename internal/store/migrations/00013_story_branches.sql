-- Which long story a story grew out of, which one it was merged into, and why
-- an article joined its story.

-- +goose Up
ALTER TABLE stories ADD COLUMN parent text NOT NULL DEFAULT '';
ALTER TABLE stories ADD COLUMN merged_into text NOT NULL DEFAULT '';
ALTER TABLE story_articles ADD COLUMN why text NOT NULL DEFAULT '';
CREATE INDEX stories_parent ON stories (parent);

-- +goose Down
DROP INDEX stories_parent;
ALTER TABLE story_articles DROP COLUMN why;
ALTER TABLE stories DROP COLUMN merged_into;
ALTER TABLE stories DROP COLUMN parent;
