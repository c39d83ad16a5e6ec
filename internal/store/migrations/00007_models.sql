-- Models that people's corrections taught: the newest is in force.

-- +goose Up
CREATE TABLE models (
    id      bigint PRIMARY KEY,
    version text NOT NULL,
    made    bigint NOT NULL,
    who     text NOT NULL,
    body    text NOT NULL
);

-- +goose Down
DROP TABLE models;
