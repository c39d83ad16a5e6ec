-- The ledger of alerts: when an incident first stood at level 2 or above, by
-- which named threat, and what people heard of without this system's help.

-- +goose Up
CREATE TABLE alerts (
    incident_id text PRIMARY KEY REFERENCES incidents (id),
    at          bigint NOT NULL,
    level       bigint NOT NULL,
    threat      text NOT NULL
);
CREATE INDEX alerts_at ON alerts (at, incident_id);
INSERT INTO alerts (incident_id, at, level, threat)
    SELECT incident_id, min(at), min(level), '' FROM incident_events WHERE level >= 2 AND who = '' GROUP BY incident_id;

CREATE TABLE missed_alerts (
    id    bigint PRIMARY KEY,
    at    bigint NOT NULL,
    title text NOT NULL,
    who   text NOT NULL,
    why   text NOT NULL,
    noted bigint NOT NULL
);

-- +goose Down
DROP TABLE missed_alerts;
DROP TABLE alerts;
