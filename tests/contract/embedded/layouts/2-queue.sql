BEGIN TRANSACTION;
CREATE TABLE _layout (version INTEGER NOT NULL, files TEXT NOT NULL);
INSERT INTO "_layout" VALUES(2,'[]');
CREATE TABLE items (
    n INTEGER PRIMARY KEY, queue TEXT NOT NULL, visible_at INTEGER NOT NULL,
    dequeue_count INTEGER NOT NULL, inserted_at INTEGER NOT NULL, pop_receipt TEXT NOT NULL,
    text TEXT NOT NULL);
INSERT INTO "items" VALUES(1,'message-submitted',1735689600000000,0,1735689600000000,'','{}');
CREATE INDEX items_visible ON items (queue, visible_at);
COMMIT;
