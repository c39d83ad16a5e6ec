-- Where the archived answers lie, what may not be deleted, and what was.

-- +goose Up
CREATE TABLE evidence (
    article_id text NOT NULL REFERENCES articles (id),
    version    bigint NOT NULL,
    kind       text NOT NULL,
    record     text NOT NULL,
    refers     text NOT NULL,
    url        text NOT NULL,
    at         bigint NOT NULL,
    file       text NOT NULL,
    start      bigint NOT NULL,
    size       bigint NOT NULL,
    sha256     text NOT NULL,
    payload    text NOT NULL,
    PRIMARY KEY (article_id, version, kind)
);
CREATE INDEX evidence_file ON evidence (file, start);
CREATE INDEX evidence_at ON evidence (at);

CREATE TABLE holds (
    incident_id text PRIMARY KEY REFERENCES incidents (id),
    who         text NOT NULL,
    why         text NOT NULL,
    at          bigint NOT NULL
);

CREATE TABLE held_articles (
    incident_id text NOT NULL REFERENCES holds (incident_id),
    article_id  text NOT NULL REFERENCES articles (id),
    PRIMARY KEY (incident_id, article_id)
);
CREATE INDEX held_articles_article ON held_articles (article_id);

CREATE TABLE deletions (
    id     bigint PRIMARY KEY,
    at     bigint NOT NULL,
    kind   text NOT NULL,
    what   text NOT NULL,
    why    text NOT NULL,
    pieces bigint NOT NULL,
    bytes  bigint NOT NULL,
    sha256 text NOT NULL
);
CREATE INDEX deletions_kind ON deletions (kind, id);

-- +goose Down
DROP TABLE deletions;
DROP TABLE held_articles;
DROP TABLE holds;
DROP TABLE evidence;
