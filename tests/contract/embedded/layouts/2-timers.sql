BEGIN TRANSACTION;
CREATE TABLE _layout (version INTEGER NOT NULL, files TEXT NOT NULL);
INSERT INTO "_layout" VALUES(2,'[]');
CREATE TABLE timers (
    name TEXT PRIMARY KEY, schedule TEXT NOT NULL, run_id TEXT NOT NULL,
    last TEXT NOT NULL, busy_until REAL NOT NULL);
INSERT INTO "timers" VALUES('tick','0 */5 * * * *','run','2026-11-01T00:00:00+00:00',0.0);
COMMIT;
