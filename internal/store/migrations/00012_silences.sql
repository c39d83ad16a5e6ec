-- Silences: whose letters are held back until when, and what was held.

-- +goose Up
CREATE TABLE silences (
    id       bigint PRIMARY KEY,
    topic    text NOT NULL,
    province text NOT NULL,
    outlet   text NOT NULL,
    story    text NOT NULL,
    words    text NOT NULL,
    since    bigint NOT NULL,
    until    bigint NOT NULL,
    who      text NOT NULL,
    why      text NOT NULL,
    mail     text NOT NULL,
    made     bigint NOT NULL,
    reminded bigint NOT NULL,
    lapsed   bigint NOT NULL,
    ended_by text NOT NULL
);

CREATE TABLE held_back (
    silence_id  bigint NOT NULL REFERENCES silences (id),
    incident_id text NOT NULL REFERENCES incidents (id),
    at          bigint NOT NULL,
    title       text NOT NULL,
    level       bigint NOT NULL,
    PRIMARY KEY (silence_id, incident_id, at)
);
CREATE INDEX held_back_incident ON held_back (incident_id, at);

-- +goose Down
DROP TABLE held_back;
DROP TABLE silences;
