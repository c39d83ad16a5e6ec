-- Searches that people saved: a name and the whole state of the search.

-- +goose Up
CREATE TABLE searches (
    id     text PRIMARY KEY,
    name   text NOT NULL,
    owner  text NOT NULL,
    query  text NOT NULL,
    shared smallint NOT NULL,
    made   bigint NOT NULL
);

-- +goose Down
DROP TABLE searches;
