-- What a language model was asked and answered, what that cost each day, and
-- until when a server that failed is left alone.

-- +goose Up
CREATE TABLE judgements (
    kind    text NOT NULL,     -- article, story
    subject text NOT NULL,     -- its id
    model   text NOT NULL,
    prompt  text NOT NULL,     -- version of the question
    digest  text NOT NULL,     -- of what was asked about
    state   text NOT NULL,     -- asking, open, answered, rejected
    tries   bigint NOT NULL,
    at      bigint NOT NULL,   -- of the last change
    basis   text NOT NULL,     -- what the answer rests on, for whoever asked
    answer  text NOT NULL,
    why     text NOT NULL,     -- it was rejected, or not answered
    PRIMARY KEY (kind, subject, model, prompt, digest)
);

CREATE TABLE judge_days (
    day  text NOT NULL,        -- 2026-11-23, in Viet Nam
    what text NOT NULL,        -- requests, tokens, answered, rejected:…, fault:…
    n    bigint NOT NULL,
    PRIMARY KEY (day, what)
);

CREATE TABLE judge_rests (
    server   text PRIMARY KEY, -- address and model
    faults   bigint NOT NULL,  -- one after the other, up to now
    until_at bigint NOT NULL,
    why      text NOT NULL
);

-- +goose Down
DROP TABLE judge_rests;
DROP TABLE judge_days;
DROP TABLE judgements;
