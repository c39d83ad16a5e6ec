-- What is known of how outlets publish and of what was missed: the ledger by
-- hour, the state of each outlet with its next visit, the gaps.

-- +goose Up
ALTER TABLE sources ADD COLUMN code text NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN fresh double precision NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN lively double precision NOT NULL DEFAULT 0;

CREATE TABLE hours (
    outlet   text NOT NULL,
    hour     bigint NOT NULL,
    asked    bigint NOT NULL,
    answered bigint NOT NULL,
    seen     bigint NOT NULL,
    expected double precision NOT NULL,
    judged   smallint NOT NULL,
    pages    bigint NOT NULL,
    articles bigint NOT NULL,
    gated    bigint NOT NULL,
    leads    bigint NOT NULL,
    bodies   bigint NOT NULL,
    dates    bigint NOT NULL,
    bylines  bigint NOT NULL,
    PRIMARY KEY (outlet, hour)
);

CREATE TABLE outlet_states (
    outlet   text PRIMARY KEY,
    state    text NOT NULL,
    since    bigint NOT NULL,
    evidence text NOT NULL,
    odds     double precision NOT NULL,
    next_at  bigint NOT NULL,
    judged   bigint NOT NULL
);
CREATE INDEX outlet_states_due ON outlet_states (next_at);

CREATE TABLE gaps (
    id       text PRIMARY KEY,
    outlet   text NOT NULL,
    from_at  bigint NOT NULL,
    to_at    bigint NOT NULL,
    state    text NOT NULL,
    evidence text NOT NULL,
    made_up  smallint NOT NULL,
    told     bigint NOT NULL,
    settled  bigint NOT NULL
);
CREATE INDEX gaps_outlet ON gaps (outlet, settled, from_at);
CREATE INDEX gaps_from ON gaps (from_at);

-- +goose Down
DROP TABLE gaps;
DROP TABLE outlet_states;
DROP TABLE hours;
ALTER TABLE sources DROP COLUMN lively;
ALTER TABLE sources DROP COLUMN fresh;
ALTER TABLE sources DROP COLUMN code;
