-- The archive. Dialect-neutral: the same text runs on SQLite and PostgreSQL.
-- Times are bigint milliseconds since 1970 UTC, 0 where unknown; flags are
-- smallint 0 or 1; lists and maps are JSON in text.

-- +goose Up
CREATE TABLE counters (
    name text PRIMARY KEY,
    n    bigint NOT NULL
);
INSERT INTO counters (name, n) VALUES ('seq', 0), ('row', 0);

CREATE TABLE marks (
    name text PRIMARY KEY,
    seq  bigint NOT NULL
);

CREATE TABLE ticks (
    name text PRIMARY KEY,
    at   bigint NOT NULL
);

CREATE TABLE runs (
    id      bigint PRIMARY KEY,
    job     text NOT NULL,
    item    text NOT NULL,
    started bigint NOT NULL,
    ended   bigint NOT NULL,
    why     text NOT NULL
);
CREATE INDEX runs_job ON runs (job, item, started);

CREATE TABLE links (
    canonical  text PRIMARY KEY,
    url        text NOT NULL,
    outlet     text NOT NULL,
    source     text NOT NULL,
    title      text NOT NULL,
    lead       text NOT NULL,
    published  bigint NOT NULL,
    date_from  text NOT NULL,
    first_seen bigint NOT NULL,
    verdict    text NOT NULL,
    why        text NOT NULL,
    article_id text NOT NULL,
    attempts   bigint NOT NULL,
    next_at    bigint NOT NULL
);
CREATE INDEX links_due ON links (outlet, next_at) WHERE next_at > 0;
CREATE INDEX links_seen ON links (outlet, first_seen);

CREATE TABLE sources (
    outlet        text NOT NULL,
    url           text NOT NULL,
    etag          text NOT NULL,
    last_modified text NOT NULL,
    state         text NOT NULL,
    since         bigint NOT NULL,
    evidence      text NOT NULL,
    failures      bigint NOT NULL,
    last_ok       bigint NOT NULL,
    last_try      bigint NOT NULL,
    last_new      bigint NOT NULL,
    next_at       bigint NOT NULL,
    pause         bigint NOT NULL,
    PRIMARY KEY (outlet, url)
);

CREATE TABLE articles (
    id         text PRIMARY KEY,
    seq        bigint NOT NULL,
    at         bigint NOT NULL,
    url        text NOT NULL,
    canonical  text NOT NULL,
    outlet     text NOT NULL,
    title      text NOT NULL,
    lead       text NOT NULL,
    body_hash  text NOT NULL,
    author     text NOT NULL,
    section    text NOT NULL,
    tags       text NOT NULL,
    form       text NOT NULL,
    lang       text NOT NULL,
    published  bigint NOT NULL,
    modified   bigint NOT NULL,
    first_seen bigint NOT NULL,
    via        text NOT NULL,
    version    bigint NOT NULL,
    changed    bigint NOT NULL,
    sources    text NOT NULL,
    doubts     text NOT NULL
);
CREATE UNIQUE INDEX articles_seq ON articles (seq);
CREATE INDEX articles_at ON articles (at, id);

CREATE TABLE bodies (
    article_id text PRIMARY KEY REFERENCES articles (id),
    body       text NOT NULL
);

CREATE TABLE versions (
    article_id text NOT NULL REFERENCES articles (id),
    version    bigint NOT NULL,
    title      text NOT NULL,
    lead       text NOT NULL,
    body       text NOT NULL,
    since      bigint NOT NULL,
    PRIMARY KEY (article_id, version)
);

CREATE TABLE readings (
    article_id text PRIMARY KEY REFERENCES articles (id),
    seq        bigint NOT NULL,
    version    bigint NOT NULL,
    at         bigint NOT NULL,
    outlet     text NOT NULL,
    rules      text NOT NULL,
    kept       smallint NOT NULL,
    relevant   smallint NOT NULL,
    uncertain  smallint NOT NULL,
    scope      text NOT NULL,
    tone       text NOT NULL,
    role       text NOT NULL,
    target     text NOT NULL,
    digest     smallint NOT NULL,
    risk       bigint NOT NULL,
    level      text NOT NULL,
    reach      text NOT NULL,
    lists      text NOT NULL,
    verdicts   text NOT NULL
);
CREATE UNIQUE INDEX readings_seq ON readings (seq);
CREATE INDEX readings_kept ON readings (kept, at, article_id);

CREATE TABLE tags (
    article_id text NOT NULL REFERENCES readings (article_id),
    axis       text NOT NULL,
    value      text NOT NULL,
    at         bigint NOT NULL,
    PRIMARY KEY (article_id, axis, value)
);
CREATE INDEX tags_axis ON tags (axis, value, at);

CREATE TABLE corrections (
    id         bigint PRIMARY KEY,
    article_id text NOT NULL REFERENCES articles (id),
    axis       text NOT NULL,
    value      text NOT NULL,
    who        text NOT NULL,
    why        text NOT NULL,
    at         bigint NOT NULL,
    undone     bigint NOT NULL
);
CREATE INDEX corrections_article ON corrections (article_id);

CREATE TABLE stories (
    id        text PRIMARY KEY,
    title     text NOT NULL,
    first_at  bigint NOT NULL,
    last_at   bigint NOT NULL,
    articles  bigint NOT NULL,
    originals bigint NOT NULL,
    outlets   bigint NOT NULL,
    locked    smallint NOT NULL
);
CREATE INDEX stories_last ON stories (last_at, id);

CREATE TABLE story_articles (
    article_id text PRIMARY KEY REFERENCES articles (id),
    story_id   text NOT NULL REFERENCES stories (id),
    copy_of    text NOT NULL,
    at         bigint NOT NULL,
    held       smallint NOT NULL
);
CREATE INDEX story_articles_story ON story_articles (story_id, at);

CREATE TABLE story_events (
    id       bigint PRIMARY KEY,
    story_id text NOT NULL,
    did      text NOT NULL,
    who      text NOT NULL,
    why      text NOT NULL,
    at       bigint NOT NULL
);
CREATE INDEX story_events_story ON story_events (story_id, id);

CREATE TABLE incidents (
    id       text PRIMARY KEY,
    story_id text NOT NULL,
    title    text NOT NULL,
    level    bigint NOT NULL,
    state    text NOT NULL,
    score    double precision NOT NULL,
    rules    text NOT NULL,
    opened   bigint NOT NULL,
    updated  bigint NOT NULL,
    owner    text NOT NULL,
    reasons  text NOT NULL,
    urls     text NOT NULL
);
CREATE INDEX incidents_state ON incidents (state, updated);

CREATE TABLE incident_events (
    id          bigint PRIMARY KEY,
    incident_id text NOT NULL REFERENCES incidents (id),
    at          bigint NOT NULL,
    did         text NOT NULL,
    level       bigint NOT NULL,
    state       text NOT NULL,
    score       double precision NOT NULL,
    who         text NOT NULL,
    why         text NOT NULL
);
CREATE INDEX incident_events_incident ON incident_events (incident_id, id);

CREATE TABLE letters (
    id         text PRIMARY KEY,
    message_id text NOT NULL,
    thread     text NOT NULL,
    recipient  text NOT NULL,
    subject    text NOT NULL,
    plain      text NOT NULL,
    html       text NOT NULL,
    headers    text NOT NULL,
    made       bigint NOT NULL,
    state      text NOT NULL,
    sendings   bigint NOT NULL,
    next_at    bigint NOT NULL,
    changed    bigint NOT NULL,
    why        text NOT NULL,
    raw        text NOT NULL
);
CREATE INDEX letters_state ON letters (state, next_at);
CREATE INDEX letters_made ON letters (made, id);

-- +goose Down
DROP TABLE letters;
DROP TABLE incident_events;
DROP TABLE incidents;
DROP TABLE story_events;
DROP TABLE story_articles;
DROP TABLE stories;
DROP TABLE corrections;
DROP TABLE tags;
DROP TABLE readings;
DROP TABLE versions;
DROP TABLE bodies;
DROP TABLE articles;
DROP TABLE sources;
DROP TABLE links;
DROP TABLE runs;
DROP TABLE ticks;
DROP TABLE marks;
DROP TABLE counters;
