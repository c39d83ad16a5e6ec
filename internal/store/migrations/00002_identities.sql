-- Further names of articles, removals noticed, clips entered by hand.

-- +goose Up
CREATE TABLE identity_rules (
    version text PRIMARY KEY,
    at      bigint NOT NULL
);

CREATE TABLE identities (
    canonical  text PRIMARY KEY,
    article_id text NOT NULL REFERENCES articles (id),
    why        text NOT NULL,
    at         bigint NOT NULL
);
CREATE INDEX identities_article ON identities (article_id);

CREATE TABLE removals (
    article_id text NOT NULL REFERENCES articles (id),
    at         bigint NOT NULL,
    code       text NOT NULL,
    evidence   text NOT NULL,
    back       bigint NOT NULL,
    PRIMARY KEY (article_id, at)
);
CREATE INDEX removals_at ON removals (at);

CREATE TABLE clips (
    article_id text PRIMARY KEY REFERENCES articles (id),
    medium     text NOT NULL,
    page       text NOT NULL,
    issue      text NOT NULL,
    programme  text NOT NULL,
    aired      bigint NOT NULL,
    seconds    bigint NOT NULL,
    reach      bigint NOT NULL,
    reach_at   bigint NOT NULL,
    seen_by    text NOT NULL,
    note       text NOT NULL,
    twin       text NOT NULL,
    twin_why   text NOT NULL,
    files      text NOT NULL,
    added_by   text NOT NULL,
    added      bigint NOT NULL
);
CREATE INDEX clips_added ON clips (added);

CREATE INDEX links_article ON links (article_id) WHERE article_id <> '';

-- +goose Down
DROP INDEX links_article;
DROP TABLE clips;
DROP TABLE removals;
DROP TABLE identities;
DROP TABLE identity_rules;
