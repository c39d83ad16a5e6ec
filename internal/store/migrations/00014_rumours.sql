-- The register of claims: what goes round, whether it is true, what settles
-- it, and the articles that repeat it.

-- +goose Up
CREATE TABLE rumours (
    id         bigint PRIMARY KEY,
    claim      text NOT NULL,
    truth      text NOT NULL,
    document   text NOT NULL,
    url        text NOT NULL,
    first_seen bigint NOT NULL,
    settled_by text NOT NULL,
    settled    bigint NOT NULL,
    who        text NOT NULL,
    made       bigint NOT NULL,
    ended      bigint NOT NULL
);

CREATE TABLE rumour_articles (
    article_id text NOT NULL REFERENCES articles (id),
    rumour_id  bigint NOT NULL REFERENCES rumours (id),
    share      double precision NOT NULL,
    place      text NOT NULL,
    quote      text NOT NULL,
    denied     smallint NOT NULL,
    PRIMARY KEY (article_id, rumour_id)
);
CREATE INDEX rumour_articles_rumour ON rumour_articles (rumour_id);

-- +goose Down
DROP TABLE rumour_articles;
DROP TABLE rumours;
