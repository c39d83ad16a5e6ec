-- How an outlet is doing is asked on every visit of the page of outlets: its
-- newest article and what came in lately, without reading the whole archive.

-- +goose Up
CREATE INDEX articles_arrived ON articles (outlet, first_seen);
CREATE INDEX articles_seen ON articles (first_seen);

-- +goose Down
DROP INDEX articles_seen;
DROP INDEX articles_arrived;
