-- Identity numbers are kept sealed (AES-256-GCM), with a blind index (HMAC-SHA256) to find a person by. The plain columns
-- stay for what earlier versions stored, until SealRecords has emptied them.
ALTER TABLE person ADD COLUMN id_number_sealed BYTEA;
ALTER TABLE person ADD COLUMN id_number_index BYTEA;
DROP INDEX person_by_id_number;
CREATE INDEX person_by_id_number_index ON person (id_number_index) WHERE id_number_index IS NOT NULL;
CREATE INDEX person_by_plain_id_number ON person (id_number) WHERE id_number IS NOT NULL;
ALTER TABLE evidence ADD COLUMN sealed BYTEA; -- what `rows` held; `rows` is empty then
