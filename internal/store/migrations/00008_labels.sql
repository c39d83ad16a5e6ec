-- What people say of articles when they are asked, axis by axis: for teaching
-- and for measuring, never laid over a reading.

-- +goose Up
CREATE TABLE labels (
    article_id text NOT NULL,
    axis       text NOT NULL,
    who        text NOT NULL,
    value      text NOT NULL,
    blind      smallint NOT NULL,
    at         bigint NOT NULL,
    PRIMARY KEY (article_id, axis, who)
);

-- +goose Down
DROP TABLE labels;
